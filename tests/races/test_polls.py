"""The last unit and the attention of one person, fought for by questions, carts and orders; with a control that does race."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.goods.stock.errors import OutOfStock
from quanzi.goods.stock.queries import free
from quanzi.kernel.clock import Clock
from quanzi.people.accounts.models import Member
from quanzi.trade.polls import errors, services
from quanzi.trade.polls.models import Asked, Good, Poll
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.people import befriend
from tests.factories.polls import ask, assert_polls_add_up, make_friends, order_held
from tests.factories.trade import make_buyer, make_order, make_point
from tests.races.conftest import Race, let_in_carelessly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]
CALLERS = 24


def test_the_last_unit_is_held_or_sold_once(race: Race) -> None:
    """Half ask friends about it, half order it."""
    sku, point = make_sku(stock_of=1), make_point()
    people = [make_friends(1) if number % 2 else (make_buyer(), []) for number in range(CALLERS)]

    def act(number: int) -> object:
        me, friends = people[number]
        return ask(me, friends, sku_ids=[sku.pk]) if friends else make_order(sku=sku, point=point, member=me)

    race(act, CALLERS).only(OutOfStock)
    assert Poll.objects.count() + Order.objects.count() == 1
    assert_polls_add_up()
    assert let_in_carelessly(race, CALLERS) > 1


def test_what_was_held_is_ordered_once_whoever_stands_by_and_however_it_ends(race: Race, clock: Clock) -> None:
    """Its asker orders with an impatient finger while its day ends and others wait for the unit."""
    me, friends = make_friends(1)
    sku, point = make_sku(stock_of=1), make_point()
    poll = ask(me, friends, sku_ids=[sku.pk])
    others = [make_buyer() for _ in range(CALLERS)]

    def act(number: int) -> object:
        if number % 3 == 0:
            return order_held(poll, key=f"finger-{number % 2}")
        if number % 3 == 1:
            return services.end_due(clock.at + timedelta(hours=24))
        return make_order(sku=sku, point=point, member=others[number])

    race(act, CALLERS).only(OutOfStock, errors.PollOver, errors.BoughtAlready)
    assert Order.objects.count() <= 1 and free([sku.pk])[sku.pk] == 1 - Order.objects.count()
    assert Good.objects.filter(order__isnull=False).count() == Order.objects.filter(member=me).count()
    assert_polls_add_up()


def test_nobody_is_asked_more_often_than_they_can_hear(race: Race) -> None:
    busy = make_buyer()
    askers: list[Member] = [make_buyer() for _ in range(8)]
    for one in askers:
        befriend(one, busy)
    race(lambda number: ask(askers[number], [busy]), len(askers)).only(errors.CannotBeAsked)
    assert Asked.objects.filter(member=busy).count() == 3
    assert_polls_add_up()
