"""Fresh goods that nobody fetched, whoever has to decide first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.kernel.money import Money
from quanzi.trade.stations.rules import fresh_until

# The lot that was counted there and has to be eaten first stands for the line; the storage is the most delicate one.
FRESH = """
SELECT l.id, o.id, o.number, o.member_id, m.name, l.title, l.sku_id, l.quantity, l.paid_minor - l.refunded_minor, o.currency,
       p.station_id, pt.name, e.id, e.reminded_at, r.pickup_until, c.lot_id, coalesce(c.storage, 'ambient'), w.until, coalesce(w.note, '')
  FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id JOIN stations_round r ON r.id = p.round_id
  JOIN stations_station s ON s.id = p.station_id JOIN sales_pickuppoint pt ON pt.id = s.point_id
  JOIN sales_order o ON o.id = e.order_id AND o.state = 'paid' JOIN accounts_member m ON m.id = o.member_id
  JOIN fulfilment_fulfilment f ON f.order_id = o.id AND f.state = 'ready'
  JOIN sales_orderline l ON l.order_id = o.id AND l.return_rule = 'fresh' AND l.dropped_at IS NULL AND l.handed_over_at IS NULL
  LEFT JOIN LATERAL (SELECT a.lot_id, t.storage FROM stations_arrival a JOIN catalogue_lot t ON t.id = a.lot_id
                      WHERE a.stop_id = p.id AND t.sku_id = l.sku_id
                      ORDER BY array_position(ARRAY['chilled', 'ambient', 'frozen'], t.storage::text), t.expires_at, t.id LIMIT 1) c ON true
  LEFT JOIN LATERAL (SELECT until, note FROM stations_freshwait WHERE line_id = l.id ORDER BY id DESC LIMIT 1) w ON true
 WHERE e.missed_at IS NOT NULL AND e.ended_at IS NULL
   AND (%(station)s::bigint IS NULL OR p.station_id = %(station)s) AND (%(line)s::bigint IS NULL OR l.id = %(line)s)
 ORDER BY r.pickup_until, l.id LIMIT 500
"""


@dataclass(frozen=True)
class FreshRow:
    """One line. waits_until: on the shop's word, None while nothing was said; lot_id: None where goods have no lots."""

    line_id: int
    order_id: int
    order_number: str
    member_id: int
    buyer_name: str
    title: str
    sku_id: int
    quantity: int
    paid: Money
    station_id: int
    point: str
    entry_id: int
    reminded_at: datetime | None
    pickup_until: datetime
    lot_id: int | None
    storage: str
    waits_until: datetime | None
    note: str

    @property
    def decide_by(self) -> datetime:
        """By then somebody has to say what becomes of it."""
        return self.waits_until or fresh_until(storage=self.storage, pickup_until=self.pickup_until)


def fresh_rows(*, station_id: int | None = None, line_id: int | None = None) -> list[FreshRow]:
    """What has to be decided first comes first."""
    rows = planned.rows(FRESH, {"station": station_id, "line": line_id})
    found = [FreshRow(*(*row[:8], Money(int(row[8]), row[9]), *row[10:])) for row in rows]
    return sorted(found, key=lambda one: (one.decide_by, one.line_id))
