"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.trade.deals import services


@periodic("deals.fail_due", "* * * * *")
def fail_due(*, now: datetime) -> int:
    """Every minute: teams whose time is over fail, and everybody gets their money back; ladders end at their step."""
    return services.fail_due(now)


@periodic("deals.level_due", "* * * * *")
def level_due(*, now: datetime) -> int:
    """Every minute: the differences of ladders that have ended go back."""
    return services.level_due(now)
