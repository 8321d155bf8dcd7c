"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.trade.deals import services


@periodic("deals.fail_due", "* * * * *")
def fail_due(*, now: datetime) -> int:
    """Every minute: teams whose time is over fail, and everybody gets their money back."""
    return services.fail_due(now)
