"""What providers tell us: proven, stored once, applied at once when nothing is in the way, else by a job; then answered."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

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
    """Prove, store once, apply, answer. A forged message leaves no trace in the database and starts no call anywhere.

    Storing and applying are two transactions: whatever goes wrong with the effect, the message is kept and a job tries
    again. A repeated message whose effect is still missing gets a job too.
    """
    try:
        incoming = providers.get(provider).parse_notify(headers=headers, body=body, now=now)
    except NotificationRefused as refusal:
        return Received(refusal.status, refusal.reason)
    row = Notification(
        provider=provider,
        event_id=incoming.event_id,
        raw=body,
        headers=incoming.kept_headers,
        received_at=now,
        verdict=incoming.problem or "verified",
        event_type=incoming.event_type,
        content=_facts(incoming),
    )
    if _insert(row):
        crash.point("payments.notice.stored")
        _apply_soon(row.pk, now)
        return Received(200, notification_id=row.pk)
    known = Notification.objects.only("decision").get(provider=provider, event_id=incoming.event_id)
    if known.decision == Decision.PENDING:
        _apply_later(known.pk)
    return Received(200, notification_id=known.pk)


_insert = Insert(Notification, "ON CONFLICT (provider, event_id) DO NOTHING")
_locked = Select(Notification, "WHERE t.id = %s FOR UPDATE")
_save = Update(Notification, "decision", "verdict", "applied_at")

PATIENCE = "SELECT set_config('lock_timeout', '2s', true)"
"""The provider waits for our answer, so an effect that must queue for long is left to the job."""


def _apply_soon(notification_id: int, now: datetime) -> None:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(PATIENCE)
            apply_notification(notification_id=notification_id, now=now)
    except Exception as trouble:  # noqa: BLE001 - the message is kept; the job tries again, and tells what it meets
        log.warning("Notification %s is left to a job: %s", notification_id, type(trouble).__name__)
        _apply_later(notification_id)


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
    _save(row)
    if row.decision == Decision.CASE:
        events.record(CaseOpened(notification_id=row.pk, verdict=row.verdict), now=now)
    return row


def _apply_paid(row: Notification, now: datetime) -> tuple[Decision, str]:
    told = row.content
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM payments_payment WHERE number = %s AND provider = %s", [told["number"], row.provider]
        )
        found = cursor.fetchone()
    if found is None:
        return Decision.CASE, "unknown_number"
    amount = Money(told["amount_minor"], told["currency"])
    try:
        with transaction.atomic():
            applied = apply(payment_id=found[0], provider_ref=told["provider_ref"], amount=amount, now=now)
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
