"""A leader's part: written down when goods are handed over, owed when they are kept, taken back with a refund, settled by a transfer."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from quanzi.base import planned
from quanzi.base.audit import services as audit
from quanzi.base.ledger.chart import CASH_BANK
from quanzi.base.ledger.services import Leg, post
from quanzi.kernel import crash
from quanzi.kernel.errors import InvalidInput, NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.approvals import rules as limits
from quanzi.people.approvals.services import check_limit
from quanzi.trade.sales.rules import clean
from quanzi.trade.stations import errors, queries, rules
from quanzi.trade.stations.models import Earning, Settlement, SettlementLine

COST = "cost.leaders"
PAYABLE = "payable.leaders"

# Nobody earns by what they ordered themselves.
HANDED = """
INSERT INTO stations_earning (line_id, station_id, leader_id, rate_bp, amount_minor, reversed_minor, made_at)
SELECT l.id, p.station_id, pt.leader_id, g.leader_bp, l.paid_minor * g.leader_bp / 10000, 0, %(now)s
  FROM sales_orderline l JOIN stations_entry e ON e.order_id = l.order_id JOIN stations_stop p ON p.id = e.stop_id
  JOIN stations_station s ON s.id = p.station_id JOIN sales_pickuppoint pt ON pt.id = s.point_id
  JOIN stations_roundgood g ON g.round_id = p.round_id AND g.sku_id = l.sku_id AND g.leader_bp > 0
 WHERE l.handed_over_at IS NOT NULL AND pt.leader_id <> l.member_id AND (%(order)s::bigint IS NULL OR l.order_id = %(order)s)
ON CONFLICT (line_id) DO NOTHING RETURNING id
"""

OWED = """
SELECT a.id FROM stations_earning a JOIN sales_orderline l ON l.id = a.line_id
 WHERE a.payable_at IS NULL AND a.reversed_minor < a.amount_minor AND l.kept_at IS NOT NULL AND l.disputed_at IS NULL
   AND coalesce(l.claim_closes_at, l.kept_at) <= %(now)s AND coalesce(l.return_closes_at, l.kept_at) <= %(now)s
   AND NOT EXISTS (SELECT 1 FROM aftersales_claim c WHERE c.line_id = l.id AND c.state = 'open') ORDER BY a.id
"""

BACK = """
SELECT a.id FROM stations_earning a JOIN sales_orderline l ON l.id = a.line_id
 WHERE l.refunded_minor > 0 AND a.reversed_minor < a.amount_minor
   AND a.reversed_minor < CASE WHEN l.refunded_minor = l.paid_minor THEN a.amount_minor ELSE a.amount_minor * l.refunded_minor / l.paid_minor END
   AND (%(order)s::bigint IS NULL OR l.order_id = %(order)s) ORDER BY a.id
"""


def carry_on(now: datetime) -> int:
    """Write down, make payable and take back whatever the facts say and the books do not yet; returns how many. Safe to repeat."""
    done = len(planned.rows(HANDED, {"now": now, "order": None}))
    owed = [(_make_payable, one) for (one,) in planned.rows(OWED, {"now": now})]
    back = [(_take_back, one) for (one,) in planned.rows(BACK, {"order": None})]
    for act, earning_id in [*owed, *back]:
        act(earning_id, now)
    return done + len(owed) + len(back)


def earn(*, order_id: int, now: datetime) -> None:
    """The goods of an order were handed over: the leader's part of each line is written down. Safe to repeat."""
    planned.rows(HANDED, {"now": now, "order": order_id})


@transaction.atomic
def _make_payable(earning_id: int, now: datetime) -> None:
    one = Earning.objects.select_for_update().get(pk=earning_id)
    if one.payable_at is not None:
        return
    one.payable_at = now
    one.save(update_fields=["payable_at"])
    crash.point("stations.earning.payable")
    _book(one, one.amount_minor - one.reversed_minor, key=f"leader:{one.pk}", now=now)


def take_back(*, order_id: int, now: datetime) -> None:
    """What a refund takes from the leader's part, as soon as it happened. Safe to repeat."""
    for (earning_id,) in planned.rows(BACK, {"order": order_id}):
        _take_back(earning_id, now)


@transaction.atomic
def _take_back(earning_id: int, now: datetime) -> None:
    one = Earning.objects.select_for_update(of=("self",)).select_related("line").get(pk=earning_id)
    more = (
        rules.earned_back_minor(
            amount_minor=one.amount_minor, paid_minor=one.line.paid_minor, refunded_minor=one.line.refunded_minor
        )
        - one.reversed_minor
    )
    if more <= 0:
        return
    one.reversed_minor += more
    one.save(update_fields=["reversed_minor"])
    crash.point("stations.earning.taken_back")
    if one.payable_at is not None:
        _book(one, -more, key=f"leader:{one.pk}:back:{one.reversed_minor}", now=now)


def _book(one: Earning, minor: int, *, key: str, now: datetime) -> None:
    if minor:
        post(
            key=key, kind="leader", ref=f"order_line:{one.line_id}", memo="", actor="system", now=now,
            entries=[Leg(COST, minor), Leg(PAYABLE, -minor)],
        )  # fmt: skip


@transaction.atomic
def settle_leader(
    *, leader_id: int, reference: str, staff: Member, key: str, approved_by: Member | None = None, now: datetime
) -> Settlement:
    """Write down a transfer of everything that is payable to a leader. The same key finds the first one.

    Raises NotAllowed (also for one's own), InvalidInput, NothingDue, SecondPersonNeeded above the limit for a payout.
    """
    if not can(staff, "payouts.make") or staff.pk == leader_id:
        raise NotAllowed()
    said = clean(reference)
    if not 1 <= len(said) <= 64:
        raise InvalidInput(field="reference")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leader settlements'), hashtext(%s))", [str(leader_id)])
    known = Settlement.objects.filter(key=f"{staff.pk}:{key}"[:120], leader_id=leader_id).first()
    if known is not None:
        return known
    carry_on(now)
    due = queries.due_to_leader(leader_id)
    amount = sum(minor for _, minor in due)
    if amount <= 0:
        raise errors.NothingDue()
    if approved_by is None:
        check_limit(name=limits.PAYOUT, before_minor=0, amount_minor=amount)
    made: Settlement = Settlement.objects.create(
        leader_id=leader_id, amount_minor=amount, reference=said, key=f"{staff.pk}:{key}"[:120], made_by=staff,
        approved_by=approved_by, made_at=now,
    )  # fmt: skip
    SettlementLine.objects.bulk_create(
        SettlementLine(settlement=made, earning_id=earning_id, amount_minor=minor) for earning_id, minor in due
    )
    crash.point("stations.settlement.written")
    post(
        key=f"leader_settlement:{made.pk}", kind="leader", ref=f"leader_settlement:{made.pk}", memo=said,
        actor=f"staff:{staff.pk}", now=now, entries=[Leg(PAYABLE, amount), Leg(CASH_BANK, -amount)],
    )  # fmt: skip
    after = {"leader": leader_id, "amount_minor": amount, "lines": len(due)}
    audit.write(actor=staff, action="stations.settle", target=f"leader_settlement:{made.pk}", after=after, now=now)
    return made
