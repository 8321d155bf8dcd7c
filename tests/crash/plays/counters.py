"""A store's counter and pay links: ordered, paid, ended, typed and confirmed."""

from __future__ import annotations

from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.payments import services as payments
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import CounterSale, LinkState, PayLink, Store
from tests.crash.plays.play import PLAYS, Facts, Play, is_one, order_of, told_once, work
from tests.factories.stores import make_link, make_store, order_here, order_through, put_on_shelf
from tests.factories.trade import make_buyer, start_payment


def _open() -> Facts:
    store = make_store()
    sku = put_on_shelf(store, units=3)
    work()
    return {"store": store.pk, "sku": sku.pk, "member": make_buyer().pk, "keeper": store.point.leader_id}


def _order(facts: Facts) -> None:
    stores.order_at_counter(
        store_code=Store.objects.get(pk=facts["store"]).code, member=Member.objects.get(pk=facts["member"]),
        lines=[(facts["sku"], 2)], idempotency_key=f"counter-{facts['store']}", now=clock.now(),
    )  # fmt: skip
    work()


def _is_ordered(facts: Facts) -> None:
    is_one(CounterSale.objects.filter(store_id=facts["store"], ended_at=None))
    is_one(Order.objects.filter(member_id=facts["member"]))


PLAYS["order_at_counter"] = Play(_open, _order, _is_ordered)


def _ordered() -> Facts:
    facts = _open()
    order = order_here(Store.objects.get(pk=facts["store"]), Sku.objects.get(pk=facts["sku"]), quantity=2)
    return {**facts, "order": order.pk, "payment": start_payment(order).pk}


def _pay(facts: Facts) -> None:
    payments.capture_offline(payment_id=facts["payment"], reference="cash", actor="test", now=clock.now())
    work()


def _is_paid(facts: Facts) -> None:
    assert order_of(facts).state == OrderState.PAID
    assert Fulfilment.objects.get(order_id=facts["order"]).state == FulfilmentState.READY
    told_once("CounterPaid", order_id=facts["order"])


PLAYS["pay_at_counter"] = Play(_ordered, _pay, _is_paid)


def _through_link() -> Facts:
    link = make_link()
    work()
    return {"link": link.pk, "order": order_through(link).pk}


def _end(facts: Facts) -> None:
    sales.cancel_order(order_id=facts["order"], actor="test", reason="changed my mind", now=clock.now())
    work()


def _has_ended(facts: Facts) -> None:
    assert PayLink.objects.get(pk=facts["link"]).taken == 0


PLAYS["leave_pay_link"] = Play(_through_link, _end, _has_ended)


def _ask(facts: Facts) -> None:
    stores.ask_amount(
        store_code=Store.objects.get(pk=facts["store"]).code, member=Member.objects.get(pk=facts["member"]), what="茶",
        amount_minor=800, idempotency_key=f"ask-{facts['store']}", now=clock.now(),
    )  # fmt: skip
    work()


def _is_asked(facts: Facts) -> None:
    told_once("AmountAsked", store_id=facts["store"])


PLAYS["ask_amount"] = Play(_open, _ask, _is_asked)


def _asked() -> Facts:
    facts = _open()
    _ask(facts)
    return {**facts, "link": PayLink.objects.get(store_id=facts["store"]).pk}


def _answer(facts: Facts) -> None:
    stores.answer_amount(
        link_id=facts["link"], confirm=True, by=Member.objects.get(pk=facts["keeper"]), now=clock.now()
    )
    work()


def _is_answered(facts: Facts) -> None:
    assert PayLink.objects.get(pk=facts["link"]).state == LinkState.OPEN
    told_once("AmountAnswered", link_id=facts["link"])


PLAYS["answer_amount"] = Play(_asked, _answer, _is_answered)
