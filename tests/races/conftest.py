"""Calls that really run together: threads, each with its own database connection, let go at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from quanzi.kernel.clock import Clock, frozen

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""Where the clock stands still for races around a moment."""


@dataclass
class Outcome:
    """What the callers got: values that were returned, and exceptions that were raised."""

    results: list[Any] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def raised(self, kind: type[Exception]) -> list[Exception]:
        """Errors of one kind."""
        return [error for error in self.errors if isinstance(error, kind)]

    def only(self, *kinds: type[Exception]) -> Outcome:
        """The outcome itself, or the first error that is none of these kinds."""
        for error in self.errors:
            if not isinstance(error, kinds):
                raise error
        return self


Race = Callable[..., Outcome]


def _race(call: Callable[[int], Any], callers: int = 64, seconds: float = 60) -> Outcome:
    """Run call(0) … call(callers - 1) together, each on its own connection, opened before the start.

    Tests that use it are marked `django_db(transaction=True)`, since other connections see committed rows only.
    """
    outcome, guard, start = Outcome(), threading.Lock(), threading.Barrier(callers, timeout=seconds)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            result = call(number)
        except Exception as error:  # noqa: BLE001 - the test judges what its callers met
            with guard:
                outcome.errors.append(error)
        else:
            with guard:
                outcome.results.append(result)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    assert not any(thread.is_alive() for thread in threads), "some callers never came back"
    return outcome


def let_in_carelessly(race: Race, callers: int, *, seems_free: Callable[[], bool] = lambda: True) -> int:
    """The control of a race for one place: how many get it when each looks first and writes then. seems_free: what else each looks at."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE careless (who int)")

    def enter(number: int) -> None:
        if seems_free():
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM careless")
                if cursor.fetchone()[0] < 1:
                    time.sleep(0.05)
                    cursor.execute("INSERT INTO careless VALUES (%s)", [number])

    try:
        race(enter, callers).only()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM careless")
            count: int = cursor.fetchone()[0]
            return count
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE careless")


@pytest.fixture
def race() -> Race:
    """race(call, callers=64) -> Outcome; `call` gets the caller's number."""
    return _race


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Stands at NOW until a test moves it."""
    with frozen(NOW) as clock:
        yield clock
