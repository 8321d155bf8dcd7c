"""Reading after sales: claims, and what claims say of lots, suppliers and pickup points."""

from quanzi.trade.aftersales.queries.claims import (
    ClaimRow,
    line_of,
    of_lines,
    open_claims,
    open_count,
    open_of_lines,
    open_of_product,
)
from quanzi.trade.aftersales.queries.lots import LotPage, PauseRow, RecallRow, lot_page, lots_to_watch, recalled_lines
from quanzi.trade.aftersales.queries.quality import QualityRow, lot_facts, of_lots, of_points, of_suppliers

__all__ = [
    "ClaimRow",
    "LotPage",
    "PauseRow",
    "QualityRow",
    "RecallRow",
    "line_of",
    "lot_facts",
    "lot_page",
    "lots_to_watch",
    "of_lines",
    "of_lots",
    "of_points",
    "of_suppliers",
    "open_claims",
    "open_count",
    "open_of_lines",
    "open_of_product",
    "recalled_lines",
]
