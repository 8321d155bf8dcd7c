"""Writing after sales: claims, lots that are paused and recalled."""

from quanzi.trade.aftersales.services.claims import accept, ask, call_off, decline, facts_of, locked, withdraw
from quanzi.trade.aftersales.services.pausing import pause, release, watch
from quanzi.trade.aftersales.services.recalling import carry_on_recalls, clear, recall

__all__ = [
    "accept",
    "ask",
    "call_off",
    "carry_on_recalls",
    "clear",
    "decline",
    "facts_of",
    "locked",
    "pause",
    "recall",
    "release",
    "watch",
    "withdraw",
]
