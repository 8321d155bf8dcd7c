"""Background work of the room."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.films import services
from quanzi.base.jobs.registry import job, periodic


@job("films.prepare", retries=services.TRIES_MOST - 1)
def prepare(*, film_id: int, now: datetime) -> None:
    """Make one film anew. One at a time, so that other work goes on beside it."""
    services.prepare(film_id=film_id, now=now)


@periodic("films.tidy", cron="38 * * * *")
def tidy(*, now: datetime) -> None:
    """Each hour: films that nobody prepares any more, films that nobody goes on sending, files that no film knows."""
    services.tidy(now=now)
