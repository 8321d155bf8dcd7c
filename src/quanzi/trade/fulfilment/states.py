"""The lives of a fulfilment and of a parcel. The database repeats these tables in triggers (migrations 0002, 0005)."""

from quanzi.kernel.states import StateTable
from quanzi.trade.fulfilment.models import FulfilmentState, ParcelState

FULFILMENT_MOVES: StateTable[str] = StateTable(
    {
        FulfilmentState.WAITING: {
            FulfilmentState.READY,
            FulfilmentState.PARTLY,
            FulfilmentState.SHIPPED,
            FulfilmentState.HANDED_OVER,
            FulfilmentState.CANCELLED,
        },
        FulfilmentState.READY: {FulfilmentState.HANDED_OVER, FulfilmentState.CANCELLED},
        FulfilmentState.PARTLY: {FulfilmentState.SHIPPED},
        FulfilmentState.SHIPPED: {FulfilmentState.HANDED_OVER},
        FulfilmentState.HANDED_OVER: set(),
        FulfilmentState.CANCELLED: set(),
    }
)

PARCEL_MOVES: StateTable[str] = StateTable(
    {
        ParcelState.PACKED: {ParcelState.SHIPPED, ParcelState.UNPACKED},
        ParcelState.SHIPPED: {ParcelState.ARRIVED, ParcelState.CAME_BACK},
        ParcelState.ARRIVED: {ParcelState.CAME_BACK},
        ParcelState.CAME_BACK: set(),
        ParcelState.UNPACKED: set(),
    }
)
