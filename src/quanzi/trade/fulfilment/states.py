"""The life of a fulfilment. The database repeats this table in a trigger (migration 0002)."""

from quanzi.kernel.states import StateTable
from quanzi.trade.fulfilment.models import FulfilmentState

FULFILMENT_MOVES: StateTable[str] = StateTable(
    {
        FulfilmentState.WAITING: {
            FulfilmentState.READY,
            FulfilmentState.SHIPPED,
            FulfilmentState.HANDED_OVER,
            FulfilmentState.CANCELLED,
        },
        FulfilmentState.READY: {FulfilmentState.HANDED_OVER, FulfilmentState.CANCELLED},
        FulfilmentState.SHIPPED: {FulfilmentState.HANDED_OVER},
        FulfilmentState.HANDED_OVER: set(),
        FulfilmentState.CANCELLED: set(),
    }
)
