"""Much money in hand at once: taken (`pay_offline`) or given back (`refund`), all or none, by one statement for each table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.base.audit import services as audit
from quanzi.base.events import services as events
from quanzi.base.ledger import services as ledger
from quanzi.base.rows import InsertMany, Select
from quanzi.kernel import crash
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import OnlyOffline
from quanzi.trade.payments.events import RefundDone
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.payments.ports import PaidTogether, payable_of
from quanzi.trade.payments.services.capture import account_for, announced, booking
from quanzi.trade.payments.services.refunds import as_refund, check_refund, refund_booking, refund_entry, refund_event
from quanzi.trade.payments.services.start import as_described
from quanzi.trade.payments.states import PaymentState, RefundState

SETTLE = """
UPDATE payments_refund SET state = 'done', done_at = %s, provider_ref = number WHERE id = ANY (%s::bigint[]) RETURNING id
"""

_insert = InsertMany(Payment)
_insert_refunds = InsertMany(Refund)
_locked = Select(Payment, "WHERE t.id = ANY (%s::bigint[]) ORDER BY t.id FOR UPDATE")


@dataclass(frozen=True)
class InHand:
    """Money in hand for one thing."""

    payable_id: int
    member_id: int
    idempotency_key: str
    at: datetime


@transaction.atomic
def pay_offline_all(*, payable_kind: str, paid: Sequence[InHand], actor: str) -> list[Payment]:
    """Each of the things is paid, for the first time, at its own moment.

    Raises NotPayable, NoSuchPayment, and IntegrityError where one was paid or a key was used before.
    """
    payable = payable_of(payable_kind)
    assert isinstance(payable, PaidTogether), "things that are paid together say so"
    way = providers.get("offline")
    known = payable.describe_all([one.payable_id for one in paid])
    payments = []
    for one, (_, info) in zip(paid, known, strict=True):
        payment = as_described(
            info, way=way, kind=payable_kind, payable_id=one.payable_id, member_id=one.member_id,
            key=one.idempotency_key, now=one.at,
        )  # fmt: skip
        payment.state, payment.captured_at, payment.provider_ref = PaymentState.CAPTURED, one.at, payment.number
        payments.append(payment)
    _insert(payments)
    payable.on_all_captured(locked=[thing for thing, _ in known], payments=payments)
    ledger.post_all([booking(payment, one.at, actor) for payment, one in zip(payments, paid, strict=True)])
    crash.point("payments.pay_all.booked")
    events.record_history([(announced(payment), one.at) for payment, one in zip(payments, paid, strict=True)])
    for payment, one in zip(payments, paid, strict=True):
        account_for(payment, actor, one.at)
    return payments


@dataclass(frozen=True)
class Back:
    """Money that goes back from one payment."""

    payment_id: int
    amount_minor: int
    idempotency_key: str


@transaction.atomic
def refund_offline_all(*, backs: Sequence[Back], reason: str, actor: str, now: datetime) -> list[Refund]:
    """Give back from payments that were made offline; each refund is new.

    Raises OnlyOffline, NotCaptured, RefundTooLarge, and IntegrityError where a key was used before.
    """
    payments = {one.pk: one for one in _locked([[back.payment_id for back in backs]])}
    made = [_refund(payments[back.payment_id], back, reason, now) for back in backs]
    _insert_refunds(made)
    ledger.post_all([refund_booking(one, now, actor) for one in made])
    crash.point("payments.refund_all.booked")
    audit.write_all([refund_entry(one, actor, now) for one in made])
    planned.rows(SETTLE, [now, [one.pk for one in made]])
    for one in made:
        one.state, one.done_at, one.provider_ref = RefundState.DONE, now, one.number
        payable_of(one.payment.payable_kind).on_refunded(payable_id=one.payment.payable_id, refund=one, now=now)
    events.record_history([(refund_event(RefundDone, one), now) for one in made])
    return made


def _refund(payment: Payment, back: Back, reason: str, now: datetime) -> Refund:
    if providers.get(payment.provider).is_online:
        raise OnlyOffline()
    check_refund(payment, back.amount_minor, now, is_online=False)
    payment.refunded_minor += back.amount_minor  # the trigger does it in the row
    return as_refund(payment, back.amount_minor, reason=reason, idempotency_key=back.idempotency_key, now=now)
