"""The life of a purchase. The database repeats this table in a trigger (migration 0002)."""

from quanzi.goods.supply.models import PurchaseState
from quanzi.kernel.states import StateTable

PURCHASE_MOVES: StateTable[str] = StateTable(
    {
        PurchaseState.DRAFT: {PurchaseState.SENT, PurchaseState.CANCELLED},
        PurchaseState.SENT: {
            PurchaseState.CONFIRMED,
            PurchaseState.SHIPPED,
            PurchaseState.RECEIVED,
            PurchaseState.CANCELLED,
        },
        PurchaseState.CONFIRMED: {PurchaseState.SHIPPED, PurchaseState.RECEIVED, PurchaseState.CANCELLED},
        PurchaseState.SHIPPED: {PurchaseState.RECEIVED},
        PurchaseState.RECEIVED: set(),
        PurchaseState.CANCELLED: set(),
    }
)
