"""Background work: asking the doctor, so that pages need not wait for it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from quanzi.base import doctor
from quanzi.base.jobs.registry import job, periodic
from quanzi.faces.console.models import Checkup

KEPT = timedelta(days=30)
RESTS = 60
"""After a look the doctor rests so many times as long as it took: at most a sixtieth of one processor is his."""


@periodic("console.check_books_in_turn", "*/15 * * * *")
def check_books_in_turn(*, now: datetime) -> None:
    """Every quarter of an hour; where a look takes long, seldom enough to cost the machine little."""
    last = Checkup.objects.order_by("-pk").first()
    if last is None or now - last.checked_at >= timedelta(milliseconds=last.took_ms) * RESTS:
        check_books(now=now)


@job("console.check_books")
def check_books(*, now: datetime) -> Checkup:
    """Run every invariant once and remember what was found, for thirty days."""
    started = time.monotonic()
    results = doctor.run()
    found = Checkup.objects.create(
        checked_at=now,
        rules=len(results),
        broken=sum(not one.is_well for one in results),
        results=[
            {"id": one.id, "title": one.title, "violations": one.violations, "error": one.error} for one in results
        ],
        took_ms=round((time.monotonic() - started) * 1000),
    )
    Checkup.objects.filter(checked_at__lt=now - KEPT).delete()
    return found
