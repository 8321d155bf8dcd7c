"""What providers tell us: proven, stored once, answered at once; the effect follows by a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base.events import services as events
from quanzi.base.jobs import services as jobs
from quanzi.kernel import crash
from quanzi.kernel.money import Money
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import NotificationRefused, WrongAmount
from quanzi.trade.payments.events import CaseOpened
from quanzi.trade.payments.models import Notification, Payment, Refund
from quanzi.trade.payments.providers.protocol import Incoming, Outcome, Refunded
from quanzi.trade.payments.services.capture import apply
from quanzi.trade.payments.services.cases import resolve_case
from quanzi.trade.payments.services.refunds import settle_refund
from quanzi.trade.payments.states import Decision

__all__ = ["Received", "apply_notification", "receive_notification", "resolve_case"]


@dataclass(frozen=True)
class Received:
    """status: the HTTP answer. reason: why it was refused, "" when it was stored (again)."""

    status: int
    reason: str = ""
    notification_id: int | None = None


def receive_notification(*, provider: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Received:
    """Prove, store once, answer. A forged message leaves no trace in the database and starts no call anywhere."""
    try:
        incoming = providers.get(provider).parse_notify(headers=headers, body=body, now=now)
    except NotificationRefused as refusal:
        return Received(refusal.status, refusal.reason)
    notification_id = _store(provider, incoming, body, now)
    crash.point("payments.notice.stored")
    return Received(200, notification_id=notification_id)


@transaction.atomic
def _store(provider: str, incoming: Incoming, body: bytes, now: datetime) -> int:
    """Insert unless it is known; the job that applies it commits or disappears with the row."""
    row, is_new = Notification.objects.get_or_create(
        provider=provider,
        event_id=incoming.event_id,
        defaults={
            "raw": body,
            "headers": incoming.kept_headers,
            "received_at": now,
            "verdict": incoming.problem or "verified",
            "event_type": incoming.event_type,
            "content": _facts(incoming),
        },
    )
    if is_new:
        crash.point("payments.notice.written")
        jobs.enqueue("payments.apply_notification", notification_id=row.pk)
    return row.pk


def _facts(incoming: Incoming) -> dict[str, object]:
    """The few values that the effect needs; the rest stays in the raw bytes."""
    if incoming.paid is not None:
        paid = incoming.paid
        return {
            "kind": "paid",
            "number": paid.number,
            "provider_ref": paid.provider_ref,
            "amount_minor": paid.amount.minor,
            "currency": paid.amount.currency,
        }
    if incoming.refund is not None:
        refund = incoming.refund
        return {
            "kind": "refund",
            "number": incoming.refund_number,
            "provider_ref": refund.provider_ref,
            "outcome": refund.outcome.value,
            "error": refund.error,
            "amount_minor": None if refund.amount is None else refund.amount.minor,
        }
    return {"kind": "other"}


@transaction.atomic
def apply_notification(*, notification_id: int, now: datetime) -> Notification:
    """Give a stored notification its effect, once: the row lock lets one job through, the decision stops the rest."""
    row = Notification.objects.select_for_update().get(pk=notification_id)
    if row.decision != Decision.PENDING:
        return row
    kind = row.content["kind"]
    if kind == "other":
        row.decision = Decision.IGNORED
    elif row.verdict != "verified":
        row.decision = Decision.CASE
    elif kind == "paid":
        row.decision, row.verdict = _apply_paid(row, now)
    else:
        row.decision, row.verdict = _apply_refund(row, now)
    crash.point("payments.notice.applied")
    row.applied_at = now
    row.save(update_fields=["decision", "verdict", "applied_at"])
    if row.decision == Decision.CASE:
        events.record(CaseOpened(notification_id=row.pk, verdict=row.verdict), now=now)
    return row


def _apply_paid(row: Notification, now: datetime) -> tuple[Decision, str]:
    told = row.content
    payment = Payment.objects.filter(number=told["number"], provider=row.provider).first()
    if payment is None:
        return Decision.CASE, "unknown_number"
    amount = Money(told["amount_minor"], told["currency"])
    try:
        with transaction.atomic():
            applied = apply(payment_id=payment.pk, provider_ref=told["provider_ref"], amount=amount, now=now)
    except WrongAmount:
        return Decision.CASE, "wrong_amount"
    return applied.decision, row.verdict


def _apply_refund(row: Notification, now: datetime) -> tuple[Decision, str]:
    told = row.content
    refund = Refund.objects.filter(number=told["number"], payment__provider=row.provider).first()
    if refund is None:
        return Decision.CASE, "unknown_refund"
    if told["amount_minor"] not in (None, refund.amount_minor):
        return Decision.CASE, "wrong_amount"
    before = refund.state
    answer = Refunded(Outcome(told["outcome"]), provider_ref=told["provider_ref"], error=told["error"])
    after = settle_refund(refund_id=refund.pk, answer=answer, now=now).state
    return (Decision.REPEATED if after == before else Decision.APPLIED), row.verdict
