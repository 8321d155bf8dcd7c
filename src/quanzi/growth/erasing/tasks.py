"""Background work of the room."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.base.media import services as media
from quanzi.growth.erasing import services, tombstones


@periodic("erasing.erase_due", cron="17 * * * *")
def erase_due(*, now: datetime) -> None:
    """Each hour: requests whose days to think are over."""
    services.erase_due(now=now)


@periodic("erasing.forget_later", cron="50 19 * * *")
def forget_later(*, now: datetime) -> None:
    """Every night: addresses of old orders and the like; what a death after a commit left undone."""
    services.forget_later(now=now)
    tombstones.mend()
    media.sweep(now=now)
