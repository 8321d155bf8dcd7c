"""Preorders: a place, its deposit, the batch, the balance, another date, the goods, and the ways back."""

from __future__ import annotations

from datetime import timedelta

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Answer, DateChange, Place, Preorder
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderCredit
from tests.crash.plays.play import PLAYS, Facts, Play, is_one, told_once, work
from tests.factories.preorders import ask, hold, make_made, make_preorder, order_balance, start_deposit
from tests.factories.trade import make_address, make_buyer, pay

SOON = timedelta(minutes=6)


def _place(facts: Facts) -> Place:
    return Place.objects.get(pk=facts["place"])


def _returned_once(facts: Facts) -> None:
    assert _place(facts).state == "returned"
    is_one(Refund.objects.filter(payment__payable_kind="deposit", payment__payable_id=facts["place"]))
    told_once("PlaceReturned", place_id=facts["place"])


def _open() -> Facts:
    made = make_preorder()
    work()
    return {"preorder": made.pk, "sku": made.goods.get().sku_id, "member": make_buyer().pk}


def _ask(facts: Facts) -> None:
    preorders.ask_place(
        preorder_id=facts["preorder"], sku_id=facts["sku"], quantity=1, member=Member.objects.get(pk=facts["member"]),
        idempotency_key=f"ask-{facts['preorder']}", now=clock.now(),
    )  # fmt: skip
    work()


PLAYS["ask_place"] = Play(_open, _ask, lambda facts: is_one(Place.objects.filter(preorder_id=facts["preorder"])))


def _asked() -> Facts:
    place = ask(make_preorder())
    return {"place": place.pk, "preorder": place.preorder_id, "payment": start_deposit(place).pk}


def _pay_deposit(facts: Facts) -> None:
    payments.capture_offline(payment_id=facts["payment"], reference="", actor="test", now=clock.now())
    work()


def _deposit_counts(facts: Facts) -> None:
    assert (_place(facts).state, Preorder.objects.get(pk=facts["preorder"]).taken) == ("held", 1)
    told_once("DepositPaid", place_id=facts["place"])


PLAYS["pay_deposit"] = Play(_asked, _pay_deposit, _deposit_counts)


def _two_held() -> Facts:
    made = make_preorder(threshold=2)
    places = [hold(made) for _ in range(2)]
    work()
    return {"preorder": made.pk, "place": places[0].pk, "sku": made.goods.get().sku_id}


def _make(facts: Facts) -> None:
    preorders.make_batch(preorder_id=facts["preorder"], actor="test", now=clock.now())
    work()


PLAYS["make_batch"] = Play(_two_held, _make, lambda facts: told_once("BatchMade", preorder_id=facts["preorder"]))


def _one_held_of_three() -> Facts:
    made = make_preorder(threshold=3)
    place = hold(made)
    work()
    return {"preorder": made.pk, "place": place.pk}


def _miss(facts: Facts) -> None:
    preorders.decide_due(Preorder.objects.get(pk=facts["preorder"]).closes_at)
    work()


PLAYS["miss_batch"] = Play(_one_held_of_three, _miss, _returned_once)


def _made() -> Facts:
    made, (place, other) = make_made(places=2)
    address = make_address(place.member)
    work()
    return {"preorder": made.pk, "place": place.pk, "other": other.pk, "member": place.member_id, "address": address.pk}


def _order_balance(facts: Facts) -> None:
    preorders.order_balance(
        place_id=facts["place"], member=Member.objects.get(pk=facts["member"]), method="delivery", address_id=facts["address"],
        idempotency_key=f"balance-{facts['place']}", now=clock.now(),
    )  # fmt: skip
    work()


def _balance_ordered(facts: Facts) -> None:
    is_one(OrderCredit.objects.filter(order_id=_place(facts).order_id, ended_at=None))


PLAYS["order_balance"] = Play(_made, _order_balance, _balance_ordered)


def _balance_waits() -> Facts:
    facts = _made()
    order = order_balance(_place(facts))
    return {**facts, "order": order.pk}


def _pay_balance(facts: Facts) -> None:
    order = Order.objects.get(pk=facts["order"])
    payments.pay_offline(
        payable_kind="order", payable_id=order.pk, member_id=order.member_id, reference="", actor="test",
        idempotency_key=f"pay-balance-{order.pk}", now=clock.now(),
    )  # fmt: skip
    work()


def _balance_paid(facts: Facts) -> None:
    assert _place(facts).state == "settled"
    told_once("BalancePaid", place_id=facts["place"])


PLAYS["pay_balance"] = Play(_balance_waits, _pay_balance, _balance_paid)


def _cancel_balance(facts: Facts) -> None:
    sales.cancel_order(order_id=facts["order"], actor="test", reason="test", now=clock.now())
    work()


def _balance_cancelled(facts: Facts) -> None:
    assert (_place(facts).state, _place(facts).order_id) == ("held", None)


PLAYS["cancel_balance"] = Play(_balance_waits, _cancel_balance, _balance_cancelled)


def _lapse(facts: Facts) -> None:
    until = Preorder.objects.get(pk=facts["preorder"]).balance_until
    assert until is not None
    preorders.lapse_due(until + SOON)
    work()


PLAYS["lapse"] = Play(_balance_waits, _lapse, _returned_once)


def _balance_is_paid() -> Facts:
    facts = _balance_waits()
    pay(Order.objects.get(pk=facts["order"]))
    work()
    return facts


def _refund_both(facts: Facts) -> None:
    order = Order.objects.get(pk=facts["order"])
    sales.refund_order(
        order_id=order.pk, reason="test", actor="test", idempotency_key=f"both-{order.pk}", now=clock.now()
    )
    work()


def _both_came_back(facts: Facts) -> None:
    own = Payment.objects.get(payable_kind="order", payable_id=facts["order"], state="captured")
    assert own.refunded_minor == own.amount_minor
    is_one(Refund.objects.filter(payment=own))
    _returned_once(facts)


PLAYS["refund_two_payments"] = Play(_balance_is_paid, _refund_both, _both_came_back)


def _receive(facts: Facts) -> None:
    preorder = Preorder.objects.get(pk=facts["preorder"])
    preorders.receive_batch(
        preorder_id=preorder.pk, sku_id=preorder.goods.get().sku_id, quantity=1, idempotency_key="once", actor="test",
        now=clock.now(),
    )  # fmt: skip
    work()


def _may_leave(facts: Facts) -> None:
    assert Order.objects.get(pk=facts["order"]).released_at is not None
    told_once("OrderReleased", order_id=facts["order"])


PLAYS["batch_is_here"] = Play(_balance_is_paid, _receive, _may_leave)


def _call_off(facts: Facts) -> None:
    if Preorder.objects.get(pk=facts["preorder"]).state == "made":
        preorders.call_off(preorder_id=facts["preorder"], reason="test", actor="test", now=clock.now())
    preorders.decide_due(clock.now())
    work()


PLAYS["call_batch_off"] = Play(_balance_is_paid, _call_off, _both_came_back)


def _ask_date(facts: Facts) -> None:
    preorder = Preorder.objects.get(pk=facts["preorder"])
    if not DateChange.objects.filter(preorder=preorder).exists():
        preorders.ask_date(
            preorder_id=preorder.pk, after=preorder.promised_on + timedelta(days=3), reason="test", actor="test",
            now=clock.now(),
        )  # fmt: skip
    if _place(facts).ended_at is None:
        preorders.answer_date(
            place_id=facts["place"], member=Member.objects.get(pk=facts["member"]), agrees=False, now=clock.now()
        )
    work()


def _date_refused(facts: Facts) -> None:
    is_one(Answer.objects.filter(place_id=facts["place"], agrees=False))
    is_one(Answer.objects.filter(place_id=facts["other"], agrees=None))
    _returned_once(facts)


PLAYS["another_date"] = Play(_made, _ask_date, _date_refused)
