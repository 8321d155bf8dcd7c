"""Writing fulfilment: opening, preparing, shipping, handing over."""

from quanzi.trade.fulfilment.services.guessing import look_up_code
from quanzi.trade.fulfilment.services.handing import hand_over, ship
from quanzi.trade.fulfilment.services.parcels import (
    pack,
    parcel_arrived,
    parcel_came_back,
    ship_parcel,
    take_back,
    unpack,
)
from quanzi.trade.fulfilment.services.preparing import arrive, cancel_for, make_ready, nothing_left, open_for

__all__ = [
    "arrive",
    "cancel_for",
    "hand_over",
    "look_up_code",
    "make_ready",
    "nothing_left",
    "open_for",
    "pack",
    "parcel_arrived",
    "parcel_came_back",
    "ship",
    "ship_parcel",
    "take_back",
    "unpack",
]
