"""How the keeping stands now, as the server tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from quanzi.kernel.clock import local
from quanzi.site.backup import copies

LATE = timedelta(minutes=30)
OLD = timedelta(hours=36)

ARCHIVER = "SELECT last_archived_time, last_failed_time, failed_count FROM pg_stat_archiver"


@dataclass(frozen=True)
class Standing:
    """When a piece of the log was kept last, and when that failed last."""

    kept_at: datetime | None
    failed_at: datetime | None
    failures: int

    @property
    def is_failing(self) -> bool:
        return self.failed_at is not None and (self.kept_at is None or self.failed_at > self.kept_at)


def standing() -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(ARCHIVER)
        return Standing(*cursor.fetchone())


def words() -> str:
    now = standing()
    if now.is_failing:
        return f"The log is NOT kept since {_moment(now.failed_at)}; see log/postgres.log."
    return f"The log was kept last at {_moment(now.kept_at)}."


def problems(*, now: datetime) -> list[str]:
    """What needs somebody's care, in words: a log that is not kept, a copy that was not made."""
    there = standing()
    found = [words()] if there.is_failing else []
    if there.kept_at is not None and now - there.kept_at > LATE:
        found.append(f"No piece of the log was kept since {_moment(there.kept_at)}.")
    made = copies.all_of(copies.chosen())
    if not made or now - made[-1].finished_at > OLD:
        found.append("The newest copy is older than a day and a half; does the worker run?")
    return found


def _moment(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M:%S}" if at else "-"
