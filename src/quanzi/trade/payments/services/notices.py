"""What providers tell us: proven, applied and stored in one transaction when nothing is in the way, else stored for a job; then answered."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.base.events import services as events
from quanzi.base.jobs import services as jobs
from quanzi.base.rows import Insert, Select, Update
from quanzi.kernel import crash
from quanzi.kernel.money import Money
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import NotificationRefused, WrongAmount
from quanzi.trade.payments.events import CaseOpened
from quanzi.trade.payments.models import Notification, Refund
from quanzi.trade.payments.providers.protocol import Incoming, Outcome, Refunded
from quanzi.trade.payments.services.capture import apply
from quanzi.trade.payments.services.cases import resolve_case
from quanzi.trade.payments.services.refunds import settle_refund
from quanzi.trade.payments.states import Decision

log = logging.getLogger(__name__)

__all__ = ["Received", "apply_notification", "receive_notification", "resolve_case"]


@dataclass(frozen=True)
class Received:
    """status: the HTTP answer. reason: why it was refused, "" when it was stored (again)."""

    status: int
    reason: str = ""
    notification_id: int | None = None


def receive_notification(*, provider: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Received:
    """Prove, apply, store once, answer. A forged message leaves no trace in the database and starts no call anywhere.

    The effect and the message are one transaction. Whatever goes wrong with it, the message is then kept alone and a job
    tries again; a repeated message whose effect is still missing has it now. When the process dies meanwhile, nothing was
    answered, and the provider repeats what it said.
    """
    try:
        incoming = providers.get(provider).parse_notify(headers=headers, body=body, now=now)
    except NotificationRefused as refusal:
        return Received(refusal.status, refusal.reason)
    row = _row(provider, incoming, body, now)
    try:
        with transaction.atomic():
            planned.rows(PATIENCE)
            row.decision, row.verdict = _effect(row, now)
            row.applied_at = now
            _store(row)
            _tell_case(row, now)
    except _Known:
        row.pk = planned.value(KNOWN, [row.provider, row.event_id])
    except Exception as trouble:  # noqa: BLE001 - the message is kept; the job tries again, and tells what it meets
        row = _row(provider, incoming, body, now)
        log.warning("Notification %s is left to a job: %s", row.event_id, type(trouble).__name__)
        _keep(row)
    return Received(200, notification_id=row.pk)


def _row(provider: str, incoming: Incoming, body: bytes, now: datetime) -> Notification:
    return Notification(
        provider=provider,
        event_id=incoming.event_id,
        raw=body,
        headers=incoming.kept_headers,
        received_at=now,
        verdict=incoming.problem or "verified",
        event_type=incoming.event_type,
        content=_facts(incoming),
    )


class _Known(Exception):
    """Takes back what a message did again that is stored with its effect, or is in the hands of a job."""


_insert = Insert(Notification, "ON CONFLICT (provider, event_id) DO NOTHING")
_locked = Select(Notification, "WHERE t.id = %s FOR UPDATE")
_waiting = Select(
    Notification, "WHERE t.provider = %s AND t.event_id = %s AND t.decision = 'pending' FOR UPDATE SKIP LOCKED"
)
_save = Update(Notification, "decision", "verdict", "applied_at")

PATIENCE = "SELECT set_config('lock_timeout', '2s', true)"
"""The provider waits for our answer, so an effect that must queue for long is left to the job."""

KNOWN = "SELECT id FROM payments_notification WHERE provider = %s AND event_id = %s"
PAYMENT = "SELECT id, payable_kind, payable_id FROM payments_payment WHERE number = %s AND provider = %s"


def _store(row: Notification) -> None:
    """Keep the message with what was decided about it. Raises _Known."""
    if not _insert(row):
        kept = _waiting.first([row.provider, row.event_id])
        if kept is None:
            raise _Known
        row.pk = kept.pk
        _save(row)
    crash.point("payments.notice.stored")


def _keep(row: Notification) -> None:
    """Store a message without its effect, which a job will give it."""
    with transaction.atomic():
        if not _insert(row):
            row.pk = planned.value(KNOWN, [row.provider, row.event_id])
        _apply_later(row.pk)


def _apply_later(notification_id: int) -> None:
    mark = f"payments.notification:{notification_id}"
    jobs.enqueue("payments.apply_notification", unique=mark, notification_id=notification_id)


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
    row = _locked([notification_id])[0]
    if row.decision != Decision.PENDING:
        return row
    row.decision, row.verdict = _effect(row, now)
    row.applied_at = now
    _save(row)
    _tell_case(row, now)
    return row


def _effect(row: Notification, now: datetime) -> tuple[Decision, str]:
    """Do what the message says; what was decided about it, and its verdict."""
    kind = row.content["kind"]
    if kind == "other":
        return Decision.IGNORED, row.verdict
    if row.verdict != "verified":
        return Decision.CASE, row.verdict
    done = _apply_paid(row, now) if kind == "paid" else _apply_refund(row, now)
    crash.point("payments.notice.applied")
    return done


def _tell_case(row: Notification, now: datetime) -> None:
    if row.decision == Decision.CASE:
        events.record(CaseOpened(notification_id=row.pk, verdict=row.verdict), now=now)


def _apply_paid(row: Notification, now: datetime) -> tuple[Decision, str]:
    told = row.content
    found = planned.rows(PAYMENT, [told["number"], row.provider])
    if not found:
        return Decision.CASE, "unknown_number"
    payment_id, *whose = found[0]
    amount = Money(told["amount_minor"], told["currency"])
    try:
        applied = apply(
            payment_id=payment_id, provider_ref=told["provider_ref"], amount=amount, now=now, whose=(whose[0], whose[1])
        )
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
