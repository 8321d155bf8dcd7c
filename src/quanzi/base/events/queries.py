"""How the outbox is doing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection


@dataclass(frozen=True)
class Backlog:
    """waiting: events not fully delivered; failing: those of them with a failed attempt;
    oldest_age: how long the oldest untouched event has waited (zero when there is none)."""

    waiting: int
    failing: int
    oldest_age: timedelta


def backlog(*, now: datetime) -> Backlog:
    """Count what waits; failing events are told apart, so one poisoned reaction does not look like a standstill."""
    sql = """SELECT count(*), count(next_attempt_at), min(occurred_at) FILTER (WHERE next_attempt_at IS NULL)
             FROM events_event WHERE delivered_at IS NULL"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        waiting, failing, oldest = cursor.fetchone()
    return Backlog(waiting, failing, max(now - oldest, timedelta()) if oldest else timedelta())
