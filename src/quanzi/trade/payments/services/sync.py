"""Asking the provider, when nothing is heard or somebody is waiting."""

import hashlib
from datetime import datetime

from django.db import transaction

from quanzi.kernel import crash
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import NoSuchPayment, WrongAmount
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.providers.protocol import Outcome, Queried, Standing
from quanzi.trade.payments.services.capture import apply
from quanzi.trade.payments.services.cases import open_case
from quanzi.trade.payments.services.moves import give_up
from quanzi.trade.payments.states import PaymentState


def sync(*, payment_id: int, now: datetime) -> Payment:
    """Bring a waiting payment to what the provider knows; also closes it there once it has expired.

    Talks to the network, so call it outside a transaction. Never raises for the provider's silence: the payment is
    returned as it stands.
    """
    payment = _get(payment_id)
    way = providers.get(payment.provider)
    if not way.is_online or payment.state == PaymentState.CAPTURED:
        return payment
    answer = way.query(payment.number)
    crash.point("payments.sync.asked")
    if answer.outcome is not Outcome.DONE:
        return payment
    if answer.standing is Standing.PAID:
        return _take(payment, answer, now)
    if payment.state != PaymentState.CREATED:
        return payment
    if answer.standing is Standing.FAILED:
        return give_up(payment_id=payment_id, state=PaymentState.FAILED, now=now)
    if answer.standing is Standing.CLOSED:
        return give_up(payment_id=payment_id, state=PaymentState.CLOSED, now=now)
    return close(payment_id=payment_id, now=now) if now >= payment.expires_at else payment


def close(*, payment_id: int, now: datetime) -> Payment:
    """End a waiting payment, the provider first: only a payment that comes back closed or failed cannot be paid.

    It may come back captured (the payer was faster) or still created (the provider is silent; ask again later),
    so release stock only after reading `state`. Call it outside a transaction.
    """
    payment = _get(payment_id)
    if payment.state != PaymentState.CREATED:
        return payment
    way = providers.get(payment.provider)
    answer = way.close(payment.number)
    crash.point("payments.close.asked")
    if answer.outcome is Outcome.DONE:
        return give_up(payment_id=payment_id, state=PaymentState.CLOSED, now=now)
    if answer.outcome is Outcome.FAILED:
        found = way.query(payment.number)
        if found.outcome is Outcome.DONE and found.standing is Standing.PAID:
            return _take(payment, found, now)
    return payment


@transaction.atomic
def _take(payment: Payment, answer: Queried, now: datetime) -> Payment:
    paid = answer.paid
    if paid is None:
        return payment
    problem = paid.problem or ("other_number" if paid.number != payment.number else "")
    if not problem:
        try:
            return apply(payment_id=payment.pk, provider_ref=paid.provider_ref, amount=paid.amount, now=now).payment
        except WrongAmount:
            problem = "wrong_amount"
    event_id = f"query:{hashlib.sha256(answer.raw).hexdigest()[:40]}"
    open_case(
        provider=payment.provider,
        event_id=event_id,
        event_type="QUERY",
        raw=answer.raw,
        content={"out_trade_no": payment.number},
        verdict=problem,
        now=now,
    )
    return payment


def _get(payment_id: int) -> Payment:
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NoSuchPayment()
    return payment
