"""One journey measured: load, statements, processor time, and the limit of the database alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import limits, machine
from bench.journeys.journey import Journey, Load
from bench.stage import Stage

WARM_SECONDS = 3.0
MOST_WARM_SECONDS = 90.0
ROUNDS = 5


@dataclass(frozen=True)
class Result:
    """cpu_ms: of shop and database together, a request. limit: the same statements by pgbench, a second; 0 when not asked.
    writes: transactions of somebody else, a second, meanwhile."""

    journey: str
    title: str
    scale: float
    aim: float | None
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    queries: float
    limit: float
    refused: int
    broken: int
    notes: str
    writes: float = 0.0

    @property
    def ratio(self) -> float | None:
        """Of the database's own limit."""
        return self.rps / self.limit if self.limit else None

    def as_json(self) -> dict[str, Any]:
        rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}
        return {**rounded, "ratio": round(self.ratio, 3) if self.ratio is not None else None}


def measure(
    journey: Journey, stage: Stage, *, seconds: float, pid: int, folder: Path, with_limit: bool, writes: float = 0.0
) -> Result:
    """Warm up, load, then count statements and run them by pgbench. The shop runs as process `pid` in `folder`."""
    _warm(journey, stage)
    before = machine.cpu_seconds(pid, folder)
    with machine.writing(folder, a_second=writes):
        outcome = journey.run(stage, seconds=seconds)
    spent = machine.cpu_seconds(pid, folder) - before
    asked = journey.asked(stage)
    _check(journey, asked)
    limit = limits.transactions_a_second(asked, folder=folder, seconds=seconds) if with_limit else 0.0
    return Result(
        journey=journey.key, title=journey.title, scale=stage.scale, aim=journey.aim,
        rps=outcome.requests / outcome.seconds, p50_ms=outcome.p50_ms, p99_ms=outcome.p99_ms,
        cpu_ms=spent * 1000 / max(outcome.requests, 1),
        queries=sum(len(one.statements) for one in asked) / max(len(asked), 1), limit=limit,
        refused=outcome.refused, broken=outcome.broken, notes=outcome.notes, writes=writes,
    )  # fmt: skip


def _warm(journey: Journey, stage: Stage) -> None:
    """Until each process has most likely answered each address: a shop that runs for days is what is measured, not its first minute."""
    wanted = ROUNDS * len(journey.requests(stage)) if isinstance(journey, Load) else 0
    answered, until = 0, time.monotonic() + MOST_WARM_SECONDS
    while True:
        answered += journey.run(stage, seconds=WARM_SECONDS).requests
        if answered >= wanted or time.monotonic() > until:
            return


def _check(journey: Journey, asked: Sequence[limits.Asked]) -> None:
    """A journey that is refused measures nothing."""
    if wrong := sorted({one.status for one in asked if one.status >= 400}):
        raise RuntimeError(f"The journey {journey.key} is answered with {wrong}.")
