"""How orders reach their buyers: at a point, in parcels, with a driver of our own."""

from quanzi.trade.fulfilment.models.handing import CodeGuesses, Fulfilment, FulfilmentState, LineLot
from quanzi.trade.fulfilment.models.parcels import Booking, Parcel, ParcelLine, ParcelState, TrackingEvent

__all__ = [
    "Booking",
    "CodeGuesses",
    "Fulfilment",
    "FulfilmentState",
    "LineLot",
    "Parcel",
    "ParcelLine",
    "ParcelState",
    "TrackingEvent",
]
