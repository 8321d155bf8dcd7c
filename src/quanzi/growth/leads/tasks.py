"""Leads follow what is written; messages of the evening show in the morning."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import periodic
from quanzi.growth.leads.services import approaching, matching


@periodic("leads.match", cron="* * * * *")
def match(*, now: datetime) -> None:
    """Each minute: posts that changed."""
    matching.catch_up(now=now)


@periodic("leads.tell", cron="*/10 * * * *")
def tell(*, now: datetime) -> None:
    """Messages whose time has come."""
    approaching.tell(now=now)
