"""Sixty-four callers for one payout, and for sending it; with a control that pays twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from quanzi.base import doctor
from quanzi.base.ledger.queries import balance
from quanzi.growth.commission.errors import NothingToPay, PayoutOpen, StatementChanged
from quanzi.growth.commission.models import Payout
from quanzi.growth.commission.services import fail_payout, make_payout, mark_sent, settling
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from tests.factories.commission import make_leader, make_payable_line
from tests.factories.people import make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def sound() -> None:
    assert [(one.id, one.sample) for one in doctor.run(only=["C2", "C3", "L1", "L2"]) if one.violations] == []


def test_many_callers_make_one_payout(race: Any) -> None:
    leader, finance, now = make_leader(), make_staff("finance"), clock.now()
    make_payable_line(leader)

    outcome = race(
        lambda number: make_payout(member_id=leader.pk, staff=finance, idempotency_key=f"k{number}", now=now).pk
    )

    outcome.only(PayoutOpen)
    assert (len(outcome.results), Payout.objects.count()) == (1, 1)
    sound()


def test_without_the_lock_they_do_collide_and_the_database_is_what_refuses(
    race: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the race is real, and the unique constraints are the last guard."""
    leader, finance, now = make_leader(), make_staff("finance"), clock.now()
    make_payable_line(leader)
    monkeypatch.setattr(settling, "lock_person", lambda member_id: None)

    outcome = race(
        lambda number: make_payout(member_id=leader.pk, staff=finance, idempotency_key=f"k{number}", now=now).pk
    )

    outcome.only(IntegrityError, PayoutOpen, NothingToPay)
    assert outcome.raised(IntegrityError) or outcome.raised(NothingToPay)
    assert Payout.objects.count() == 1
    sound()


def test_sent_by_many_and_dropped_by_others_it_ends_one_way(race: Any) -> None:
    leader, finance = make_leader(), make_staff("finance")
    make_payable_line(leader)
    later = clock.now() + timedelta(minutes=1)
    payout = make_payout(member_id=leader.pk, staff=finance, idempotency_key="one", now=clock.now())

    def call(number: int) -> None:
        if number % 2:
            mark_sent(payout_id=payout.pk, reference="R1", staff=finance, now=later)
        else:
            fail_payout(payout_id=payout.pk, reason="stop", staff=finance, now=later)

    race(call).only(IllegalMove, StatementChanged)
    payout.refresh_from_db()
    assert payout.state == "failed"  # a transfer that was sent may still come back; a dropped one is never sent
    assert balance("cash.bank").minor == 0
    sound()
