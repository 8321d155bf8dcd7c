"""Reading supply."""

from quanzi.goods.supply.queries.demands import NeedRow, OpenDemand, demand_sheet, open_demands
from quanzi.goods.supply.queries.offers import OfferRow, offer_rows, supplier_of_offer
from quanzi.goods.supply.queries.purchases import LineRow, PurchaseRow, ReceiptRow, purchase_page, purchase_rows
from quanzi.goods.supply.queries.suppliers import (
    GoodsRow,
    Origin,
    SupplierRow,
    goods_of,
    lots_of_suppliers,
    record_of,
    records,
    supplier_rows,
    suppliers_of_lots,
)

__all__ = [
    "GoodsRow",
    "LineRow",
    "NeedRow",
    "OfferRow",
    "OpenDemand",
    "Origin",
    "PurchaseRow",
    "ReceiptRow",
    "SupplierRow",
    "demand_sheet",
    "goods_of",
    "lots_of_suppliers",
    "offer_rows",
    "open_demands",
    "purchase_page",
    "purchase_rows",
    "record_of",
    "records",
    "supplier_of_offer",
    "supplier_rows",
    "suppliers_of_lots",
]
