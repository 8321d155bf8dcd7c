"""What is wanted gathers by itself."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.growth.needs import services


@periodic("needs.gather", cron="23 * * * *")
def gather(*, now: datetime) -> None:
    """Each hour: words that found nothing, questions that nobody answered."""
    services.gather(now=now)
