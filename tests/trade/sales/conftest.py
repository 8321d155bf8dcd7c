"""Time stands still in these tests, and moves when they say so."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from quanzi.kernel import clock
from quanzi.kernel.clock import Clock

NOON = datetime(2027, 5, 1, 4, tzinfo=UTC)
"""Twelve o'clock in Shanghai."""


@pytest.fixture(autouse=True)
def time() -> Iterator[Clock]:
    with clock.frozen(NOON) as stopped:
        yield stopped


@pytest.fixture(autouse=True)
def well_at_the_end(request: pytest.FixtureRequest, assert_well: Callable[[], None]) -> Iterator[None]:
    """Every test that touches the database leaves it with nothing for the doctor to find."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    yield
    assert_well()
