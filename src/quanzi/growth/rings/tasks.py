"""Background work of the room."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.growth.rings import services


@periodic("rings.look", cron="40 18 * * *")
def look(*, now: datetime) -> None:
    """Nightly, after the day's orders."""
    services.look(now=now)
