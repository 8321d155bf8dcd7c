"""When goods go back, their stars stop counting."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.trade.experiences.services import void_experience
from quanzi.trade.sales.events import LineReturned


@react_to(LineReturned, consumer="experiences.void")
def void(event: LineReturned, *, now: datetime) -> None:
    """Safe to run twice: an experience is voided once."""
    void_experience(line_id=event.line_id, now=now)
