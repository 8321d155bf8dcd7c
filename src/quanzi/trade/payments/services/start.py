"""Beginning a payment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base.rows import Insert, Update
from quanzi.kernel import crash, ids
from quanzi.kernel.clock import local
from quanzi.kernel.errors import DomainError
from quanzi.kernel.money import Money
from quanzi.trade.payments import providers, rules
from quanzi.trade.payments.errors import KeyReused, NoSuchPayment, NotPayable, ProviderRefused, ProviderSilent
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.ports import PayableInfo, payable_of
from quanzi.trade.payments.providers.protocol import Order, Outcome, Provider
from quanzi.trade.payments.services.moves import give_up
from quanzi.trade.payments.states import PaymentState


@dataclass(frozen=True)
class PaymentStart:
    """pay_url: where the payer goes, "" when there is no page (offline, or already over)."""

    payment: Payment
    pay_url: str


def start(
    *,
    payable_kind: str,
    payable_id: int,
    provider: str,
    member_id: int,
    idempotency_key: str,
    return_url: str,
    now: datetime,
) -> PaymentStart:
    """Open a payment and a place to pay; the same key finds the same payment and goes on where it stopped.

    The row is committed before the provider is asked, so call this outside a transaction. Raises NotPayable,
    NoSuchPayment (someone else's payable), KeyReused, NoSuchProvider, ProviderRefused, and ProviderSilent when
    nobody knows: then call again with the same key.
    """
    way = providers.get(provider)
    try:
        payment = _open(
            providers.offered(provider), payable_kind, payable_id, member_id, idempotency_key, return_url, now
        )
    except DomainError:
        # Only the refused path looks for it: what was begun is found, although a new payment would be refused by now.
        known = Payment.objects.filter(idempotency_key=idempotency_key).first()
        if known is None:
            raise
        payment = known
    wanted = (payable_kind, payable_id, provider, member_id)
    if wanted != (payment.payable_kind, payment.payable_id, payment.provider, payment.member_id):
        raise KeyReused(key=idempotency_key)
    if way.is_online and payment.state == PaymentState.CREATED and not payment.pay_url:
        crash.point("payments.start.before_provider")
        _ask(way, payment, now)
    is_open = payment.state == PaymentState.CREATED
    return PaymentStart(payment, payment.pay_url if is_open else "")


_save_address = Update(Payment, "pay_url")
insert = Insert(Payment, "ON CONFLICT (idempotency_key) DO NOTHING")


def prepare(
    *,
    way: Provider,
    kind: str,
    payable_id: int,
    member_id: int,
    key: str,
    now: datetime,
    return_url: str = "",
    locked: Any = None,
) -> Payment:
    """A payment as its payable describes it, not saved yet. Raises NotPayable, NoSuchPayment."""
    info = payable_of(kind).describe(payable_id, locked)
    return as_described(
        info, way=way, kind=kind, payable_id=payable_id, member_id=member_id, key=key, now=now, return_url=return_url
    )


def as_described(
    info: PayableInfo,
    *,
    way: Provider,
    kind: str,
    payable_id: int,
    member_id: int,
    key: str,
    now: datetime,
    return_url: str = "",
) -> Payment:
    """`prepare` for a payable that has described itself."""
    _check(info, member_id, now)
    return Payment(
        number=_new_number("P", now),
        payable_kind=kind,
        payable_id=payable_id,
        member_id=member_id,
        title=info.title[:120],
        amount_minor=info.amount.minor,
        currency=info.amount.currency,
        provider=way.name,
        idempotency_key=key,
        return_url=return_url,
        created_at=now,
        expires_at=rules.expiry(now=now, pay_by=info.pay_by, is_online=way.is_online),
    )


def _open(
    way: Provider, kind: str, payable_id: int, member_id: int, key: str, return_url: str, now: datetime
) -> Payment:
    payment = prepare(
        way=way, kind=kind, payable_id=payable_id, member_id=member_id, key=key, now=now, return_url=return_url
    )
    if not insert(payment):  # the key was used before; this request continues its payment
        return Payment.objects.get(idempotency_key=key)
    crash.point("payments.start.written")
    return payment


def _check(info: PayableInfo, member_id: int, now: datetime) -> None:
    if info.member_id != member_id:
        raise NoSuchPayment()
    over = info.pay_by is not None and info.pay_by <= now
    if not info.is_payable or over or info.amount.minor <= 0:
        raise NotPayable()


def _ask(way: Provider, payment: Payment, now: datetime) -> None:
    """Let the provider open its side. Nothing of ours is locked meanwhile."""
    answer = way.create(
        Order(
            number=payment.number,
            title=payment.title,
            amount=Money(payment.amount_minor, payment.currency),
            expires_at=payment.expires_at,
            return_url=payment.return_url,
        )
    )
    crash.point("payments.start.after_provider")
    if answer.outcome is Outcome.FAILED:
        give_up(payment_id=payment.pk, state=PaymentState.FAILED, now=now)
        raise ProviderRefused(detail=answer.error)
    if answer.outcome is Outcome.UNKNOWN:
        raise ProviderSilent(detail=answer.error)
    payment.pay_url = answer.pay_url
    _save_address(payment)


def _new_number(prefix: str, now: datetime) -> str:
    """Letters and digits only, as providers want it: the day and 60 random bits."""
    return f"{prefix}{local(now):%y%m%d}{ids.new_code(12)}"
