"""The last place, the threshold at the end of the window, a balance paid twice, leaving against paying; with a control that does race."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.kernel.clock import Clock
from quanzi.trade.payments.errors import NotPayable
from quanzi.trade.payments.models import Payment
from quanzi.trade.preorders import errors
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place, Preorder
from quanzi.trade.sales.models import Order
from tests.factories.preorders import (
    DEPOSIT,
    ask,
    assert_preorders_add_up,
    hold,
    make_made,
    make_preorder,
    order_balance,
    start_deposit,
)
from tests.factories.trade import capture, make_buyer, start_payment
from tests.races.conftest import NOW, Race, let_in_carelessly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

MS = timedelta(milliseconds=1)
CALLERS = 16


def test_the_last_place_goes_to_exactly_one_and_every_other_deposit_returns(race: Race) -> None:
    preorder = make_preorder(threshold=1, most=1)
    waiting = [start_deposit(ask(preorder)) for _ in range(CALLERS)]
    race(lambda n: capture(waiting[n]), CALLERS).only()
    states = list(Place.objects.values_list("state", flat=True))
    assert (states.count("held"), states.count("gone")) == (1, CALLERS - 1)
    back = Payment.objects.filter(payable_kind="deposit", surplus=True, refunded_minor=DEPOSIT)
    assert back.count() == CALLERS - 1
    assert_preorders_add_up()


def test_control_a_count_that_is_read_before_it_is_written_lets_several_in(race: Race) -> None:
    preorder = make_preorder(threshold=1, most=1)
    assert let_in_carelessly(race, CALLERS, seems_free=lambda: Preorder.objects.get(pk=preorder.pk).taken < 1) > 1, (
        "the harness does not race"
    )


def test_the_deposit_that_reaches_the_threshold_at_the_end_counts_whole_or_not_at_all(race: Race, clock: Clock) -> None:
    preorder = make_preorder(threshold=2)
    first = hold(preorder)
    late = start_deposit(ask(preorder, now=preorder.closes_at - timedelta(minutes=1)), now=preorder.closes_at - MS)
    clock.at = preorder.closes_at

    def act(number: int) -> object:
        return capture(late, now=preorder.closes_at - MS) if number else preorders.decide_due(preorder.closes_at)

    race(act, 2).only()
    preorders.decide_due(preorder.closes_at)
    preorder.refresh_from_db()
    first.refresh_from_db()
    second = Place.objects.exclude(pk=first.pk).get()
    if preorder.state == "made":
        assert (first.state, second.state, preorder.taken) == ("held", "held", 2)
    else:
        assert (preorder.state, first.state, second.state) == ("missed", "returned", "gone")
    assert_preorders_add_up()


def test_leaving_at_the_moment_of_making_is_before_or_after_and_never_both(race: Race) -> None:
    preorder = make_preorder(threshold=2)
    places = [hold(preorder), hold(preorder)]

    def act(number: int) -> object:
        if number:
            return preorders.make_batch(preorder_id=preorder.pk, actor="test", now=NOW)
        return preorders.leave(place_id=places[0].pk, member=places[0].member, now=NOW)

    race(act, 2).only(errors.BelowThreshold)
    places[0].refresh_from_db()
    preorder.refresh_from_db()
    assert (places[0].state, preorder.taken) == ("returned", 1)
    assert preorder.state in ("open", "made")
    assert_preorders_add_up()


def test_a_balance_that_is_paid_twice_counts_once_and_the_second_goes_back(race: Race) -> None:
    _, (place, _) = make_made(places=2)
    order = order_balance(place)
    twice = [start_payment(order), start_payment(order)]
    race(lambda n: capture(twice[n]), 2).only(NotPayable)
    order.refresh_from_db()
    place.refresh_from_db()
    captured = Payment.objects.filter(payable_kind="order", payable_id=order.pk, state="captured")
    assert (order.state, place.state) == ("paid", "settled")
    assert captured.filter(surplus=False).count() == 1
    assert all(one.refunded_minor == one.amount_minor for one in captured.filter(surplus=True))
    assert_preorders_add_up()


def test_leaving_against_paying_the_balance_has_one_outcome(race: Race) -> None:
    for _ in range(3):
        _, (place, _) = make_made(places=2)
        order = order_balance(place)
        payment = start_payment(order)

        def act(number: int, place: Place = place, payment: Payment = payment) -> object:
            if number:
                return capture(payment)
            return preorders.leave(place_id=place.pk, member=place.member, now=NOW)

        race(act, 2).only(errors.PaidInFull, NotPayable)
        place.refresh_from_db()
        order = Order.objects.get(pk=order.pk)
        assert (place.state, order.state) in (("settled", "paid"), ("returned", "cancelled"))
    assert_preorders_add_up()


def test_one_member_who_asks_many_times_at_once_has_one_place(race: Race) -> None:
    preorder, member = make_preorder(), make_buyer()
    race(lambda n: ask(preorder, member=member), CALLERS).only(errors.HasPlace)
    assert Place.objects.filter(member=member, ended_at=None).count() == 1
    assert_preorders_add_up()
