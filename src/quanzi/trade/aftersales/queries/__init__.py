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
from quanzi.trade.aftersales.queries.compensations import CompensationRow, compensations, compensations_of
from quanzi.trade.aftersales.queries.disputes import DisputePage, DisputeRow, dispute_page, disputes_of, open_disputes
from quanzi.trade.aftersales.queries.invoices import (
    GROUPS,
    InvoiceMonth,
    InvoiceRow,
    invoice_months,
    invoices,
    invoices_of,
)
from quanzi.trade.aftersales.queries.lots import (
    GivenRow,
    LotPage,
    PauseRow,
    RecallRow,
    lines_of_lot,
    lot_page,
    lots_to_watch,
)
from quanzi.trade.aftersales.queries.quality import QualityRow, lot_facts, of_lots, of_points, of_suppliers

__all__ = [
    "GROUPS",
    "ClaimRow",
    "CompensationRow",
    "DisputePage",
    "DisputeRow",
    "GivenRow",
    "InvoiceMonth",
    "InvoiceRow",
    "LotPage",
    "PauseRow",
    "QualityRow",
    "RecallRow",
    "compensations",
    "compensations_of",
    "dispute_page",
    "disputes_of",
    "invoice_months",
    "invoices",
    "invoices_of",
    "line_of",
    "lines_of_lot",
    "lot_facts",
    "lot_page",
    "lots_to_watch",
    "of_lines",
    "of_lots",
    "of_points",
    "of_suppliers",
    "open_claims",
    "open_count",
    "open_disputes",
    "open_of_lines",
    "open_of_product",
]
