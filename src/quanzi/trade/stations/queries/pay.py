"""What leaders earned, and how well their stations do: facts, and the level that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from quanzi.base import planned
from quanzi.kernel.money import Money
from quanzi.trade.stations.queries.recalled import BY_THE_SHOP
from quanzi.trade.stations.rules import Record, level_of

SINCE = timedelta(days=90)

DUE = """
SELECT a.id, (a.amount_minor - a.reversed_minor
       - coalesce((SELECT sum(l.amount_minor) FROM stations_settlementline l WHERE l.earning_id = a.id), 0))::bigint AS minor
  FROM stations_earning a WHERE a.payable_at IS NOT NULL
"""

OF_LEADER = f"SELECT id, minor FROM ({DUE} AND a.leader_id = %s) due WHERE minor <> 0 ORDER BY id"

PEOPLE = f"""
SELECT m.id, m.name, sum(due.minor)::bigint, count(*) FROM ({DUE}) due JOIN stations_earning a ON a.id = due.id
  JOIN accounts_member m ON m.id = a.leader_id WHERE due.minor <> 0 GROUP BY m.id ORDER BY 3 DESC, 1 LIMIT %s
"""

WAITING = "SELECT coalesce(sum(amount_minor - reversed_minor), 0) FROM stations_earning WHERE leader_id = %s AND payable_at IS NULL"

STATEMENT = """
SELECT a.id, l.title, o.number, l.paid_minor - l.refunded_minor, a.rate_bp, a.amount_minor - a.reversed_minor, a.made_at, a.payable_at,
       EXISTS (SELECT 1 FROM stations_settlementline x WHERE x.earning_id = a.id)
  FROM stations_earning a JOIN sales_orderline l ON l.id = a.line_id JOIN sales_order o ON o.id = l.order_id
 WHERE a.leader_id = %s AND (%s::bigint IS NULL OR a.id < %s) ORDER BY a.id DESC LIMIT %s
"""

SETTLEMENTS = """
SELECT s.id, s.amount_minor, s.currency, s.reference, s.made_at, m.name FROM stations_settlement s
  JOIN accounts_member m ON m.id = s.leader_id WHERE (%s::bigint IS NULL OR s.leader_id = %s) ORDER BY s.id DESC LIMIT %s
"""

RECORD = f"""
WITH given AS (
    SELECT l.id, l.order_id, l.kept_at, l.returned_at FROM stations_stop p JOIN stations_entry e ON e.stop_id = p.id
      JOIN sales_orderline l ON l.order_id = e.order_id AND l.handed_over_at >= %(since)s
      JOIN stations_station s ON s.id = p.station_id JOIN sales_pickuppoint pt ON pt.id = s.point_id AND pt.leader_id = %(leader)s)
SELECT (SELECT count(DISTINCT order_id) FROM given), (SELECT count(*) FROM given),
       (SELECT count(*) FROM given WHERE returned_at IS NOT NULL AND NOT {BY_THE_SHOP.format(line="given.id")}),
       (SELECT count(DISTINCT c.line_id) FROM aftersales_claim c JOIN given g ON g.id = c.line_id WHERE c.state = 'accepted'),
       count(a.id), count(a.id) FILTER (WHERE a.first_at <= a.pickup_from),
       (SELECT count(*) FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id JOIN stations_station s ON s.id = p.station_id
          JOIN sales_pickuppoint pt ON pt.id = s.point_id AND pt.leader_id = %(leader)s WHERE e.missed_at >= %(since)s)
  FROM (SELECT p.id, r.pickup_from, min(x.counted_at) AS first_at FROM stations_stop p JOIN stations_round r ON r.id = p.round_id
          JOIN stations_station s ON s.id = p.station_id JOIN sales_pickuppoint pt ON pt.id = s.point_id AND pt.leader_id = %(leader)s
          JOIN stations_arrival x ON x.stop_id = p.id WHERE r.pickup_from >= %(since)s GROUP BY p.id, r.id) a
"""


@dataclass(frozen=True)
class EarningRow:
    """money: what is left of it; paid: what the buyer paid and was not given back."""

    id: int
    title: str
    order_number: str
    paid: Money
    rate_bp: int
    money: Money
    made_at: datetime
    payable_at: datetime | None
    is_settled: bool


@dataclass(frozen=True)
class SettlementRow:
    id: int
    money: Money
    reference: str
    made_at: datetime
    leader_name: str


@dataclass(frozen=True)
class LeaderDue:
    leader_id: int
    name: str
    money: Money
    lines: int


@dataclass(frozen=True)
class Pay:
    """payable: owed and not settled, below zero when more went back; waiting: until goods are kept."""

    payable: Money
    waiting: Money
    record: Record
    level: str


def due_to_leader(leader_id: int) -> list[tuple[int, int]]:
    """(earning, minor) that the next settlement would hold."""
    return [(earning_id, minor) for earning_id, minor in planned.rows(OF_LEADER, [leader_id])]


def leaders_due(*, limit: int = 200) -> list[LeaderDue]:
    """Everybody with something due, the most first."""
    return [LeaderDue(who, name, Money(int(minor), "CNY"), n) for who, name, minor, n in planned.rows(PEOPLE, [limit])]


def pay_of(*, leader_id: int, now: datetime) -> Pay:
    """A leader's money and level now."""
    payable = sum(minor for _, minor in due_to_leader(leader_id))
    ((waiting,),) = (planned.rows(WAITING, [leader_id]),)
    record = Record(*planned.rows(RECORD, {"leader": leader_id, "since": now - SINCE})[0])
    return Pay(Money(payable, "CNY"), Money(int(waiting[0]), "CNY"), record, level_of(record))


def earnings_of(*, leader_id: int, before_id: int | None = None, limit: int = 50) -> list[EarningRow]:
    """A leader's statement, newest first."""
    return [
        EarningRow(row[0], row[1], row[2], Money(row[3], "CNY"), row[4], Money(row[5], "CNY"), *row[6:])
        for row in planned.rows(STATEMENT, [leader_id, before_id, before_id, limit])
    ]


def settlements(*, leader_id: int | None = None, limit: int = 50) -> list[SettlementRow]:
    """Transfers to one leader, or to all of them, newest first."""
    return [
        SettlementRow(key, Money(minor, currency), reference, made_at, name)
        for key, minor, currency, reference, made_at, name in planned.rows(SETTLEMENTS, [leader_id, leader_id, limit])
    ]
