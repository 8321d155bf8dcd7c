"""How orders reach their buyers: at a point, in parcels, with a driver of our own."""

from quanzi.trade.fulfilment.models.batches import DispatchBatch, DispatchRow, DispatchState
from quanzi.trade.fulfilment.models.customs import Declaration
from quanzi.trade.fulfilment.models.drivers import Driver
from quanzi.trade.fulfilment.models.handing import CodeGuesses, Fulfilment, FulfilmentState, LineLot
from quanzi.trade.fulfilment.models.parcels import Booking, Parcel, ParcelLine, ParcelState, TrackingEvent
from quanzi.trade.fulfilment.models.runs import Run, RunState, Stop, StopState

__all__ = [
    "Booking",
    "CodeGuesses",
    "Declaration",
    "DispatchBatch",
    "DispatchRow",
    "DispatchState",
    "Driver",
    "Fulfilment",
    "FulfilmentState",
    "LineLot",
    "Parcel",
    "ParcelLine",
    "ParcelState",
    "Run",
    "RunState",
    "Stop",
    "StopState",
    "TrackingEvent",
]
