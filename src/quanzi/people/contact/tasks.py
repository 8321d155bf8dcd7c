"""Letters to devices."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job
from quanzi.people.contact.pushing import services as pushing


@job("contact.push", retries=5)
def push(*, push_id: int, now: datetime) -> None:
    """Asked again after 3, 9, 27, 81 and 243 seconds while the push service is busy."""
    pushing.send(push_id=push_id, now=now)
