"""Background work that got stuck."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from quanzi.base.events.models import Delivery

MOST = 50

FAILED = """
SELECT job.id, job.task_name, job.attempts,
       (SELECT max(event.at) FROM procrastinate_events event WHERE event.job_id = job.id)
FROM procrastinate_jobs job WHERE job.status = 'failed' ORDER BY job.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class FailedJob:
    """A job that gave up after its last retry."""

    id: int
    name: str
    attempts: int
    at: datetime | None


def failed_jobs() -> list[FailedJob]:
    """Newest first."""
    with connection.cursor() as cursor:
        cursor.execute(FAILED, [MOST])
        return [FailedJob(*row) for row in cursor.fetchall()]


def failing_deliveries() -> list[Delivery]:
    """Reactions that failed and will be tried again, with their last error."""
    failing = Delivery.objects.filter(applied_at=None, attempts__gt=0).select_related("event")
    return list(failing.order_by("-event_id", "pk")[:MOST])
