"""The doctor finds what the database would refuse today, and repairs it from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from quanzi.base import doctor
from quanzi.kernel.clock import Clock
from quanzi.trade.deals.invariants import PATIENCE
from quanzi.trade.deals.models import DealUse, SeatState, Team, TeamState
from quanzi.trade.sales.models import Order, OrderState
from tests.factories.deals import assert_deals_add_up, join_team, make_buyer, make_deal, open_team, pay, seat_of

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def unguarded() -> Iterator[None]:
    """What a disk, an old version or a careless hand could leave behind: no trigger watches."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def found(id: str) -> doctor.Result:
    [result] = doctor.run(only=[id])
    return result


def repaired(id: str) -> bool:
    [result] = doctor.run(fix=True, only=[id])
    return result.is_well and result.fixed > 0


def test_wrong_counters_are_found_and_counted_again() -> None:
    team, order = open_team(make_deal(), make_buyer())
    pay(order)
    with unguarded():
        Team.objects.filter(pk=team.pk).update(taken_seats=3, paid_seats=0)
        DealUse.objects.update(used=0)

    assert (found("G2").violations, found("G2.limit").violations) == (1, 1)
    assert repaired("G2")
    team.refresh_from_db()
    assert (team.taken_seats, team.paid_seats, DealUse.objects.get().used) == (1, 1, 1)
    assert_deals_add_up()


def test_a_seat_that_outlived_its_order_is_ended() -> None:
    team, order = open_team(make_deal(), make_buyer())
    with unguarded():
        Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)

    assert found("G2").violations == 1
    assert repaired("G2")
    assert (seat_of(order).state, Team.objects.get(pk=team.pk).taken_seats) == (SeatState.RELEASED, 0)


def test_a_team_that_nobody_failed_is_failed_and_everybody_refunded(clock: Clock) -> None:
    team, order = open_team(make_deal(), make_buyer())
    payment = pay(order)
    clock.at = team.deadline + PATIENCE
    assert found("G1").is_well
    clock.at += timedelta(seconds=1)

    assert found("G1").violations == 1
    assert repaired("G1")
    payment.refresh_from_db()
    assert payment.refunded_minor == payment.amount_minor
    assert_deals_add_up()


def test_an_order_of_a_successful_team_that_still_waits_is_released() -> None:
    team, first = open_team(make_deal(team_size=2), make_buyer())
    _, second = join_team(team, make_buyer())
    pay(first)
    pay(second)
    with unguarded():
        Order.objects.filter(pk=second.pk).update(released_at=None)

    assert found("G1").violations == 1
    assert repaired("G1")
    assert_deals_add_up()


def test_a_success_without_payments_is_found_and_left_to_people() -> None:
    team, order = open_team(make_deal(team_size=2), make_buyer())
    pay(order)
    with unguarded():
        Team.objects.filter(pk=team.pk).update(state=TeamState.SUCCEEDED, succeeded_at=team.opened_at)

    result = found("G1.proof")
    assert (result.violations, result.can_fix) == (1, False)


def test_a_price_without_a_seat_is_found() -> None:
    _, order = open_team(make_deal(), make_buyer())
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM deals_seat WHERE order_id = %s", [order.pk])

    assert found("G2.price").violations == 1
