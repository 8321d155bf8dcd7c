"""Background jobs by name. Rooms register theirs in `tasks.py`, which is imported when apps are ready."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from quanzi.kernel import clock, crash

PERIODIC_RETRIES = 3

# 3, 9, 27, 81, 243 … seconds: long enough for a provider to come back, short enough to matter today.
_WAIT_BASE = 3


@dataclass(frozen=True)
class Job:
    """retries: attempts after the first; wants_now: whether the function takes `now`."""

    name: str
    function: Callable[..., object]
    retries: int
    wants_now: bool

    def run(self, arguments: dict[str, Any]) -> None:
        """Call the function with its arguments, and with the moment when it asks for it."""
        if self.wants_now:
            arguments = {**arguments, "now": clock.now()}
        crash.point("jobs.run.started")
        self.function(**arguments)
        crash.point("jobs.run.done")


_jobs: dict[str, Job] = {}


def job[F: Callable[..., object]](name: str, retries: int = 5) -> Callable[[F], F]:
    """Register a function of plain keyword arguments (and `now`, when it has that parameter).

    A job may run more than once, so its effect must be safe to repeat. The name "room.what" is stored
    with waiting jobs; it stays when the function moves.
    """

    def register(function: F) -> F:
        _add(name, function, retries)
        return function

    return register


def periodic[F: Callable[..., object]](name: str, cron: str) -> Callable[[F], F]:
    """Register a function to run by a five-field cron line (in UTC), once across all workers."""

    def register(function: F) -> F:
        known = _jobs.get(name)
        if known is None:
            _add(name, function, PERIODIC_RETRIES)
        elif known.function is not function:
            raise ValueError(f"two jobs are called {name}")
        app.periodic(cron=cron, periodic_id=name)(app.tasks[name])
        return function

    return register


def find(name: str) -> Job:
    """The job of this name; raises KeyError, since a misspelt name is a mistake of the program."""
    return _jobs[name]


def retries_of(name: str) -> int:
    """How often a job is tried again; 0 for one that this version of the program does not know."""
    return _jobs[name].retries if name in _jobs else 0


def names() -> list[str]:
    return sorted(_jobs)


def _add(name: str, function: Callable[..., object], retries: int) -> None:
    if name in _jobs:
        raise ValueError(f"two jobs are called {name}")
    one = Job(
        name,
        function,
        retries,
        wants_now="now" in inspect.signature(function).parameters,
    )
    _jobs[name] = one

    def run(timestamp: int | None = None, **arguments: Any) -> None:
        # timestamp: what a periodic launch adds, the tick that caused it.
        one.run(arguments)

    strategy = RetryStrategy(max_attempts=retries, exponential_wait=_WAIT_BASE) if retries else False
    app.task(name=name, retry=strategy)(run)
