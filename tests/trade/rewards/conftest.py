from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from quanzi.kernel.clock import Clock, frozen

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    """Time stands at ten in the morning of a Friday in Shanghai, until a test moves it."""
    with frozen(NOW) as clock:
        yield clock
