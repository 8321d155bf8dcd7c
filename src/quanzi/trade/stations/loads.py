"""What stations wait for, for the driver of a run: one load for each round at each station."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from quanzi.base import planned
from quanzi.people.contact.services import notify
from quanzi.trade.fulfilment.ports import Load
from quanzi.trade.stations.models import Stop
from quanzi.trade.stations.rules import SECOND_WINDOW

WORD = "round_stop"

# Units of a SKU that were counted there, fit or not, are no load any more; lots: those that may still be handed over.
LOADS = """
SELECT x.stop_id, pt.id, pt.name, pt.address, m.name, coalesce(m.phone, ''), r.pickup_from, x.title, x.units - coalesce(c.units, 0),
       coalesce((SELECT string_agg(t.code, ', ' ORDER BY t.expires_at NULLS LAST, t.id) FROM catalogue_lot t
                  WHERE t.sku_id = x.sku_id AND t.recalled_at IS NULL AND t.paused_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %(now)s)
                    AND (SELECT coalesce(sum(quantity), 0) FROM stock_movement v WHERE v.lot_id = t.id) > 0), '')
  FROM (SELECT e.stop_id, l.sku_id, min(l.title) AS title, sum(l.quantity) AS units
          FROM stations_entry e JOIN sales_order o ON o.id = e.order_id AND o.state IN ('paid', 'handed_over', 'received', 'completed')
          JOIN sales_orderline l ON l.order_id = o.id AND l.dropped_at IS NULL
         WHERE e.ended_at IS NULL AND e.settled_at IS NOT NULL AND (%(stops)s::bigint[] IS NULL OR e.stop_id = ANY (%(stops)s::bigint[]))
         GROUP BY e.stop_id, l.sku_id) x
  JOIN stations_stop p ON p.id = x.stop_id JOIN stations_round r ON r.id = p.round_id JOIN stations_station s ON s.id = p.station_id
  JOIN sales_pickuppoint pt ON pt.id = s.point_id JOIN accounts_member m ON m.id = pt.leader_id
  LEFT JOIN LATERAL (SELECT sum(a.arrived) AS units FROM stations_arrival a JOIN catalogue_lot t ON t.id = a.lot_id
                      WHERE a.stop_id = x.stop_id AND t.sku_id = x.sku_id) c ON true
 WHERE r.state = 'closed' AND (%(stops)s::bigint[] IS NOT NULL OR (r.pickup_until > %(since)s AND x.units > coalesce(c.units, 0)))
 ORDER BY r.pickup_from, x.stop_id, x.title
"""


class RoundLoads:
    """Fills `fulfilment.ports.Loads`."""

    def waiting(self, *, now: datetime) -> Sequence[Load]:
        return list(_read(None, now).values())

    def of(self, refs: Sequence[str], *, now: datetime) -> Mapping[str, Load]:
        return _read([int(ref.partition(":")[2]) for ref in refs if ref.startswith(f"{WORD}:")], now) if refs else {}

    def on_arrival(self, ref: str, *, driver_name: str, now: datetime) -> None:
        stop = Stop.objects.select_related("station__point").get(pk=int(ref.partition(":")[2]))
        notify(
            member_id=stop.station.point.leader_id, kind="load_arrived", params={"point": stop.station.point.name, "driver": driver_name},
            link=f"/leader/arrivals?station={stop.station_id}", key=f"load_arrived:{ref}:{now:%Y%m%d%H}", now=now,
        )  # fmt: skip


def ref_of(stop_id: int) -> str:
    """The word under which a run brings goods to a stop of a round."""
    return f"{WORD}:{stop_id}"


def _read(stop_ids: Sequence[int] | None, now: datetime) -> dict[str, Load]:
    found: dict[str, Load] = {}
    since = now - SECOND_WINDOW
    for stop_id, point_id, name, address, leader, phone, due_at, title, units, lots in planned.rows(
        LOADS, {"now": now, "since": since, "stops": list(stop_ids) if stop_ids is not None else None}
    ):
        before = found.get(ref_of(stop_id))
        goods = before.goods if before else ()
        if units > 0 or stop_ids is None:
            goods = (*goods, (f"{title} [{lots}]" if lots else title, int(units)))
        found[ref_of(stop_id)] = Load(ref_of(stop_id), point_id, name, address, leader, phone, due_at, goods)
    return found
