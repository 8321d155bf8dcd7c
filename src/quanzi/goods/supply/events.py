"""What supply announces."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class _OfPurchase(DomainEvent):
    purchase_id: int
    supplier_id: int

    @property
    def key(self) -> str:
        return f"purchase:{self.purchase_id}"


@dataclass(frozen=True, kw_only=True)
class PurchaseSent(_OfPurchase):
    """The supplier is asked."""


@dataclass(frozen=True, kw_only=True)
class PurchaseConfirmed(_OfPurchase):
    """The supplier said what they will send, and when."""


@dataclass(frozen=True, kw_only=True)
class PurchaseShipped(_OfPurchase):
    """The goods are on their way to us."""


@dataclass(frozen=True, kw_only=True)
class PurchaseReceived(_OfPurchase):
    """All that will come has come."""


@dataclass(frozen=True, kw_only=True)
class PurchaseCancelled(_OfPurchase):
    """We called it off, or the supplier could not. reason: what was said."""

    reason: str
    by_supplier: bool


@dataclass(frozen=True, kw_only=True)
class GoodsReceived(_OfPurchase):
    """Goods of one line arrived. lot_id: None when all were damaged."""

    receipt_id: int
    sku_id: int
    lot_id: int | None
    quantity: int
    damaged: int
