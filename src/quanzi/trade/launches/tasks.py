"""Background entries."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.jobs.registry import job, periodic
from quanzi.trade.launches import services


@job("launches.run")
def run(*, launch_id: int, now: datetime) -> None:
    """At the start, at the end of turns, and at the end: what is due in one launch."""
    services.run(launch_id=launch_id, now=now)


@periodic("launches.run_due", "* * * * *")
def run_due(*, now: datetime) -> int:
    """Every minute: whatever a lost job left."""
    return services.run_due(now)


@job("launches.remind")
def remind(*, day_id: int, now: datetime) -> int:
    """When a brand day opens: who asked for it is told."""
    return services.tell_reminders(day_id=day_id, now=now)


@job("launches.pass_pieces_on")
def pass_pieces_on(*, now: datetime) -> int:
    """At the end of a turn for a piece: the next one's turn."""
    return services.pass_on_due(now)


@periodic("launches.pass_on_due", "*/10 * * * *")
def pass_on_due(*, now: datetime) -> int:
    """Every ten minutes: whatever a lost job left of turns for pieces."""
    return services.pass_on_due(now)
