"""`quanzi import groupbuy FOLDER`; the other imports have their commands beside their rules."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from quanzi.growth.importing.past.cli import orders
from quanzi.growth.importing.queries import RunReport, report
from quanzi.growth.importing.services import import_groupbuy
from quanzi.kernel import clock

EXIT_VIOLATIONS = 1
SECONDS_BETWEEN_LINES = 10.0


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N records; successes and failures alike.")
@click.option(
    "--workers",
    type=click.IntRange(1, 32),
    default=min(os.cpu_count() or 1, 4),
    show_default=True,
    help="Processes that share the work.",
)
def groupbuy(folder: Path, limit: int | None, workers: int) -> None:
    """Replay a recorded group-buying log through the shop's own services.

    FOLDER holds tune.txt and test.txt (launches that succeeded) and invalid.txt (launches that failed), plain or as
    .gz; each line is opener, item, participants, between tabs. Members without contact or login, goods, deals, teams,
    offline payments and refunds come to be as if it happened here, at made-up times and prices. Interrupted? The same
    command goes on. Ends with a report, and with exit code 1 when the doctor finds a broken promise.
    """
    with _shown() as shown:
        run = import_groupbuy(
            folder=folder, limit=limit, workers=workers, progress=shown.count, stage=shown.stage, now=clock.now()
        )
    told = report(run.pk)
    for words in _lines(told):
        click.echo(words)
    if told.broken_promises:
        sys.exit(EXIT_VIOLATIONS)


class _Shown:
    """A bar on a terminal; elsewhere a line now and then. Both with the rate of this sitting and the time left."""

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._task: TaskID | None = bar.add_task("", total=None, rate="") if bar else None
        self._began = self._spoke = time.monotonic()
        self._first: int | None = None

    def stage(self, words: str) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=words)
            self._bar.refresh()
        else:
            click.echo(words)

    def count(self, done: int, total: int) -> None:
        """done of total records, those of earlier sittings included."""
        if self._first is None:
            self._first, self._began = done, time.monotonic()
        rate = (done - self._first) / max(time.monotonic() - self._began, 0.001)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, rate=f"{rate:.1f}/s")
            self._bar.refresh()
        elif time.monotonic() - self._spoke > SECONDS_BETWEEN_LINES:
            self._spoke = time.monotonic()
            left = f", {(total - done) / rate / 60:.0f} min left" if rate else ""
            click.echo(f"{done:,} of {total:,} records, {rate:.1f}/s{left}")


@contextmanager
def _shown() -> Iterator[_Shown]:
    if not sys.stderr.isatty():
        yield _Shown(None)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    # No refresh thread: workers are forked, and the counting calls come often enough.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        shown = _Shown(bar)
        yield shown


def _lines(told: RunReport) -> Iterator[str]:
    run = told.run
    yield f"{told.records:,} records of {run.folder}: {told.succeeded:,} teams succeeded, {told.failed:,} failed"
    if told.broken:
        yield f"{told.broken:,} records name somebody twice and were skipped"
    yield f"{told.members:,} people, {told.products:,} things, {told.orders:,} orders paid with {told.paid} CNY"
    yield f"{told.refunds:,} refunds of {told.refunded} CNY, all of failed launches"
    yield f"{told.tied_pairs:,} pairs of people are tied by {told.tie_facts:,} facts"
    yield f"{run.seconds / 60:.1f} minutes in {run.sittings} sittings, {run.per_second:.1f} records a second"
    yield "Most trusted openers (strength of ties to them, summed over people):"
    for one in told.openers:
        yield f"  {one.name}: {one.trust:.2f} from {one.people} people in {one.teams} teams"
    for words in told.broken_promises:
        yield f"BROKEN {words}"
    if not told.broken_promises:
        yield f"The doctor checked {told.promises} promises; all hold."


commands = [groupbuy, orders]
