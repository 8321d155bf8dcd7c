"""The index follows while nobody searches; what nobody needs is forgotten."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.growth.searching import services
from quanzi.growth.searching.indexing import catch_up_all, forget_changes


@periodic("searching.catch_up", cron="* * * * *")
def catch_up() -> None:
    """Each minute: reads again what changed."""
    catch_up_all()
    forget_changes()


@periodic("searching.forget", cron="20 19 * * *")
def forget(*, now: datetime) -> None:
    """Every night: words that found nothing, after ninety days; what members looked for, after a year."""
    services.forget_old(now=now)
