"""Writes of the room."""

from quanzi.growth.spread.services.asking import answer, ask_next, close, lapse, send
from quanzi.growth.spread.services.leading import answer_call, call
from quanzi.growth.spread.services.planning import make_plan
from quanzi.growth.spread.services.withdrawing import forget_reach, take_out

__all__ = [
    "answer",
    "answer_call",
    "ask_next",
    "call",
    "close",
    "forget_reach",
    "lapse",
    "make_plan",
    "send",
    "take_out",
]
