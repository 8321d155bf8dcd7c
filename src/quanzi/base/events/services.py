"""Recording events. Delivering them lives in `delivery`, and is offered here too."""

from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from psycopg.types.json import Jsonb

from quanzi.base.events.delivery import deliver_pending
from quanzi.base.events.events import DomainEvent
from quanzi.base.events.models import Delivery, Event
from quanzi.kernel import clock

__all__ = ["RecordedOutsideTransaction", "deliver_pending", "record", "retry_now"]


# By hand: every change of the shop comes through here, some of them several times.
RECORD = "INSERT INTO events_event (name, key, payload, occurred_at) VALUES (%s, %s, %s, %s) RETURNING id"


class RecordedOutsideTransaction(RuntimeError):
    """An event recorded on its own could outlive a change that was rolled back."""


def record(event: DomainEvent, *, now: datetime | None = None) -> Event:
    """Store an event with the change that caused it; must be called inside that change's transaction.

    now: when it happened; the clock is read when it is left out.
    """
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(event.name)
    made = Event(name=event.name, key=event.key, payload=event.payload(), occurred_at=now or clock.now())
    with connection.cursor() as cursor:
        values: list[Any] = [made.name, made.key, Jsonb(made.payload), made.occurred_at]
        cursor.execute(RECORD, values)
        made.pk = cursor.fetchone()[0]
    made._state.adding, made._state.db = False, connection.alias
    return made


def retry_now(*, now: datetime) -> int:
    """Make every event that waits for its next attempt due at once; returns how many those are."""
    late: QuerySet[Event] = Event.objects.filter(delivered_at__isnull=True, next_attempt_at__gt=now)
    Delivery.objects.filter(applied_at__isnull=True, next_attempt_at__gt=now).update(next_attempt_at=now)
    return late.update(next_attempt_at=models.Value(now))
