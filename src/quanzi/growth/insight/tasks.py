"""What was read is forgotten by itself."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.growth.insight import services


@periodic("insight.forget", cron="50 19 * * *")
def forget(*, now: datetime) -> None:
    """Daily: readings of half a year ago."""
    services.forget(now=now)
