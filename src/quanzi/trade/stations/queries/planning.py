"""Stations and rounds as the staff sees them: how full, how much is paid, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.goods.catalogue.rules import is_warm
from quanzi.kernel.money import Money
from quanzi.trade.stations.errors import NoSuchRound

STATIONS = """
SELECT s.id, s.code, pt.name, s.area, pt.address, pt.hours, pt.hours_en, m.id, m.name, s.capacity, s.brings_to_door, pt.is_open,
       (SELECT count(*) FROM stations_stop p JOIN stations_round r ON r.id = p.round_id
         WHERE p.station_id = s.id AND r.state <> 'cancelled' AND r.pickup_until > %(now)s),
       (SELECT coalesce(sum(p.taken), 0) FROM stations_stop p JOIN stations_round r ON r.id = p.round_id
         WHERE p.station_id = s.id AND r.state <> 'cancelled' AND r.pickup_until > %(now)s)
  FROM stations_station s JOIN sales_pickuppoint pt ON pt.id = s.point_id JOIN accounts_member m ON m.id = pt.leader_id
 WHERE %(id)s::bigint IS NULL OR s.id = %(id)s ORDER BY pt.is_open DESC, s.id DESC LIMIT %(limit)s
"""

ROUNDS = """
SELECT r.id, r.title, r.state, r.opens_at, r.cut_off_at, r.pickup_from, r.pickup_until,
       (SELECT count(*) FROM stations_stop p WHERE p.round_id = r.id),
       count(e.id) FILTER (WHERE e.ended_at IS NULL), count(e.id) FILTER (WHERE o.paid_at IS NOT NULL),
       count(e.id) FILTER (WHERE e.ended_at IS NOT NULL AND o.paid_at IS NOT NULL),
       coalesce(sum(o.amount_minor - o.refunded_minor) FILTER (WHERE o.paid_at IS NOT NULL), 0),
       coalesce(min(o.currency), 'CNY'),
       count(e.id) FILTER (WHERE e.ended_at IS NULL AND e.missed_at IS NOT NULL AND o.state = 'paid')
  FROM stations_round r LEFT JOIN stations_stop p ON p.round_id = r.id LEFT JOIN stations_entry e ON e.stop_id = p.id
  LEFT JOIN sales_order o ON o.id = e.order_id
 WHERE (%(before)s::bigint IS NULL OR r.id < %(before)s) AND (%(id)s::bigint IS NULL OR r.id = %(id)s)
 GROUP BY r.id ORDER BY r.id DESC LIMIT %(limit)s
"""

STOPS = """
SELECT p.id, p.station_id, pt.name, m.name, p.capacity, p.taken,
       (SELECT array_agg(ARRAY[t.storage, a.temperature_tenths::text]) FROM stations_arrival a JOIN catalogue_lot t ON t.id = a.lot_id
         WHERE a.stop_id = p.id),
       count(e.id) FILTER (WHERE f.state = 'handed_over'),
       count(e.id) FILTER (WHERE e.ended_at IS NULL AND f.state IN ('waiting', 'ready')),
       count(e.id) FILTER (WHERE e.ended_at IS NULL AND e.settled_at IS NOT NULL AND coalesce(f.state, 'waiting') = 'waiting'),
       count(e.id) FILTER (WHERE e.ended_at IS NOT NULL AND o.paid_at IS NOT NULL)
  FROM stations_stop p JOIN stations_station s ON s.id = p.station_id JOIN sales_pickuppoint pt ON pt.id = s.point_id
  JOIN accounts_member m ON m.id = pt.leader_id
  LEFT JOIN stations_entry e ON e.stop_id = p.id LEFT JOIN sales_order o ON o.id = e.order_id
  LEFT JOIN fulfilment_fulfilment f ON f.order_id = e.order_id
 WHERE p.round_id = %s GROUP BY p.id, pt.id, m.id ORDER BY p.id
"""


@dataclass(frozen=True)
class StationRow:
    """rounds: that are not over; orders: that live in them."""

    id: int
    code: str
    name: str
    area: str
    address: str
    hours: str
    hours_en: str
    leader_id: int
    leader_name: str
    capacity: int
    brings_to_door: bool
    is_open: bool
    rounds: int
    orders: int


@dataclass(frozen=True)
class RoundRow:
    """orders: that live; paid: that ever were; back: of these, whose money all went back; money: what is paid and not given back;
    missed: not picked up in time, still here."""

    id: int
    title: str
    state: str
    opens_at: datetime
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    stations: int
    orders: int
    paid: int
    back: int
    money: Money
    missed: int


@dataclass(frozen=True)
class StopRow:
    """taken: places that live orders hold. lots: that were counted there; warm: of these, outside the range of their storage.
    handed, waiting: orders; unserved: of these, whose goods are not all here; back: whose money all went back."""

    stop_id: int
    station_id: int
    name: str
    leader_name: str
    capacity: int
    taken: int
    lots: int
    warm: int
    handed: int
    waiting: int
    unserved: int
    back: int


def station_rows(*, now: datetime, station_id: int | None = None, limit: int = 200) -> list[StationRow]:
    """Open stations first, then those that are paused, newest first."""
    return [
        StationRow(*(*row[:-1], int(row[-1])))
        for row in planned.rows(STATIONS, {"now": now, "id": station_id, "limit": limit})
    ]


def round_rows(*, before_id: int | None = None, limit: int = 50) -> list[RoundRow]:
    """Newest first."""
    return _rounds({"before": before_id, "id": None, "limit": limit})


def round_row(round_id: int) -> RoundRow:
    """Raises NoSuchRound."""
    found = _rounds({"before": None, "id": round_id, "limit": 1})
    if not found:
        raise NoSuchRound()
    return found[0]


def stop_rows(round_id: int) -> list[StopRow]:
    """The stations of a round, and how far each is."""
    return [_stop(*row[:6], counted=row[6] or (), standing=row[7:]) for row in planned.rows(STOPS, [round_id])]


def _stop(*where: Any, counted: Sequence[tuple[str, str | None]], standing: Sequence[int]) -> StopRow:
    warm = sum(is_warm(storage, int(tenths) if tenths else None) for storage, tenths in counted)
    return StopRow(*(*where, len(counted), warm, *standing))


def _rounds(params: dict[str, int | None]) -> list[RoundRow]:
    found = planned.rows(ROUNDS, params)
    return [RoundRow(*(*row[:11], Money(int(row[11]), row[12]), row[13])) for row in found]
