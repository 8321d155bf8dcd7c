"""Recording events. Delivering them lives in `delivery`, and is offered here too."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from psycopg.types.json import Jsonb

from quanzi.base import planned
from quanzi.base.events.delivery import deliver_pending
from quanzi.base.events.events import DomainEvent
from quanzi.base.events.models import Delivery, Event
from quanzi.base.events.registry import is_awaited
from quanzi.kernel import clock

__all__ = [
    "RecordedOutsideTransaction",
    "deliver_pending",
    "is_awaited",
    "record",
    "record_all",
    "record_history",
    "retry_now",
]


# By hand: every change of the shop comes through here, some of them several times.
RECORD = "INSERT INTO events_event (name, key, payload, occurred_at, delivered_at) VALUES {} RETURNING id"
ONE = "(%s, %s, %s, %s::timestamptz, %s::timestamptz)"


MANY = """
INSERT INTO events_event (name, key, payload, occurred_at, delivered_at)
SELECT name, key, payload::jsonb, occurred_at, delivered_at
FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY
    AS told (name, key, payload, occurred_at, delivered_at, position)
ORDER BY position RETURNING id
"""


class RecordedOutsideTransaction(RuntimeError):
    """An event recorded on its own could outlive a change that was rolled back."""


def record(event: DomainEvent, *, now: datetime | None = None) -> Event:
    """Store an event with the change that caused it; must be called inside that change's transaction.

    now: when it happened; the clock is read when it is left out.
    """
    return record_all([event], now=now)[0]


def record_all(events: Sequence[DomainEvent], *, now: datetime | None = None) -> list[Event]:
    """`record` for several, in their order, in one statement. One that nobody answers is delivered when it is stored."""
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(", ".join(event.name for event in events))
    if not events:
        return []
    at = now or clock.now()
    made = [_stored(event, at) for event in events]
    values: list[list[Any]] = [[one.name, one.key, Jsonb(one.payload), at, one.delivered_at] for one in made]
    ids = planned.rows(RECORD.format(", ".join([ONE] * len(made))), [value for row in values for value in row])
    for one, (row_id,) in zip(made, ids, strict=True):
        one.pk = row_id
        one._state.adding, one._state.db = False, connection.alias
    return made


def record_history(told: Sequence[tuple[DomainEvent, datetime]]) -> None:
    """`record` for events that happened at several moments, in their order, in one statement."""
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(", ".join(event.name for event, _ in told))
    if told:
        columns = zip(
            *((one.name, one.key, json.dumps(one.payload()), at, None if is_awaited(one) else at) for one, at in told),
            strict=True,
        )
        planned.rows(MANY, [list(column) for column in columns])


def _stored(event: DomainEvent, at: datetime) -> Event:
    delivered_at = None if is_awaited(event) else at
    return Event(name=event.name, key=event.key, payload=event.payload(), occurred_at=at, delivered_at=delivered_at)


def retry_now(*, now: datetime) -> int:
    """Make every event that waits for its next attempt due at once; returns how many those are."""
    late: QuerySet[Event] = Event.objects.filter(delivered_at__isnull=True, next_attempt_at__gt=now)
    Delivery.objects.filter(applied_at__isnull=True, next_attempt_at__gt=now).update(next_attempt_at=now)
    return late.update(next_attempt_at=models.Value(now))
