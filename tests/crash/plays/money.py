"""Money that comes and goes back."""

from __future__ import annotations

from datetime import timedelta

from paysim.keys import DEFAULT_MERCHANT
from quanzi.kernel import clock
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Notification, Payment, Refund
from quanzi.trade.sales import services as sales
from tests.crash.plays.desk import Desk
from tests.crash.plays.orders import is_cancelled, ordered
from tests.crash.plays.play import PLAYS, STOCK, Facts, Play, booked_once, free, is_one, order_of, told_once, work
from tests.factories.trade import (
    start_payment,
)


def _at_the_provider() -> Facts:
    facts = ordered()
    facts["payment"] = _start(facts).pk
    return facts


def _start(facts: Facts) -> Payment:
    return payments.start(
        payable_kind="order",
        payable_id=facts["order"],
        provider="paysim",
        member_id=facts["member"],
        idempotency_key=f"pay-{facts['order']}",
        return_url="http://127.0.0.1:9/back",
        now=clock.now(),
    ).payment


def _is_started(facts: Facts) -> None:
    payment = Payment.objects.get(payable_id=facts["order"])
    assert payment.pay_url
    with Desk() as there:
        assert there.desk.trade(DEFAULT_MERCHANT, payment.number)["state"] == "NOTPAY"


PLAYS["start"] = Play(ordered, _start, _is_started)


def _paid_there() -> Facts:
    facts = _at_the_provider()
    with Desk() as there:
        there.receive(Payment.objects.get(pk=facts["payment"]))
    return facts


def _hear(facts: Facts) -> None:
    """The provider repeats its notification until it is answered; the worker then applies it."""
    with Desk() as there:
        headers, body = there.notice(Payment.objects.get(pk=facts["payment"]).number)
    answer = payments.receive_notification(provider="paysim", headers=headers, body=body, now=clock.now())
    assert answer.status == 200, answer
    work()


def _is_paid(facts: Facts) -> None:
    payment = Payment.objects.get(payable_id=facts["order"])
    assert (payment.state, payment.surplus, order_of(facts).state) == ("captured", False, "paid")
    booked_once(f"capture:{payment.number}")
    told_once("OrderPaid", order_id=facts["order"])
    told_once("PaymentCaptured", payment_id=payment.pk)
    assert free(facts) == STOCK - 2


def _is_heard(facts: Facts) -> None:
    _is_paid(facts)
    number = Payment.objects.get(pk=facts["payment"]).number
    is_one(Notification.objects.filter(content__number=number, decision="applied"))


PLAYS["hear"] = Play(_paid_there, _hear, _is_heard)
PLAYS["poll"] = Play(_paid_there, lambda facts: payments.sync(payment_id=facts["payment"], now=clock.now()), _is_paid)


def _awaits_cash() -> Facts:
    facts = ordered()
    facts["payment"] = start_payment(order_of(facts)).pk
    return facts


def take_cash(facts: Facts) -> None:
    payments.capture_offline(payment_id=facts["payment"], reference="till", actor="staff:0", now=clock.now())
    work()


PLAYS["cash"] = Play(_awaits_cash, take_cash, _is_paid)


def _expire(facts: Facts) -> None:
    sales.expire_unpaid(now=clock.now() + timedelta(hours=2))


PLAYS["expire"] = Play(_at_the_provider, _expire, is_cancelled)


def _paid_online() -> Facts:
    facts = _paid_there()
    payments.sync(payment_id=facts["payment"], now=clock.now())
    work()
    return facts


def _refund(facts: Facts) -> None:
    sales.refund_order(
        order_id=facts["order"], reason="sorry", actor="staff:0", idempotency_key="whole", now=clock.now()
    )
    work()


def _is_refunded(facts: Facts) -> None:
    assert order_of(facts).state == "refunded"
    payment = Payment.objects.get(payable_id=facts["order"])
    refund = Refund.objects.get(payment=payment)
    assert (refund.state, refund.amount_minor) == ("done", payment.amount_minor)
    booked_once(f"refund:{refund.number}")
    told_once("RefundDone", refund_id=refund.pk)
    assert free(facts) == STOCK
    with Desk() as there:
        assert there.refunds(payment.number) == 1


PLAYS["refund"] = Play(_paid_online, _refund, _is_refunded)


# -- for real workers


def _ask_for_refund(facts: Facts) -> None:
    """The promise alone: the provider hears of it from a worker."""
    key = "whole"
    sales.refund_order(order_id=facts["order"], reason="sorry", actor="staff:0", idempotency_key=key, now=clock.now())


PLAYS["refund_asked"] = Play(_paid_online, _ask_for_refund, _is_refunded)
