"""Archives for the console: asked for, written by a job, handed out once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction

from quanzi.base.aside import aside
from quanzi.base.audit import services as audit
from quanzi.base.jobs.services import enqueue
from quanzi.growth.exporting.errors import ExportGone, ExportUnderWay
from quanzi.growth.exporting.models import DataExport, ExportState
from quanzi.growth.exporting.tables import tables
from quanzi.growth.exporting.writing import write
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member

KEPT = timedelta(days=1)
STALLED = timedelta(hours=6)
STEP = "UPDATE exporting_dataexport SET done = %s WHERE id = %s"


@transaction.atomic
def ask(*, actor: Member, now: datetime) -> DataExport:
    """Have everything written into one archive by a job. Raises ExportUnderWay: one at a time for each person."""
    try:
        with transaction.atomic():
            found = DataExport.objects.create(asked_by=actor, steps=len(tables()) + 1, asked_at=now)
    except IntegrityError:
        raise ExportUnderWay() from None
    audit.write(actor=actor, action="data.export_asked", target=f"export:{found.pk}", now=now)
    enqueue("exporting.write", export_id=found.pk)
    return found


def run(*, export_id: int) -> None:
    """Write the archive; run again after a crash, it writes it anew."""
    found = DataExport.objects.get(pk=export_id)
    if found.state not in (ExportState.WAITING, ExportState.WRITING):
        return
    chosen = tables()
    mine = DataExport.objects.filter(pk=found.pk)
    mine.update(state=ExportState.WRITING, steps=len(chosen) + 1, done=0)
    target = path_of(found)
    done = count(1)
    with aside() as say:  # the snapshot sees and changes nothing until it ends
        report = write(target, chosen, on_step=lambda: say(STEP, [next(done), found.pk]))
    now = clock.now()
    mine.update(
        state=ExportState.READY, done=len(chosen) + 1, rows=report.rows, size=target.stat().st_size, ready_at=now,
        expires_at=now + KEPT,
    )  # fmt: skip


def fetch(*, export_id: int, actor: Member, now: datetime) -> IO[bytes]:
    """The archive, to its asker, once. The file is unlinked at once: what is open can still be read, nobody else finds it.

    Raises NotFound for somebody else's, ExportGone.
    """
    found = DataExport.objects.filter(pk=export_id, asked_by=actor).first()
    if found is None:
        raise NotFound()
    with transaction.atomic():
        ready = DataExport.objects.filter(pk=found.pk, state=ExportState.READY, expires_at__gt=now)
        if not ready.update(state=ExportState.FETCHED, fetched_at=now):
            raise ExportGone()
        audit.write(
            actor=actor, action="data.export_fetched", target=f"export:{found.pk}", after={"rows": found.rows}, now=now
        )
        try:
            stream = path_of(found).open("rb")
        except FileNotFoundError:
            raise ExportGone() from None
    path_of(found).unlink(missing_ok=True)
    return stream


def forget(*, now: datetime) -> int:
    """Delete archives that nobody fetched in time, and give up on those that never came; returns how many."""
    late = DataExport.objects.filter(state=ExportState.READY, expires_at__lte=now)
    lost = DataExport.objects.filter(state__in=[ExportState.WAITING, ExportState.WRITING], asked_at__lte=now - STALLED)
    for found in late:
        path_of(found).unlink(missing_ok=True)
    return late.update(state=ExportState.EXPIRED) + lost.update(state=ExportState.FAILED)


def path_of(found: DataExport) -> Path:
    return Path(settings.QUANZI_HOME) / "exports" / f"{found.pk}.zip"
