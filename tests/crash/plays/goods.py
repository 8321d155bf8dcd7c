"""Goods that come, leave, are kept, are asked about and come back."""

from __future__ import annotations

import contextlib

from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import promises
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.models import Claim
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.payments.models import Refund
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from tests.crash.plays.orders import wish
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, booked_once, free, is_one, order_of, told_once, work
from tests.factories.goods import make_sku
from tests.factories.trade import (
    make_paid_order,
    make_point,
    make_staff,
    open_fulfilment,
    picked_up,
)


def _receive_goods(facts: Facts) -> None:
    stock.receive(sku_id=facts["sku"], quantity=3, key=facts["key"], reason="note", actor="staff:0", now=clock.now())


def _came_once(facts: Facts) -> None:
    assert free(facts) == STOCK + 3


def _promise_goods(facts: Facts) -> None:
    stock.promise(sku_id=facts["sku"], source="round:9", coming=7, now=clock.now())


def _promised_once(facts: Facts) -> None:
    [row] = promises(source="round:9", sku_ids=[facts["sku"]])
    assert (row.coming, row.left, free(facts)) == (7, 7, STOCK)


PLAYS["promise_goods"] = Play(wish, _promise_goods, _promised_once)
PLAYS["goods_in"] = Play(wish, _receive_goods, _came_once)


def _to_pick_up() -> Facts:
    sku = make_sku(stock_of=STOCK)
    order = make_paid_order(sku=sku, quantity=2, point=make_point())
    found = open_fulfilment(order)
    work()
    return {"order": order.pk, "sku": sku.pk, "fulfilment": found.pk, "staff": make_staff().pk}


def _hand_over(facts: Facts) -> None:
    found = (
        fulfilment.make_ready(fulfilment_id=facts["fulfilment"], actor="staff:0", now=clock.now())
        if (order_of(facts).state == "paid")
        else None
    )
    if found is not None:
        staff = Member.objects.get(pk=facts["staff"])
        fulfilment.hand_over(fulfilment_id=found.pk, actor_member=staff, code=found.pickup_code, now=clock.now())
    work()


def _is_gone(facts: Facts) -> None:
    assert order_of(facts).state == "received"
    told_once("OrderHandedOver", order_id=facts["order"])
    assert free(facts) == STOCK - 2


PLAYS["hand_over"] = Play(_to_pick_up, _hand_over, _is_gone)


def _to_ship() -> Facts:
    sku = make_sku(stock_of=STOCK)
    order = make_paid_order(sku=sku, quantity=2)
    found = open_fulfilment(order)
    return {"order": order.pk, "sku": sku.pk, "fulfilment": found.pk, "staff": make_staff().pk}


def _ship(facts: Facts) -> None:
    with contextlib.suppress(DomainError):  # the second time it is on its way already
        fulfilment.ship(
            fulfilment_id=facts["fulfilment"],
            actor_member=Member.objects.get(pk=facts["staff"]),
            carrier="顺丰",
            now=clock.now(),
        )
    work()


def _is_on_its_way(facts: Facts) -> None:
    assert order_of(facts).state == "handed_over"
    told_once("FulfilmentShipped", order_id=facts["order"])
    assert free(facts) == STOCK - 2


PLAYS["ship"] = Play(_to_ship, _ship, _is_on_its_way)


def received(order: Order | None = None) -> Facts:
    """Fetched with the code; an order is made unless there is one."""
    order = order or make_paid_order(sku=make_sku(stock_of=STOCK), quantity=2, point=make_point())
    staff, line = make_staff(), order.lines.get()
    picked_up(order, staff=staff)
    work()
    return {"order": order.pk, "member": order.member_id, "sku": line.sku_id, "line": line.pk, "staff": staff.pk}


def say_kept(facts: Facts) -> None:
    sales.say_kept(line_id=facts["line"], member=Member.objects.get(pk=facts["member"]), now=clock.now())
    work()


def _is_kept(facts: Facts) -> None:
    assert order_of(facts).state == "completed"
    told_once("LineKept", line_id=facts["line"])
    booked_once(f"release:line:{facts['line']}")


PLAYS["keep"] = Play(received, say_kept, _is_kept)


def take_back(facts: Facts) -> None:
    sales.refund_line(
        line_id=facts["line"],
        reason="bruised",
        actor="staff:0",
        goods_back=True,
        idempotency_key="back",
        now=clock.now(),
    )
    work()


def _is_back(facts: Facts) -> None:
    assert free(facts) == STOCK
    is_one(Refund.objects.filter(payment__payable_id=facts["order"]))
    told_once("LineReturned", line_id=facts["line"])


PLAYS["take_back"] = Play(received, take_back, _is_back)


def _ask_and_accept(facts: Facts) -> None:
    line = facts["line"]
    if not Claim.objects.filter(line_id=line).exists():
        member = Member.objects.get(pk=facts["member"])
        aftersales.ask(line_id=line, member=member, reason="spoiled", note="碎了", now=clock.now())
    claim = Claim.objects.get(line_id=line)
    if claim.state == "open":
        staff = Member.objects.get(pk=facts["staff"])
        aftersales.accept(claim_id=claim.pk, actor_member=staff, answer="抱歉", now=clock.now())
    work()


def _is_settled(facts: Facts) -> None:
    assert Claim.objects.get(line_id=facts["line"]).state == "accepted"
    is_one(Refund.objects.filter(payment__payable_id=facts["order"]))
    told_once("ClaimDecided", line_id=facts["line"])


PLAYS["claim"] = Play(received, _ask_and_accept, _is_settled)
