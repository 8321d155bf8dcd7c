"""A leader's work: what should come, what came, who waits."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.goods.catalogue.rules import RANGES, is_warm
from quanzi.trade.stations.rules import Basket, WaitingLine

LIVE = """
stations_entry e JOIN sales_order o ON o.id = e.order_id AND o.state IN ('paid', 'handed_over', 'received', 'completed')
  JOIN sales_orderline l ON l.order_id = o.id AND l.dropped_at IS NULL
  LEFT JOIN fulfilment_fulfilment f ON f.order_id = o.id
"""

EXPECTED = f"""
SELECT l.sku_id, min(l.title), sum(l.quantity) FROM {LIVE}
 WHERE e.stop_id = %s AND e.ended_at IS NULL AND e.settled_at IS NOT NULL GROUP BY l.sku_id ORDER BY 2, 1
"""

WAITING = "e.ended_at IS NULL AND e.settled_at IS NOT NULL AND f.state IS DISTINCT FROM 'handed_over'"

BASKETS = f"""
SELECT o.id, jsonb_object_agg(l.sku_id, l.quantity), coalesce(bool_or(f.state = 'ready'), false)
  FROM {LIVE}
 WHERE e.stop_id = %s AND {WAITING} GROUP BY o.id, o.paid_at ORDER BY o.paid_at, o.id
"""

LINES = f"""
SELECT l.id, l.sku_id, l.quantity, l.paid_minor - l.refunded_minor, coalesce(f.state = 'ready', false)
  FROM {LIVE}
 WHERE e.stop_id = %s AND {WAITING} ORDER BY o.paid_at, o.id, l.id
"""

GIVEN_OUT = """coalesce((SELECT sum(g.quantity) FROM fulfilment_linelot g JOIN sales_orderline l ON l.id = g.line_id
    JOIN stations_entry x ON x.order_id = l.order_id WHERE g.lot_id = a.lot_id AND x.stop_id = a.stop_id), 0)"""
"""Units of the counted lot a that left its stop."""

# Counted lot by lot: what was given out of a lot that stopped since takes nothing from the others.
FIT = f"""
SELECT t.sku_id, sum(greatest(0, a.arrived - a.damaged - {GIVEN_OUT}))
  FROM stations_arrival a JOIN catalogue_lot t ON t.id = a.lot_id
 WHERE a.stop_id = %s AND t.recalled_at IS NULL AND t.paused_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %s) GROUP BY t.sku_id
"""

LOTS_HERE = f"""
SELECT a.lot_id, greatest(0, a.arrived - a.damaged - {GIVEN_OUT})
  FROM stations_entry e LEFT JOIN stations_arrival a ON a.stop_id = e.stop_id WHERE e.order_id = %s
"""

LYING = f"""
SELECT * FROM (
    SELECT a.stop_id, pt.leader_id, d.name, t.code, a.arrived - {GIVEN_OUT} AS units
      FROM stations_arrival a JOIN catalogue_lot t ON t.id = a.lot_id
      JOIN catalogue_sku s ON s.id = t.sku_id JOIN catalogue_product d ON d.id = s.product_id
      JOIN stations_stop p ON p.id = a.stop_id JOIN stations_station n ON n.id = p.station_id JOIN sales_pickuppoint pt ON pt.id = n.point_id
     WHERE a.lot_id = %s) lying WHERE units > 0 ORDER BY 1
"""

PICK = f"""
SELECT e.id, o.id, o.number, m.name, e.to_door, coalesce(f.state, 'waiting'), e.missed_at, e.reminded_at,
       jsonb_agg(jsonb_build_array(l.title, l.quantity) ORDER BY l.id)
  FROM {LIVE} JOIN accounts_member m ON m.id = o.member_id
 WHERE e.stop_id = %s AND e.ended_at IS NULL AND e.settled_at IS NOT NULL
 GROUP BY e.id, o.id, m.id, f.id ORDER BY o.paid_at, o.id
"""


@dataclass(frozen=True)
class ExpectedRow:
    sku_id: int
    title: str
    quantity: int


@dataclass(frozen=True)
class PickRow:
    """One order at a stop, with no more about its buyer than the hand-over needs. lines: (title, units)."""

    entry_id: int
    order_id: int
    order_number: str
    buyer_name: str
    to_door: str
    state: str
    missed_at: datetime | None
    reminded_at: datetime | None
    lines: tuple[tuple[str, int], ...]


def expected(*, stop_id: int) -> list[ExpectedRow]:
    """Units that should come to a stop after the cut-off, by SKU."""
    return [ExpectedRow(sku_id, title, int(units)) for sku_id, title, units in planned.rows(EXPECTED, [stop_id])]


def baskets(*, stop_id: int) -> list[Basket]:
    """What every order that waits at a stop holds, in the order in which they were paid."""
    return [
        Basket(order_id, {int(sku): int(units) for sku, units in json.loads(held).items()}, is_ready)
        for order_id, held, is_ready in planned.rows(BASKETS, [stop_id])
    ]


def waiting_lines(*, stop_id: int) -> list[WaitingLine]:
    """Every line that waits at a stop, in the order in which they were paid."""
    return [WaitingLine(*row) for row in planned.rows(LINES, [stop_id])]


def fit_units(*, stop_id: int, now: datetime) -> dict[int, int]:
    """Units that lie at a stop and may be handed over, by SKU: undamaged, not given out, their lot neither expired nor stopped."""
    return {sku_id: int(units) for sku_id, units in planned.rows(FIT, [stop_id, now])}


def lots_here(order_id: int) -> dict[int, int] | None:
    """The lots that were counted where an order waits, with the undamaged units of each that are not given out yet; fit or not.

    None: the order is in no round.
    """
    found = planned.rows(LOTS_HERE, [order_id])
    return {lot_id: int(units) for lot_id, units in found if lot_id is not None} if found else None


def lying_of_lot(lot_id: int) -> list[tuple[int, int, str, str, int]]:
    """Where units of a lot were counted and are not all given out: stop, its leader, name of the goods, code, units, damaged ones too."""
    return [(stop, leader, name, code, int(units)) for stop, leader, name, code, units in planned.rows(LYING, [lot_id])]


def pick_rows(*, stop_id: int) -> list[PickRow]:
    """The picking list of a stop, in the order in which its orders were paid."""
    return [
        PickRow(
            entry_id=entry_id, order_id=order_id, order_number=number, buyer_name=name, to_door=to_door, state=state,
            missed_at=missed_at, reminded_at=reminded_at,
            lines=tuple((title, int(units)) for title, units in json.loads(lines)),
        )
        for entry_id, order_id, number, name, to_door, state, missed_at, reminded_at, lines in planned.rows(PICK, [stop_id])
    ]  # fmt: skip


@dataclass(frozen=True)
class LotRow:
    """A lot that may come to a stop. expected: units of its SKU that are ordered there; to_come: of these, still wanting when whatever fit
    lies there is given; arrived: None until it is counted. suggested: what stands in the field before anybody counts, so that several lots
    of the same goods are not asked for twice; is_one_of_several: other lots of its goods may come as well."""

    lot_id: int
    code: str
    title: str
    expires_at: datetime | None
    storage: str
    is_fit: bool
    expected: int
    to_come: int
    arrived: int | None
    damaged: int
    temperature_tenths: int | None
    range_tenths: tuple[int, int] | None
    suggested: int
    is_one_of_several: bool

    @property
    def is_warm(self) -> bool:
        return is_warm(self.storage, self.temperature_tenths)


@dataclass(frozen=True)
class ArrivalSheet:
    """What should come to a stop, lot by lot; done: lots that are counted."""

    stop_id: int
    round_title: str
    pickup_from: datetime
    lots: tuple[LotRow, ...]

    @property
    def done(self) -> int:
        return sum(one.arrived is not None for one in self.lots)

    @property
    def asked(self) -> tuple[LotRow, ...]:
        """Lots that were counted, and those of which something is still wanting."""
        return tuple(one for one in self.lots if one.arrived is not None or one.to_come)

    @property
    def others(self) -> tuple[LotRow, ...]:
        """Lots of the same goods that nothing is wanting of: they are counted only if they come."""
        return tuple(one for one in self.lots if one.arrived is None and not one.to_come)


SHEET = """
SELECT p.id, r.title, r.pickup_from FROM stations_stop p JOIN stations_round r ON r.id = p.round_id
 WHERE p.station_id = %s AND r.state = 'closed' AND p.taken > 0 ORDER BY (r.pickup_until > %s) DESC, r.pickup_from DESC LIMIT 1
"""

LOTS = """
SELECT t.id, t.code, t.sku_id, t.expires_at, t.storage, t.recalled_at IS NULL AND t.paused_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %s),
       a.arrived, coalesce(a.damaged, 0), a.temperature_tenths
  FROM catalogue_lot t LEFT JOIN stations_arrival a ON a.lot_id = t.id AND a.stop_id = %s
 WHERE t.sku_id = ANY (%s::bigint[]) AND (a.id IS NOT NULL OR (t.recalled_at IS NULL AND t.paused_at IS NULL
       AND (t.expires_at IS NULL OR t.expires_at > %s)
       AND (SELECT coalesce(sum(quantity), 0) FROM stock_movement m WHERE m.lot_id = t.id) > 0))
 ORDER BY a.id IS NOT NULL, t.sku_id, t.expires_at NULLS LAST, t.id
"""


def arrival_sheet(*, station_id: int, now: datetime) -> ArrivalSheet | None:
    """The newest round that is cut off and comes to a station; None when there is none."""
    for stop_id, title, pickup_from in planned.rows(SHEET, [station_id, now]):
        due = {row.sku_id: row for row in expected(stop_id=stop_id)}
        wanting = _wanting(stop_id, now)
        rows = planned.rows(LOTS, [now, stop_id, list(due), now])
        open_lots = Counter(row[2] for row in rows if row[6] is None)
        lots, asked = [], set()
        for lot_id, code, sku_id, expires_at, storage, is_fit, arrived, damaged, tenths in rows:
            to_come = wanting.get(sku_id, 0)
            lots.append(
                LotRow(
                    lot_id=lot_id, code=code, title=due[sku_id].title, expires_at=expires_at, storage=storage, is_fit=is_fit,
                    expected=due[sku_id].quantity, to_come=to_come, arrived=arrived, damaged=damaged, temperature_tenths=tenths,
                    range_tenths=RANGES.get(storage), suggested=0 if sku_id in asked else to_come,
                    is_one_of_several=open_lots[sku_id] > 1,
                )
            )  # fmt: skip
            if arrived is None:
                asked.add(sku_id)
        return ArrivalSheet(stop_id=stop_id, round_title=title, pickup_from=pickup_from, lots=tuple(lots))
    return None


def _wanting(stop_id: int, now: datetime) -> dict[int, int]:
    """Units by SKU that lines at a stop wait for and that do not lie there, fit to be given."""
    waiting: Counter[int] = Counter()
    for line in waiting_lines(stop_id=stop_id):
        waiting[line.sku_id] += line.quantity
    here = fit_units(stop_id=stop_id, now=now)
    return {sku_id: max(0, units - here.get(sku_id, 0)) for sku_id, units in waiting.items()}
