"""Money goes back: in the books at once, at the provider by a job, under one number however often it is tried."""

from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.audit.models import AuditEntry
from quanzi.base.events import services as events
from quanzi.base.jobs import services as jobs
from quanzi.base.ledger import chart
from quanzi.base.ledger import services as ledger
from quanzi.base.ledger.models import Transaction
from quanzi.base.ledger.services import Booking, Leg
from quanzi.base.rows import Insert, Select, Update
from quanzi.kernel import crash, ids
from quanzi.kernel.clock import local
from quanzi.kernel.money import Money
from quanzi.people.contact.services import notify
from quanzi.trade.payments import providers, rules
from quanzi.trade.payments.errors import (
    KeyReused,
    NoSuchPayment,
    NoSuchRefund,
    NotCaptured,
    NotRefused,
    PaidBackAlready,
    ReferenceNeeded,
    RefundNotPositive,
    RefundTooLarge,
    RefundTooLate,
    TooManyRefunds,
)
from quanzi.trade.payments.events import RefundDone, RefundFailed
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.payments.ports import payable_of
from quanzi.trade.payments.providers.protocol import Outcome, Refunded, RefundOrder
from quanzi.trade.payments.services.moves import lock
from quanzi.trade.payments.states import REFUND_MOVES, PaymentState, RefundState

LONGEST_REFERENCE = 60
OPEN = (RefundState.REQUESTED, RefundState.UNKNOWN)
_payment = Select(Payment, "WHERE t.id = %s FOR UPDATE")
_of_key = Select(Refund, "WHERE t.idempotency_key = %s")
_insert = Insert(Refund)
_save = Update(Refund, "state", "done_at", "provider_ref", "last_error", "attempts")
STATES = {Outcome.DONE: RefundState.DONE, Outcome.FAILED: RefundState.FAILED, Outcome.UNKNOWN: RefundState.UNKNOWN}


@transaction.atomic
def refund(
    *,
    payment_id: int,
    amount_minor: int,
    reason: str,
    idempotency_key: str,
    now: datetime,
    debit_account: str = chart.ESCROW_BUYERS,
    actor: str = "system",
    again_of: Refund | None = None,
) -> Refund:
    """Promise a refund: row and books in the caller's transaction, the provider afterwards by a job.

    debit_account: what bears it (escrow before the goods are kept, a cost or income account afterwards). The same
    key finds the first refund. Raises NotCaptured, RefundNotPositive, RefundTooLarge, TooManyRefunds, RefundTooLate,
    KeyReused.
    """
    payment = _payment.first([payment_id])
    if payment is None:
        raise NoSuchPayment()
    known = _of_key.first([idempotency_key])
    if known is not None:
        if (known.payment_id, known.amount_minor, known.debit_account) != (payment_id, amount_minor, debit_account):
            raise KeyReused(key=idempotency_key)
        return known
    way = providers.get(payment.provider)
    check_refund(payment, amount_minor, now, is_online=way.is_online)
    made = as_refund(
        payment, amount_minor, reason=reason, idempotency_key=idempotency_key, now=now,
        debit_account=debit_account, again_of=again_of,
    )  # fmt: skip
    _insert(made)
    payment.refunded_minor += amount_minor  # the trigger did it in the row
    crash.point("payments.refund.written")
    told = refund_booking(made, now, actor)
    ledger.post(key=told.key, kind=told.kind, ref=told.ref, entries=told.entries, now=now, memo=told.memo, actor=actor)
    crash.point("payments.refund.booked")
    audit.write_all([refund_entry(made, actor, now)])
    if not way.is_online:
        _settle(made, Refunded(Outcome.DONE), now)  # `note_paid_back` says when a person has paid it
        return made
    jobs.enqueue("payments.send_refund", refund_id=made.pk)
    return made


def as_refund(
    payment: Payment,
    amount_minor: int,
    *,
    reason: str,
    idempotency_key: str,
    now: datetime,
    debit_account: str = chart.ESCROW_BUYERS,
    again_of: Refund | None = None,
) -> Refund:
    """A refund under a number of its own, not saved yet."""
    number = f"R{local(now):%y%m%d}{ids.new_code(12)}"
    return Refund(
        payment=payment,
        number=number,
        amount_minor=amount_minor,
        reason=reason[:80],
        debit_account=debit_account,
        ledger_key=f"refund:{number}",
        idempotency_key=idempotency_key,
        requested_at=now,
        again_of=again_of,
    )


def refund_booking(made: Refund, at: datetime, actor: str) -> Booking:
    """What the books say of a refund."""
    currency, minor = made.payment.currency, made.amount_minor
    return Booking(
        key=made.ledger_key,
        kind="payment.refund",
        ref=f"payment:{made.payment_id}",
        entries=[Leg(made.debit_account, minor, currency), Leg(chart.cash(made.payment.provider), -minor, currency)],
        at=at,
        memo=made.reason,
        actor=actor,
    )


def refund_entry(made: Refund, actor: str, now: datetime) -> AuditEntry:
    """What the audit log says of a refund, not stored yet."""
    return audit.as_entry(
        actor=actor,
        action="payments.refund",
        target=f"refund:{made.pk}",
        after={"amount_minor": made.amount_minor, "reason": made.reason, "debit_account": made.debit_account},
        now=now,
    )


@transaction.atomic
def send_again(*, refund_id: int, actor: str, now: datetime) -> Refund:
    """A new refund in the place of one that the provider refused for good: same payment, same amount, a number of its own.

    Sent again, a second call finds the first one. Raises NoSuchRefund, NotRefused, and what `refund` raises.
    """
    payment_id = Refund.objects.filter(pk=refund_id).values_list("payment_id", flat=True).first()
    if payment_id is None:
        raise NoSuchRefund()
    lock(payment_id)
    failed = Refund.objects.select_for_update().get(pk=refund_id)
    if failed.state != RefundState.FAILED:
        raise NotRefused()
    return refund(
        payment_id=payment_id, amount_minor=failed.amount_minor, reason=failed.reason, debit_account=failed.debit_account,
        idempotency_key=f"again:{failed.pk}", actor=actor, again_of=failed, now=now,
    )  # fmt: skip


@transaction.atomic
def note_paid_back(*, refund_id: int, reference: str, actor: str, now: datetime) -> Refund:
    """A person has paid it, in cash or by transfer; the buyer is told. reference: of the transfer, or to whom the cash was given.

    Raises NoSuchRefund, PaidBackAlready, ReferenceNeeded.
    """
    said = " ".join(reference.replace("\x00", "").split())
    if not 1 <= len(said) <= LONGEST_REFERENCE:
        raise ReferenceNeeded(field="reference", most=LONGEST_REFERENCE)
    found = Refund.objects.select_for_update(of=("self",)).select_related("payment").filter(pk=refund_id).first()
    if found is None or found.state != RefundState.DONE or providers.get(found.payment.provider).is_online:
        raise NoSuchRefund()
    if found.provider_ref:
        raise PaidBackAlready(reference=found.provider_ref)
    found.provider_ref = said
    found.save(update_fields=["provider_ref"])
    audit.write(
        actor=actor, action="payments.pay_back", target=f"refund:{found.pk}",
        after={"reference": said, "amount_minor": found.amount_minor}, now=now,
    )  # fmt: skip
    notify(
        member_id=found.payment.member_id, kind="refund_paid_by_hand", link="/me/orders", key=f"refund_by_hand:{found.pk}", now=now,
        params={"amount": str(Money(found.amount_minor, found.payment.currency)), "title": found.payment.title, "reference": said},
    )  # fmt: skip
    return found


def check_refund(payment: Payment, amount_minor: int, now: datetime, *, is_online: bool) -> None:
    """Whether so much may go back. Raises RefundNotPositive, NotCaptured, RefundTooLarge, TooManyRefunds, RefundTooLate."""
    if type(amount_minor) is not int or amount_minor <= 0:
        raise RefundNotPositive(field="amount")
    if payment.state != PaymentState.CAPTURED or payment.captured_at is None:
        raise NotCaptured()
    if amount_minor > payment.refundable_minor:
        raise RefundTooLarge(field="amount", left=str(Money(payment.refundable_minor, payment.currency)))
    if is_online and payment.refunds.count() >= rules.REFUNDS_MAX:
        raise TooManyRefunds(most=rules.REFUNDS_MAX)
    if is_online and now - payment.captured_at > rules.REFUND_WINDOW:
        raise RefundTooLate(days=rules.REFUND_WINDOW.days)


def send_refund(*, refund_id: int, now: datetime, is_last: bool = False) -> Refund:
    """Ask the provider, outside any transaction. After an unknown answer it is asked first what it did.

    A lost answer is harmless: each try carries the same number, and the next one comes by itself unless `is_last`.
    """
    found = Refund.objects.select_related("payment").get(pk=refund_id)
    if found.state not in OPEN:
        return found
    way = providers.get(found.payment.provider)
    answer = way.query_refund(found.number) if found.attempts else Refunded(Outcome.UNKNOWN, missing=True)
    if answer.outcome is Outcome.UNKNOWN and answer.missing:
        crash.point("payments.refund.before_provider")
        answer = way.refund(_order(found))
    crash.point("payments.refund.after_provider")
    return settle_refund(refund_id=refund_id, answer=answer, now=now, is_try=True, is_last=is_last)


def _order(found: Refund) -> RefundOrder:
    payment = found.payment
    return RefundOrder(
        number=found.number,
        payment_ref=payment.provider_ref or "",
        amount=Money(found.amount_minor, payment.currency),
        of_total=Money(payment.amount_minor, payment.currency),
        reason=found.reason,
    )


@transaction.atomic
def settle_refund(
    *, refund_id: int, answer: Refunded, now: datetime, is_try: bool = False, is_last: bool = False
) -> Refund:
    """Write down what the provider said of a refund. One that is over stays as it is."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    payment, _ = lock(payment_id)
    found = Refund.objects.select_for_update().get(pk=refund_id)
    found.payment = payment
    found.attempts += is_try
    _settle(found, answer, now)
    crash.point("payments.refund.settled")
    if is_try and not is_last and found.state in OPEN:
        due = rules.next_try(attempts=found.attempts, now=now)
        jobs.enqueue("payments.send_refund", run_at=due, refund_id=found.pk)
    return found


def _settle(found: Refund, answer: Refunded, now: datetime) -> None:
    """Move a locked refund to what the answer says, and tell whoever must know."""
    before = found.state
    if before in OPEN:
        found.state = STATES[answer.outcome]
        found.done_at = now if found.state == RefundState.DONE else None
        found.last_error = answer.error[:200]
        found.provider_ref = answer.provider_ref or found.provider_ref
    if found.state != before:
        REFUND_MOVES.check(before, found.state)
    _save(found)
    if found.state == before:
        return
    if found.state == RefundState.DONE:
        _tell(found, now)
    elif found.state == RefundState.FAILED:
        booked = Transaction.objects.get(key=found.ledger_key)
        ledger.reverse(transaction_id=booked.pk, key=f"refund-failed:{found.number}", now=now, memo=found.last_error)
        events.record(refund_event(RefundFailed, found), now=now)


def _tell(found: Refund, now: datetime) -> None:
    payment = found.payment
    if not payment.surplus:
        payable_of(payment.payable_kind).on_refunded(payable_id=payment.payable_id, refund=found, now=now)
    events.record(refund_event(RefundDone, found), now=now)


def refund_event[E: (RefundDone, RefundFailed)](kind: type[E], found: Refund) -> E:
    payment = found.payment
    return kind(
        payment_id=payment.pk,
        payable_kind=payment.payable_kind,
        payable_id=payment.payable_id,
        amount_minor=found.amount_minor,
        currency=payment.currency,
        refund_id=found.pk,
    )
