"""Background work of archives."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job, periodic
from quanzi.growth.exporting import services


@job("exporting.write", retries=2)
def write(*, export_id: int) -> None:
    services.run(export_id=export_id)


@periodic("exporting.forget", "41 * * * *")
def forget(*, now: datetime) -> None:
    """Hourly: archives that nobody fetched."""
    services.forget(now=now)
