"""A leader's day in one look: what has to be done at a station now, and how its round stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.kernel.money import Money
from quanzi.trade.stations.models import LeaderAct
from quanzi.trade.stations.queries.recalled import BY_THE_SHOP
from quanzi.trade.stations.rules import second_until

STOPS = """
SELECT p.id, r.id, r.title, r.state, r.opens_at, r.cut_off_at, r.pickup_from, r.pickup_until,
       count(e.id), coalesce(sum(u.units), 0), coalesce(sum(o.amount_minor - o.refunded_minor), 0), coalesce(min(o.currency), 'CNY'),
       count(e.id) FILTER (WHERE f.state = 'ready'),
       count(e.id) FILTER (WHERE e.settled_at IS NOT NULL AND coalesce(f.state, 'waiting') = 'waiting'),
       count(e.id) FILTER (WHERE f.state = 'handed_over'),
       count(e.id) FILTER (WHERE f.state = 'ready' AND e.missed_at IS NOT NULL),
       count(e.id) FILTER (WHERE f.state = 'ready' AND e.missed_at IS NOT NULL AND e.reminded_at IS NULL),
       count(e.id) FILTER (WHERE f.state = 'ready' AND e.to_door <> ''),
       (SELECT count(*) FROM stations_arrival a WHERE a.stop_id = p.id)
  FROM stations_stop p JOIN stations_round r ON r.id = p.round_id
  LEFT JOIN (stations_entry e JOIN sales_order o ON o.id = e.order_id AND o.paid_at IS NOT NULL AND o.state <> 'refunded')
    ON e.stop_id = p.id AND e.ended_at IS NULL
  LEFT JOIN LATERAL (SELECT sum(l.quantity) AS units FROM sales_orderline l WHERE l.order_id = o.id AND l.dropped_at IS NULL) u ON true
  LEFT JOIN fulfilment_fulfilment f ON f.order_id = o.id
 WHERE p.station_id = %s AND r.state <> 'cancelled'
 GROUP BY p.id, r.id ORDER BY r.pickup_from DESC, r.id DESC LIMIT %s
"""

KEPT = f"""
SELECT count(*) FILTER (WHERE l.kept_at IS NOT NULL AND l.returned_at IS NULL),
    count(*) FILTER (WHERE l.returned_at IS NOT NULL AND NOT {BY_THE_SHOP.format(line="l.id")})
  FROM stations_stop p JOIN stations_entry e ON e.stop_id = p.id JOIN sales_orderline l ON l.order_id = e.order_id
 WHERE p.station_id = %s AND l.handed_over_at >= %s
"""


@dataclass(frozen=True)
class StopDay:
    """One round at one station. orders: paid ones that live; ready: their goods are here; missed: ready, and the window is over;
    to_remind: of these, not reminded yet; to_door: ready, and carried up by the leader; lots: that were counted."""

    stop_id: int
    round_id: int
    title: str
    state: str
    opens_at: datetime
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    orders: int
    units: int
    money: Money
    ready: int
    waiting: int
    handed: int
    missed: int
    to_remind: int
    to_door: int
    lots: int

    @property
    def kept_until(self) -> datetime:
        """When the second window ends."""
        return second_until(self.pickup_until)

    @property
    def step(self) -> int:
        """How far it is: 0 takes orders, 1 is cut off, 2 arrives, 3 is picked up, 4 is done."""
        if self.state == "open":
            return 0
        if not self.lots:
            return 1
        return 2 if self.waiting and not self.handed else 3 if self.ready or self.waiting else 4


@dataclass(frozen=True)
class Day:
    """now: what is being handed out; then what takes orders; before: older rounds with goods that still wait."""

    at_work: StopDay | None
    selling: tuple[StopDay, ...]
    before: tuple[StopDay, ...]
    kept: int
    returned: int


def day_of(*, station_id: int, now: datetime, since: datetime, limit: int = 12) -> Day:
    """A station's day. since: from when kept and returned lines are counted."""
    rows = planned.rows(STOPS, [station_id, limit])
    stops = [StopDay(*(*row[:10], Money(int(row[10]), row[11]), *row[12:])) for row in rows]
    closed = [one for one in stops if one.state == "closed" and one.orders]
    live = [one for one in closed if one.pickup_until > now or one is closed[0]]
    ((kept, returned),) = planned.rows(KEPT, [station_id, since])
    return Day(
        at_work=live[-1] if live else None,
        selling=tuple(one for one in stops if one.state == "open")[::-1],
        before=tuple(one for one in closed if one not in live and one.ready),
        kept=kept,
        returned=returned,
    )


def act_is_done(*, member_id: int, key: str) -> bool:
    """Whether what a phone sent under this key was carried out before."""
    return LeaderAct.objects.filter(member_id=member_id, key=key, done_at__isnull=False).exists()
