"""What claims say of lots, of suppliers and of pickup points: counts of order lines, each with the interval behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.trade.aftersales.rules import FAULTS_OF_A_LOT, FAULTS_OF_A_POINT, Rate, rate

SPEAKS = """(c.state IN ('open', 'accepted', 'exchanged') OR EXISTS (
    SELECT FROM aftersales_dispute d WHERE d.claim_id = c.id AND (d.refund_id IS NOT NULL OR d.appeal_refund_id IS NOT NULL)))"""
"""A claim c that speaks against the goods: one that was declined or taken back does not, unless its buyer won the dispute."""

OF_LOT = f"""
SELECT count(DISTINCT g.line_id), count(DISTINCT c.line_id)
FROM fulfilment_linelot g
LEFT JOIN aftersales_claim c ON c.line_id = g.line_id AND c.reason = ANY (%s) AND {SPEAKS}
WHERE g.lot_id = %s
"""

SINCE = f"""
SELECT count(DISTINCT c.line_id) FROM fulfilment_linelot g JOIN aftersales_claim c ON c.line_id = g.line_id
WHERE g.lot_id = %s AND c.reason = ANY (%s) AND {SPEAKS} AND (%s::timestamptz IS NULL OR c.opened_at > %s::timestamptz)
"""

LOTS = f"""
SELECT t.id, t.code || ' · ' || p.name, count(DISTINCT g.line_id), count(DISTINCT c.line_id), sum(g.quantity)
FROM catalogue_lot t JOIN catalogue_sku s ON s.id = t.sku_id JOIN catalogue_product p ON p.id = s.product_id
JOIN fulfilment_linelot g ON g.lot_id = t.id
LEFT JOIN aftersales_claim c ON c.line_id = g.line_id AND c.reason = ANY (%s) AND {SPEAKS}
WHERE g.handed_over_at >= %s
GROUP BY t.id, p.name ORDER BY count(DISTINCT c.line_id) DESC, count(DISTINCT g.line_id) DESC, t.id DESC LIMIT %s
"""

SUPPLIERS = f"""
SELECT u.id, u.name, count(DISTINCT g.line_id), count(DISTINCT c.line_id), sum(g.quantity)
FROM supply_supplier u JOIN supply_lotorigin o ON o.supplier_id = u.id JOIN fulfilment_linelot g ON g.lot_id = o.lot_id
LEFT JOIN aftersales_claim c ON c.line_id = g.line_id AND c.reason = ANY (%s) AND {SPEAKS}
WHERE g.handed_over_at >= %s
GROUP BY u.id ORDER BY count(DISTINCT c.line_id) DESC, count(DISTINCT g.line_id) DESC, u.id LIMIT %s
"""

POINTS = f"""
SELECT k.id, k.name, count(DISTINCT l.id), count(DISTINCT c.line_id), sum(l.quantity)
FROM sales_pickuppoint k JOIN sales_order r ON r.pickup_point_id = k.id JOIN sales_orderline l ON l.order_id = r.id
LEFT JOIN aftersales_claim c ON c.line_id = l.id AND c.reason = ANY (%s) AND {SPEAKS}
WHERE l.handed_over_at >= %s AND r.origin <> 'replay'
GROUP BY k.id ORDER BY count(DISTINCT c.line_id) DESC, count(DISTINCT l.id) DESC, k.id LIMIT %s
"""


@dataclass(frozen=True)
class QualityRow:
    """rate: lines with a complaint, of lines handed over; units: how many were handed over. A line with several lots stands in each once."""

    id: int
    name: str
    rate: Rate
    units: int


def lot_facts(lot_id: int) -> Rate:
    """Complaints about the goods of a lot, of all lines that were handed over from it."""
    [(handed_over, complaints)] = planned.rows(OF_LOT, [list(FAULTS_OF_A_LOT), lot_id])
    return rate(complaints, handed_over)


def complaints_since(lot_id: int, since: datetime | None) -> int:
    """Lines of a lot whose complaint was opened later than `since`; None: ever."""
    return int(planned.value(SINCE, [lot_id, list(FAULTS_OF_A_LOT), since, since]))


def of_lots(*, since: datetime, limit: int = 50) -> list[QualityRow]:
    """Lots of which something was handed over since then, the most complaints first."""
    return _rows(LOTS, FAULTS_OF_A_LOT, since, limit)


def of_suppliers(*, since: datetime, limit: int = 50) -> list[QualityRow]:
    """The same by supplier, as far as the origin of a lot is known."""
    return _rows(SUPPLIERS, FAULTS_OF_A_LOT, since, limit)


def of_points(*, since: datetime, limit: int = 50) -> list[QualityRow]:
    """By pickup point, what is missing counted as well."""
    return _rows(POINTS, FAULTS_OF_A_POINT, since, limit)


def _rows(sql: str, reasons: Sequence[str], since: datetime, limit: int) -> list[QualityRow]:
    found = planned.rows(sql, [list(reasons), since, limit])
    return [QualityRow(key, name, rate(complaints, lines), int(units)) for key, name, lines, complaints, units in found]
