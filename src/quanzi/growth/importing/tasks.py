"""Background work of sheets."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job, periodic
from quanzi.base.jobs.services import enqueue
from quanzi.growth.importing.sheets import pictures, services


@job("importing.apply_sheet", retries=2)
def apply_sheet(*, sheet_id: int, now: datetime) -> None:
    services.apply(sheet_id=sheet_id, now=now)


@job("importing.fetch_pictures", retries=2)
def fetch_pictures() -> None:
    """A batch, then another while any wait."""
    if pictures.fetch_waiting() == pictures.MOST_AT_ONCE:
        enqueue("importing.fetch_pictures", unique="importing.fetch_pictures")


@periodic("importing.forget_sheets", "8,23,38,53 * * * *")
def forget_sheets(*, now: datetime) -> None:
    """Four times an hour: sheets whose job died, and what sheets held that nobody applied."""
    services.forget_old(now=now)
