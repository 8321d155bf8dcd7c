"""Money arrives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events import services as events
from quanzi.base.ledger import chart
from quanzi.base.ledger import services as ledger
from quanzi.base.ledger.services import Booking, Leg
from quanzi.base.rows import Update
from quanzi.kernel import crash, ids
from quanzi.kernel.clock import local
from quanzi.kernel.money import Money
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import KeyReused, NotPayable, OnlyOffline, WrongAmount
from quanzi.trade.payments.events import PaymentCaptured
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.ports import payable_of
from quanzi.trade.payments.services.moves import lock, lock_all
from quanzi.trade.payments.services.refunds import refund
from quanzi.trade.payments.services.start import insert, prepare
from quanzi.trade.payments.states import Decision, PaymentState


@dataclass(frozen=True)
class Applied:
    """decision: applied, repeated, or surplus (all of it is on its way back)."""

    payment: Payment
    decision: Decision


def apply(
    *,
    payment_id: int,
    provider_ref: str,
    amount: Money,
    now: datetime,
    actor: str = "system",
    whose: tuple[str, int] | None = None,
) -> Applied:
    """Take a proven capture into the books and tell the payable, once per transaction id of the provider; in the caller's transaction.

    Money that nobody waits for (the payment was closed, the payable is paid already or does not want it any more)
    is booked too, and refunded in full in the same transaction. whose: see `lock`. Raises WrongAmount and changes nothing when the
    amount or currency is not what was asked for.
    """
    payment, held = lock(payment_id, whose)
    others = [row for row in held.payments if row.pk != payment_id]
    if amount != Money(payment.amount_minor, payment.currency):
        raise WrongAmount(number=payment.number)
    if any(row.provider_ref == provider_ref and row.provider == payment.provider for row in (payment, *others)):
        return Applied(payment, Decision.REPEATED)
    is_paid = any(row.state == PaymentState.CAPTURED and not row.surplus for row in others)
    is_awaited = payment.state == PaymentState.CREATED and not is_paid
    if payment.state == PaymentState.CAPTURED:
        payment = _second(payment, provider_ref, now)
    payment.state, payment.provider_ref, payment.captured_at = PaymentState.CAPTURED, provider_ref, now
    payment.surplus = not is_awaited
    _save_capture(payment)
    crash.point("payments.capture.written")
    _follow(payment, held.thing, now, actor)
    return Applied(payment, Decision.SURPLUS if payment.surplus else Decision.APPLIED)


@transaction.atomic
def capture_offline(*, payment_id: int, reference: str, actor: str, now: datetime) -> Payment:
    """A person confirms cash or a bank transfer; reference: the bank's, or "" for cash.

    The same confirmation twice is one. Raises OnlyOffline, NotPayable when the payment was closed meanwhile.
    """
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None or providers.get(payment.provider).is_online:
        raise OnlyOffline()
    if payment.state == PaymentState.CAPTURED:
        return payment
    if payment.state != PaymentState.CREATED:
        raise NotPayable()
    proof = _proof(reference, payment)
    amount = Money(payment.amount_minor, payment.currency)
    applied = apply(payment_id=payment_id, provider_ref=proof, amount=amount, now=now, actor=actor)
    account_for(applied.payment, actor, now)
    return applied.payment


@transaction.atomic
def pay_offline(
    *,
    payable_kind: str,
    payable_id: int,
    member_id: int,
    reference: str,
    actor: str,
    idempotency_key: str,
    now: datetime,
) -> Payment:
    """`start` and `capture_offline` in one, for money that is in hand already (a counter, a replayed log).

    The same key finds the same payment. Raises NotPayable, also when the payable was paid before, and KeyReused.
    """
    held = lock_all(payable_kind, payable_id)
    known = next((row for row in held.payments if row.idempotency_key == idempotency_key), None)
    if known is not None and known.member_id == member_id:
        return known
    if any(row.state == PaymentState.CAPTURED and not row.surplus for row in held.payments):
        raise NotPayable()
    payment = prepare(
        way=providers.get("offline"),
        kind=payable_kind,
        payable_id=payable_id,
        member_id=member_id,
        key=idempotency_key,
        now=now,
        locked=held.thing,
    )
    payment.state, payment.captured_at = PaymentState.CAPTURED, now
    payment.provider_ref = _proof(reference, payment)
    if not insert(payment):
        raise KeyReused(key=idempotency_key)
    _follow(payment, held.thing, now, actor)
    account_for(payment, actor, now)
    return payment


def _proof(reference: str, payment: Payment) -> str:
    """What stands for the money in hand. One bank transfer may pay for two orders, so the payment's number makes it unique."""
    said = " ".join(reference.split())[: 63 - len(payment.number)]
    return f"{said} {payment.number}" if said and said != payment.number else payment.number


def account_for(payment: Payment, actor: str, now: datetime) -> None:
    """A person's word that money came leaves a trace of who said so."""
    if actor.startswith("staff:"):
        audit.write(
            actor=actor,
            action="payments.capture_offline",
            target=f"payment:{payment.pk}",
            after={"reference": payment.provider_ref, "amount_minor": payment.amount_minor},
            now=now,
        )


def _second(first: Payment, provider_ref: str, now: datetime) -> Payment:
    """A second transaction for one number gets a payment of its own, so that its refund has a place."""
    number = f"S{local(now):%y%m%d}{ids.new_code(12)}"
    return Payment.objects.create(
        number=number,
        payable_kind=first.payable_kind,
        payable_id=first.payable_id,
        member_id=first.member_id,
        title=first.title,
        amount_minor=first.amount_minor,
        currency=first.currency,
        provider=first.provider,
        idempotency_key=f"second:{first.provider}:{provider_ref}",
        created_at=now,
        expires_at=now,
    )


_save_capture = Update(Payment, "state", "provider_ref", "captured_at", "surplus")


def _follow(payment: Payment, locked: Any, now: datetime, actor: str) -> None:
    """What every capture is followed by: the payable, the books, and the way back when it is not wanted.

    The books come late, since sealing them at commit is what all captures queue for.
    """
    is_wanted = not payment.surplus
    if is_wanted:
        payable = payable_of(payment.payable_kind)
        is_wanted = payable.on_captured(payable_id=payment.payable_id, payment=payment, locked=locked, now=now)
    told = booking(payment, now, actor)
    ledger.post(key=told.key, kind=told.kind, ref=told.ref, entries=told.entries, now=now, actor=actor)
    crash.point("payments.capture.booked")
    if not is_wanted:
        _send_back(payment, now)
    _announce(payment, now)
    crash.point("payments.capture.told")


def booking(payment: Payment, at: datetime, actor: str) -> Booking:
    """What the books say of a capture: money is here, and owed to the buyer until the goods are theirs."""
    return Booking(
        key=f"capture:{payment.number}",
        kind="payment.capture",
        ref=f"payment:{payment.pk}",
        entries=[
            Leg(chart.cash(payment.provider), payment.amount_minor, payment.currency),
            Leg(chart.ESCROW_BUYERS, -payment.amount_minor, payment.currency),
        ],
        at=at,
        actor=actor,
    )


def _send_back(payment: Payment, now: datetime) -> None:
    if not payment.surplus:
        payment.surplus = True
        payment.save(update_fields=["surplus"])
    refund(
        payment_id=payment.pk,
        amount_minor=payment.amount_minor,
        reason="not wanted any more",
        idempotency_key=f"surplus:{payment.number}",
        now=now,
    )
    payment.refresh_from_db(fields=["refunded_minor"])


def _announce(payment: Payment, now: datetime) -> None:
    events.record(announced(payment), now=now)


def announced(payment: Payment) -> PaymentCaptured:
    """The event of a capture."""
    return PaymentCaptured(
        payment_id=payment.pk,
        payable_kind=payment.payable_kind,
        payable_id=payment.payable_id,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        provider=payment.provider,
        surplus=payment.surplus,
    )
