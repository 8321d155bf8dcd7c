"""Background work of the room."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job, periodic
from quanzi.growth.splitting import services


@periodic("splitting.look_at_all", cron="10 19 * * 0")
def look_at_all(*, now: datetime) -> None:
    """Every week, in the quiet hours of Monday morning."""
    services.look_at_all(now=now)


@job("splitting.look_at", retries=2)
def look_at(*, circle_id: int, now: datetime) -> None:
    """One circle."""
    services.look(circle_id=circle_id, now=now)


@job("splitting.tell")
def tell(*, split_id: int, now: datetime) -> None:
    """Everybody hears of it."""
    services.tell(split_id=split_id, now=now)


@job("splitting.tell_undone")
def tell_undone(*, split_id: int, now: datetime) -> None:
    """Everybody hears that it was taken back."""
    services.tell_undone(split_id=split_id, now=now)
