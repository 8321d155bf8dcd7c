"""Reading runs and their reports: what the console and the command line show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.growth.importing.models import ImportRun
from quanzi.growth.importing.reporting import facts
from quanzi.kernel.money import Money


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: how far it is and how fast it goes. seconds, per_second: over all sittings, waiting between them left out."""

    id: int
    kind: str
    folder: str
    total: int
    done: int
    sittings: int
    seconds: float
    per_second: float
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None


@dataclass(frozen=True, slots=True)
class Opener:
    """Somebody whose launches people joined. people: how many different ones; trust: their ties' strengths, summed."""

    member_id: int
    name: str
    people: int
    teams: int
    trust: float


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run brought about. While it is under way the numbers are those of this moment, and nothing is checked yet.

    broken: lines that name somebody twice, skipped; tied_pairs: different pairs of people who bought together.
    promises: how many the doctor checked at the end (0: not yet); broken_promises: what it found.
    """

    run: RunRow
    records: int
    broken: int
    succeeded: int
    failed: int
    forming: int
    members: int
    products: int
    orders: int
    paid: Money
    refunds: int
    refunded: Money
    tie_facts: int
    tied_pairs: int
    openers: tuple[Opener, ...]
    promises: int
    broken_promises: tuple[str, ...]


def runs() -> list[RunRow]:
    """Every run, the newest first."""
    return [_row(run) for run in ImportRun.objects.order_by("-started_at", "-pk")]


def report(run_id: int) -> RunReport:
    """A run's report. Raises ImportRun.DoesNotExist."""
    run = ImportRun.objects.get(pk=run_id)
    values: dict[str, Any] = run.report if run.finished_at is not None else {**run.report, **facts(run)}
    checked = values.get("doctor", {}) if run.finished_at is not None else {}
    plain = ("records", "broken", "succeeded", "failed", "forming", "members", "products", "orders", "refunds")
    return RunReport(
        run=_row(run),
        **{name: values[name] for name in (*plain, "tie_facts", "tied_pairs")},
        paid=Money(values["paid_minor"]),
        refunded=Money(values["refunded_minor"]),
        openers=tuple(Opener(**one) for one in values["openers"]),
        promises=checked.get("promises", 0),
        broken_promises=tuple(checked.get("broken", ())),
    )


def _row(run: ImportRun) -> RunRow:
    sittings = run.report.get("sessions", [])
    seconds = sum(one["seconds"] for one in sittings)
    records = sum(one["records"] for one in sittings)
    return RunRow(
        id=run.pk,
        kind=run.kind,
        folder=run.folder_name,
        total=run.total,
        done=run.done,
        sittings=len(sittings),
        seconds=seconds,
        per_second=records / seconds if seconds else 0.0,
        started_at=run.started_at,
        updated_at=run.updated_at,
        finished_at=run.finished_at,
    )
