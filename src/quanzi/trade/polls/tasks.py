"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.trade.polls import services


@periodic("polls.end_due", "* * * * *")
def end_due(*, now: datetime) -> int:
    """Every minute: questions whose day is over end, and what they held is free."""
    return services.end_due(now)
