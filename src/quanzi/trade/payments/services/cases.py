"""Cases: proven messages that do not fit what we asked for. They never pay for anything; a person decides."""

from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.events import services as events
from quanzi.trade.payments.errors import NoOpenCase
from quanzi.trade.payments.events import CaseOpened
from quanzi.trade.payments.models import Notification
from quanzi.trade.payments.states import Decision


@transaction.atomic
def open_case(
    *,
    provider: str,
    event_id: str,
    event_type: str,
    raw: bytes,
    content: dict[str, Any],
    verdict: str,
    now: datetime,
) -> Notification:
    """Keep an answer of the provider that does not fit, once."""
    row, is_new = Notification.objects.get_or_create(
        provider=provider,
        event_id=event_id,
        defaults={
            "raw": raw,
            "headers": {},
            "received_at": now,
            "verdict": verdict,
            "event_type": event_type,
            "content": content,
            "decision": Decision.CASE,
            "applied_at": now,
        },
    )
    if is_new:
        events.record(CaseOpened(notification_id=row.pk, verdict=verdict), now=now)
    return row


@transaction.atomic
def resolve_case(*, notification_id: int, resolution: str, actor: str, now: datetime) -> Notification:
    """A person has dealt with it; says how. Raises NoOpenCase."""
    row = (
        Notification.objects.select_for_update()
        .filter(pk=notification_id, decision=Decision.CASE, resolved_at=None)
        .first()
    )
    if row is None:
        raise NoOpenCase()
    row.resolved_at, row.resolution = now, f"{actor}: {resolution.strip()}"[:200]
    row.save(update_fields=["resolved_at", "resolution"])
    return row
