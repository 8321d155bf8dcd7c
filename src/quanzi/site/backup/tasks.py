"""The daily copy, and pictures every few minutes. The worker loads this; without a choice nothing happens."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.site.backup import copies, erased, pictures
from quanzi.site.database import address, archiving


def is_kept() -> bool:
    return address.external_url() is None and archiving.choice(copies.home()) is not None


@periodic("backup.make_copy", "30 19 * * *")
def make_copy(*, now: datetime) -> None:
    """Half past three at night in Shanghai."""
    if is_kept():
        copies.make(now=now)
        copies.clear_away(now=now)


@periodic("backup.keep_pictures", "*/5 * * * *")
def keep_pictures() -> None:
    if is_kept():
        pictures.keep(copies.chosen())
        erased.keep(copies.chosen())
