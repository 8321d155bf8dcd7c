"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.people.approvals import services


@periodic("approvals.expire_due", cron="7 * * * *")
def expire_due(*, now: datetime) -> None:
    """Hourly: requests that nobody decided."""
    services.expire_due(now=now)
