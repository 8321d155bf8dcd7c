"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.trade.chains import services


@periodic("chains.end_due", "* * * * *")
def end_due(*, now: datetime) -> int:
    """Every minute: lists whose time is over close and their paid orders go on; what was called off goes back."""
    return services.end_due(now)
