"""Writing fulfilment: opening, preparing, shipping, handing over."""

from quanzi.trade.fulfilment.services.guessing import look_up_code
from quanzi.trade.fulfilment.services.handing import hand_over, ship
from quanzi.trade.fulfilment.services.preparing import arrive, cancel_for, make_ready, open_for

__all__ = ["arrive", "cancel_for", "hand_over", "look_up_code", "make_ready", "open_for", "ship"]
