"""Coupons: taken, spent on an order, back when it is cancelled."""

from __future__ import annotations

from contextlib import suppress

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.rewards import errors, services
from quanzi.trade.rewards.models import Coupon, TakenCoupon
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.crash.plays.play import PLAYS, Facts, Play, is_one, work
from tests.factories.goods import make_sku
from tests.factories.rewards import make_coupon, make_taken, order_with
from tests.factories.trade import make_buyer, make_point


def _offer() -> Facts:
    return {"coupon": make_coupon().pk, "member": make_buyer().pk}


def _take(facts: Facts) -> None:
    code = Coupon.objects.values_list("code", flat=True).get(pk=facts["coupon"])
    with suppress(errors.TakenBefore):
        services.take_coupon(code=code, member=Member.objects.get(pk=facts["member"]), now=clock.now())
    work()


def _has_it(facts: Facts) -> None:
    is_one(TakenCoupon.objects.filter(member_id=facts["member"]))
    assert Coupon.objects.get(pk=facts["coupon"]).taken == 1


PLAYS["coupon_taken"] = Play(_offer, _take, _has_it)


def _taken() -> Facts:
    taken = make_taken(make_buyer())
    return {
        "taken": taken.pk,
        "member": taken.member_id,
        "sku": make_sku(stock_of=3, price_minor=3_000).pk,
        "point": make_point().pk,
    }


def _spend(facts: Facts) -> None:
    sales.place_order(
        member=Member.objects.get(pk=facts["member"]), lines=[(facts["sku"], 1)], method="pickup", pickup_point_id=facts["point"],
        context={"coupon_id": facts["taken"]}, idempotency_key=f"spend-{facts['taken']}", now=clock.now(),
    )  # fmt: skip
    work()


def _is_spent(facts: Facts) -> None:
    is_one(Order.objects.filter(member_id=facts["member"]))
    assert TakenCoupon.objects.get(pk=facts["taken"]).order == Order.objects.get(member_id=facts["member"])


PLAYS["coupon_spent"] = Play(_taken, _spend, _is_spent)


def _ordered() -> Facts:
    taken = make_taken(make_buyer())
    return {"taken": taken.pk, "order": order_with(taken).pk}


def _cancel(facts: Facts) -> None:
    sales.cancel_order(order_id=facts["order"], actor="member:1", reason="no", now=clock.now())
    work()


def _is_back(facts: Facts) -> None:
    taken = TakenCoupon.objects.get(pk=facts["taken"])
    assert (taken.order, taken.backs) == (None, 1)


PLAYS["coupon_back"] = Play(_ordered, _cancel, _is_back)
