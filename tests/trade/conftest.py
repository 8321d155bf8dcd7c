"""What every story of trade asks at its end: is everything still true?"""

from collections.abc import Callable

import pytest

from quanzi.base.doctor import run
from quanzi.base.events.services import deliver_pending
from quanzi.base.ledger import queries as ledger
from quanzi.base.ledger.queries import settle_deferred
from quanzi.kernel import clock
from quanzi.kernel.money import Money


def doctor_finds_nothing() -> None:
    """Let everything that waits for the commit speak, deliver what was announced, and check every invariant."""
    settle_deferred()
    while deliver_pending(now=clock.now()):
        continue
    settle_deferred()
    ill = [(one.id, one.error, one.sample) for one in run() if not one.is_well]
    assert not ill, ill


@pytest.fixture
def assert_well() -> Callable[[], None]:
    return doctor_finds_nothing


@pytest.fixture
def books() -> Callable[[str], Money]:
    """The balance of an account once everything booked so far is sealed."""

    def balance(code: str) -> Money:
        settle_deferred()
        return ledger.balance(code)

    return balance
