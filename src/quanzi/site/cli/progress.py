"""Progress on long work: a bar on a terminal, plain lines now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

SECONDS_BETWEEN_LINES = 10.0


class Steps:
    """Counts towards a total; `advance` may be called as often as one likes."""

    def __init__(self, title: str, total: int | None) -> None:
        self.title = title
        self.total = total
        self.done = 0
        self._spoke_at = time.monotonic()
        self._bar: Progress | None = None
        self._started_at = time.monotonic()

    def advance(self, count: int = 1, note: str = "") -> None:
        """count: how many more are done; note: a few words on the present one."""
        self.done += count
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], advance=count, note=note)
        elif time.monotonic() - self._spoke_at > SECONDS_BETWEEN_LINES:
            self._spoke_at = time.monotonic()
            print(f"{self.title}: {self.done}{f' of {self.total}' if self.total else ''} {note}".rstrip(), flush=True)

    @property
    def per_second(self) -> float:
        return self.done / max(time.monotonic() - self._started_at, 0.001)


@contextmanager
def steps(title: str, total: int | None = None) -> Iterator[Steps]:
    """A bar that ends with the block."""
    counter = Steps(title, total)
    if not sys.stderr.isatty():
        yield counter
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(title, total=total, note="")
        counter._bar = bar
        yield counter
