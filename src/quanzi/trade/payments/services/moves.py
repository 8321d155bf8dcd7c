"""The only places where a payment changes its state, each under a row lock."""

from datetime import datetime

from django.db import transaction

from quanzi.base.events import services as events
from quanzi.trade.payments.errors import NoSuchPayment
from quanzi.trade.payments.events import PaymentClosed
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.ports import LocksFirst, payable_of
from quanzi.trade.payments.states import PAYMENT_MOVES


def lock(payment_id: int) -> tuple[Payment, list[Payment]]:
    """Lock a payment with the others of its payable, in key order, after the payable itself (where it wants that).

    Raises NoSuchPayment; returns the payment and the others.
    """
    known = Payment.objects.filter(pk=payment_id).values_list("payable_kind", "payable_id").first()
    if known is None:
        raise NoSuchPayment()
    rows = lock_all(*known)
    payment = next(row for row in rows if row.pk == payment_id)
    return payment, [row for row in rows if row.pk != payment_id]


def lock_all(kind: str, payable_id: int) -> list[Payment]:
    """Lock the payable (where it wants that), then its payments in key order."""
    payable = payable_of(kind)
    if isinstance(payable, LocksFirst):
        payable.lock(payable_id=payable_id)
    return list(Payment.objects.select_for_update().filter(payable_kind=kind, payable_id=payable_id).order_by("pk"))


@transaction.atomic
def give_up(*, payment_id: int, state: str, now: datetime) -> Payment:
    """Close or fail a payment that still waits; one that is over stays as it is."""
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if not PAYMENT_MOVES.allows(payment.state, state):
        return payment
    payment.state, payment.closed_at = state, now
    payment.save(update_fields=["state", "closed_at"])
    events.record(
        PaymentClosed(
            payment_id=payment.pk,
            payable_kind=payment.payable_kind,
            payable_id=payment.payable_id,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            state=state,
        ),
        now=now,
    )
    return payment
