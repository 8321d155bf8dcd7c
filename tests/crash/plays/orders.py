"""Orders that are placed and end unpaid."""

from __future__ import annotations

from typing import Any

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, free, is_one, order_of, told_once, work
from tests.factories.goods import make_sku
from tests.factories.trade import (
    make_address,
    make_buyer,
    make_order,
)


def wish() -> Facts:
    member = make_buyer()
    sku = make_sku(stock_of=STOCK)
    return {
        "member": member.pk,
        "address": make_address(member).pk,
        "sku": sku.pk,
        "key": f"wish-{member.pk}",
    }


def _place(facts: Facts) -> Order:
    return sales.place_order(
        member=Member.objects.get(pk=facts["member"]),
        lines=[(facts["sku"], 2)],
        method="delivery",
        address_id=facts["address"],
        idempotency_key=facts["key"],
        now=clock.now(),
    )


def _is_placed(facts: Facts) -> None:
    is_one(Order.objects.filter(member_id=facts["member"]))
    told_once("OrderPlaced", order_id=Order.objects.get(member_id=facts["member"]).pk)
    assert free(facts) == STOCK - 2


PLAYS["place"] = Play(wish, _place, _is_placed)


def ordered(**more: Any) -> Facts:
    sku = make_sku(stock_of=STOCK)
    order = make_order(sku=sku, quantity=2, **more)
    return {"order": order.pk, "member": order.member_id, "sku": sku.pk, "line": order.lines.get().pk}


def _cancel(facts: Facts) -> None:
    sales.cancel_order(order_id=facts["order"], actor="member:1", reason="no", now=clock.now())
    work()


def is_cancelled(facts: Facts) -> None:
    assert order_of(facts).state == "cancelled"
    told_once("OrderCancelled", order_id=facts["order"])
    assert free(facts) == STOCK
    assert not Payment.objects.filter(payable_id=facts["order"], state="created").exists()


PLAYS["cancel"] = Play(ordered, _cancel, is_cancelled)
