"""The only places where a payment changes its state, each under a row lock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.base.events import services as events
from quanzi.base.rows import Select
from quanzi.trade.payments.errors import NoSuchPayment
from quanzi.trade.payments.events import PaymentClosed
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.ports import LocksFirst, payable_of
from quanzi.trade.payments.states import PAYMENT_MOVES

WHOSE = "SELECT payable_kind, payable_id FROM payments_payment WHERE id = %s"
_of_payable = Select(Payment, "WHERE t.payable_kind = %s AND t.payable_id = %s ORDER BY t.id FOR UPDATE")


@dataclass(frozen=True)
class Locked:
    """The payments of a payable, in key order, and what the payable itself read under its own lock (None: it has none)."""

    payments: list[Payment]
    thing: Any


def lock(payment_id: int, whose: tuple[str, int] | None = None) -> tuple[Payment, Locked]:
    """Lock a payment with the others of its payable, after the payable itself (where it wants that).

    whose: kind and id of the payable, where they are known. Raises NoSuchPayment.
    """
    known = [whose] if whose else planned.rows(WHOSE, [payment_id])
    if not known:
        raise NoSuchPayment()
    held = lock_all(*known[0])
    return next(row for row in held.payments if row.pk == payment_id), held


def lock_all(kind: str, payable_id: int) -> Locked:
    """Lock the payable (where it wants that), then its payments in key order."""
    payable = payable_of(kind)
    thing = payable.lock(payable_id=payable_id) if isinstance(payable, LocksFirst) else None
    return Locked(_of_payable([kind, payable_id]), thing)


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
