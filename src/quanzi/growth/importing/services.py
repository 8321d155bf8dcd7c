"""Importing a recorded group-buying log: begin or go on, replay, close, check, report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from quanzi.base import doctor
from quanzi.growth.importing import log as logs
from quanzi.growth.importing import reporting
from quanzi.growth.importing.clock import BEGINS_AT, closing
from quanzi.growth.importing.errors import AlreadyRunning
from quanzi.growth.importing.models import ImportedRecord, ImportRun
from quanzi.growth.importing.replaying import fail_all
from quanzi.growth.importing.stand_ins import ACTOR, KIND, take_off_sale
from quanzi.growth.importing.workers import deliver_all, light_transactions, replay_alone, replay_together
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.sources.services import create_source
from quanzi.kernel import clock
from quanzi.people.accounts.services import create_member
from quanzi.trade.sales.services import open_pickup_point, update_pickup_point

NOTE_EVERY_SECONDS = 5.0

Progress = Callable[[int, int], None]
"""Called as progress(done, total); both count records."""


def import_groupbuy(
    *,
    folder: Path,
    limit: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    stage: Callable[[str], None] | None = None,
    now: datetime,
) -> ImportRun:
    """Replay the first `limit` records of a log through the shop's services, from where an earlier run stopped.

    stage(words) is told what begins, in English. Returns the run with its report. Raises NoLog, UnreadableFile,
    BrokenLine before anything is written; AlreadyRunning; RecordRefused, WorkerLost: then run it again.
    """
    say = stage or (lambda words: None)
    log = logs.read(folder)
    total = log.total if limit is None else min(limit, log.total)
    run = _begin(folder, log, total, now)
    left = set(range(total)) - _finished(run)
    session = _Session(run, total - len(left), progress)
    with _alone(), _point_open(run, now):
        say("Replaying")
        if left:
            if workers > 1:
                replay_together(run, log, left, total, workers, session.tick)
            else:
                replay_alone(run, (one for one in log.records(total) if one.number in left), session.tick)
        say("Closing launches and delivering events")
        _close(total)
    session.end()
    say("Checking every promise")
    return _finish(run)


def _begin(folder: Path, log: logs.Log, total: int, now: datetime) -> ImportRun:
    """The run of these files: a new one with its source and pickup point, or the one that was begun before."""
    with transaction.atomic():
        run, is_new = ImportRun.objects.get_or_create(
            kind=KIND,
            fingerprint=log.fingerprint,
            defaults={"folder_name": folder.resolve().name[:120], "started_at": now, "updated_at": now},
        )
        if is_new:
            keeper = create_member(name="Replayed log", how="import", now=BEGINS_AT)
            run.source = create_source(kind=SourceKind.IMPORT, name=f"Replayed log {run.folder_name}"[:80], now=now)
            run.point = open_pickup_point(
                leader=keeper, name="Replayed log", address="-", hours="-", actor=ACTOR, now=now
            )
        run.total, run.updated_at, run.finished_at = total, now, None
        run.save()
    return run


def _finished(run: ImportRun) -> set[int]:
    return set(ImportedRecord.objects.filter(run=run).values_list("number", flat=True))


@contextmanager
def _alone() -> Iterator[None]:
    """One import at a time; the mark goes with this process's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('quanzi.import'))")
        if not cursor.fetchone()[0]:
            raise AlreadyRunning()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('quanzi.import'))")


@contextmanager
def _point_open(run: ImportRun, now: datetime) -> Iterator[None]:
    """Orders of the log name a pickup point that takes orders only while the log is replayed."""
    _set_open(run, True, now)
    try:
        yield
    finally:
        _set_open(run, False, now)


def _set_open(run: ImportRun, is_open: bool, now: datetime) -> None:
    point = run.point
    assert point is not None, "a run has its point before it begins"
    update_pickup_point(
        point=point, name=point.name, address=point.address, hours=point.hours, is_open=is_open, actor=ACTOR, now=now
    )


def _close(total: int) -> None:
    """The hour of the last launch passes, nothing stays on sale, and every event reaches its readers."""
    with light_transactions():
        while fail_all(closing(total)):
            continue
        take_off_sale(now=clock.now())
        deliver_all()


class _Session:
    """One sitting of a run: counts, notes its progress in the run now and then, remembers how long it took."""

    def __init__(self, run: ImportRun, before: int, progress: Progress | None) -> None:
        self._run = run
        self._before = before
        self._count = 0
        self._progress = progress
        self._started = time.monotonic()
        self._noted = 0.0
        self._note: dict[str, Any] = {"began_at": clock.now().isoformat(timespec="seconds"), "records": 0, "seconds": 0}
        self._sessions = [*run.report.get("sessions", ()), self._note]

    def tick(self, more: int) -> None:
        self._count += more
        if self._progress is not None:
            self._progress(self._before + self._count, self._run.total)
        if time.monotonic() - self._noted > NOTE_EVERY_SECONDS:
            self._noted = time.monotonic()
            self._save()

    def end(self) -> None:
        """Write the last numbers; a sitting that found nothing to do leaves no trace."""
        if not self._count:
            self._sessions.pop()
        self._save()

    def _save(self) -> None:
        self._note |= {"records": self._count, "seconds": round(time.monotonic() - self._started, 1)}
        run = self._run
        run.done, run.updated_at = self._before + self._count, clock.now()
        run.report = {**run.report, "sessions": self._sessions}
        run.save(update_fields=["done", "updated_at", "report"])


def _finish(run: ImportRun) -> ImportRun:
    results = doctor.run()
    checked = {
        "promises": len(results),
        "broken": [f"{one.id}: {one.error or one.violations}" for one in results if not one.is_well],
    }
    run.report = {"sessions": run.report.get("sessions", []), **reporting.facts(run), "doctor": checked}
    run.updated_at = run.finished_at = clock.now()
    run.save(update_fields=["report", "updated_at", "finished_at"])
    return run
