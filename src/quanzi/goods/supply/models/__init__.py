"""Who supplies, what they offer, what we order of them, and what arrived."""

from quanzi.goods.supply.models.offers import Offer, OfferClaim
from quanzi.goods.supply.models.papers import ImportFacts, Paper, PaperKind
from quanzi.goods.supply.models.purchases import LotOrigin, Purchase, PurchaseLine, PurchaseState, Receipt
from quanzi.goods.supply.models.suppliers import Supplier, SupplierGoods, SupplierPerson

__all__ = [
    "ImportFacts",
    "LotOrigin",
    "Offer",
    "OfferClaim",
    "Paper",
    "PaperKind",
    "Purchase",
    "PurchaseLine",
    "PurchaseState",
    "Receipt",
    "Supplier",
    "SupplierGoods",
    "SupplierPerson",
]
