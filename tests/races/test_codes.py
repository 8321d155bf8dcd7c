"""Many guesses of a pickup code at once are still five."""

from __future__ import annotations

import pytest

from quanzi.kernel import clock
from quanzi.trade.fulfilment import errors, services
from quanzi.trade.fulfilment.services import guessing
from tests.factories.people import make_staff
from tests.factories.trade import make_paid_order, make_point, open_fulfilment
from tests.races.conftest import Race

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 24


def _guess_together(race: Race) -> int:
    """How many of the callers were told whether their code was right."""
    now = clock.now()
    found = open_fulfilment(make_paid_order(point=make_point()))
    services.make_ready(fulfilment_id=found.pk, actor="test", now=now)
    person = make_staff("fulfilment")
    outcome = race(
        lambda _: services.hand_over(fulfilment_id=found.pk, actor_member=person, code="0", now=now), CALLERS
    ).only(errors.WrongCode, errors.TooManyGuesses)
    return len(outcome.raised(errors.WrongCode))


def test_of_many_wrong_codes_at_once_five_are_looked_at(race: Race) -> None:
    assert _guess_together(race) == 5


def test_control_without_the_lock_more_are_looked_at(race: Race, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "check_pause", lambda **_: None)
    assert _guess_together(race) > 5
