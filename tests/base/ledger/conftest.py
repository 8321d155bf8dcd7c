"""Small bookings for the tests of the books."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from quanzi.base.ledger import chart
from quanzi.base.ledger.models import Transaction
from quanzi.base.ledger.services import Leg, post

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def legs(minor: int = 500) -> list[Leg]:
    """Money from a buyer into escrow."""
    return [Leg(chart.CASH_PAYSIM, minor), Leg(chart.ESCROW_BUYERS, -minor)]


@pytest.fixture
def pay() -> Callable[..., Transaction]:
    """Book a payment: pay("p1"), pay("p2", 1200)."""

    def book(key: str, minor: int = 500) -> Transaction:
        return post(key=key, kind="payment.captured", ref="payment:1", entries=legs(minor), now=NOW)

    return book
