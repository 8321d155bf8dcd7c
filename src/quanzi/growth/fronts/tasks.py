"""News of pages go out when their time has come."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.growth.fronts.updating import send_due


@periodic("fronts.send_due", cron="* * * * *")
def send(*, now: datetime) -> None:
    """Each minute."""
    send_due(now)
