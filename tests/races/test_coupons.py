"""One coupon, fought for by the orders of an impatient finger, and the last ones by many; with a control that does race."""

from __future__ import annotations

import pytest

from quanzi.kernel import clock
from quanzi.trade.rewards import errors, services
from quanzi.trade.rewards.models import Coupon, TakenCoupon
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.rewards import assert_coupons_add_up, make_coupon, make_taken, order_with
from tests.factories.trade import make_buyer, make_point
from tests.races.conftest import Race, let_in_carelessly

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]
CALLERS = 64


def test_a_coupon_in_two_carts_makes_the_price_of_one_order(race: Race) -> None:
    """Other goods each, so that nothing but the coupon stands between them; and one that is cancelled meanwhile."""
    taken, point = make_taken(make_buyer()), make_point()
    skus = [make_sku(price_minor=3_000, stock_of=CALLERS) for _ in range(4)]
    first = order_with(taken, sku=skus[0], point=point)

    def act(number: int) -> object:
        if number == 0:
            return sales.cancel_order(order_id=first.pk, actor="test", reason="changed", now=clock.now())
        return order_with(taken, sku=skus[number % 4], point=point, idempotency_key=f"finger-{number}")

    race(act, CALLERS).only(errors.CouponNotFree)
    living = Order.objects.filter(state="placed")
    taken.refresh_from_db()
    assert living.count() <= 1 and taken.order == living.first()
    assert_coupons_add_up()
    assert let_in_carelessly(race, CALLERS) > 1


def test_the_last_coupons_are_taken_by_as_many_as_there_are(race: Race) -> None:
    coupon, people = make_coupon(most=3, each=1), [make_buyer() for _ in range(16)]

    def act(number: int) -> object:
        return services.take_coupon(code=coupon.code, member=people[number % 16], now=clock.now())

    race(act, CALLERS).only(errors.AllTaken, errors.TakenBefore)
    assert (Coupon.objects.get().taken, TakenCoupon.objects.values("member").distinct().count()) == (3, 3)
    assert_coupons_add_up()


def test_one_key_takes_one_coupon_however_often_it_is_sent_at_once(race: Race) -> None:
    coupon, me = make_coupon(most=20, each=9), make_buyer()

    def act(number: int) -> object:
        return services.take_coupon(code=coupon.code, member=me, idempotency_key="one-finger", now=clock.now()).pk

    outcome = race(act, CALLERS)
    outcome.only()
    assert Coupon.objects.get().taken == 1
    assert_coupons_add_up()
