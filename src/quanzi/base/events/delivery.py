"""Delivery of events: at least once, in order per key, with an effect of exactly once.

Each event is claimed under a row lock that other processes skip. A reaction's writes commit together
with its Delivery row, so a crash in between leaves neither. While nothing fails, events are applied many in a
transaction; after a failure that is taken back and they are tried one by one. A reaction that fails waits for its
next attempt alone: other consumers, other keys and events without a key go on.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from quanzi.base import planned
from quanzi.base.events.events import class_of
from quanzi.base.events.models import Delivery, Event
from quanzi.base.events.registry import Reaction, is_spared, reactions_to
from quanzi.base.rows import Select
from quanzi.kernel import clock, crash

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(hours=1)

TOGETHER = 50
"""Events of which all is well share a transaction, so many at a time."""

DUE = """
SELECT id, key FROM events_event
WHERE delivered_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= %s)
ORDER BY id LIMIT {:d}
"""

# An event waits for earlier events of its key that nobody has touched yet (no next_attempt_at). One that
# was touched and failed holds back only the consumers that failed it: see HELD_BACK.
CLAIM = """
SELECT e.*, e.key <> '' AND EXISTS (
    SELECT 1 FROM events_event p WHERE p.key = e.key AND p.key <> '' AND p.id < e.id AND p.delivered_at IS NULL
) AS has_earlier
FROM events_event e
WHERE e.id = %s AND e.delivered_at IS NULL AND (e.key = '' OR NOT EXISTS (
    SELECT 1 FROM events_event p
    WHERE p.key = e.key AND p.key <> '' AND p.id < e.id AND p.delivered_at IS NULL AND p.next_attempt_at IS NULL))
FOR UPDATE OF e SKIP LOCKED
"""

# Untouched events of which no earlier one of the same key waits elsewhere.
_claim_together = Select(
    Event,
    """
    WHERE t.id = ANY (%(ids)s::bigint[]) AND t.delivered_at IS NULL AND t.next_attempt_at IS NULL AND (t.key = '' OR NOT EXISTS (
        SELECT 1 FROM events_event p WHERE p.key = t.key AND p.key <> '' AND p.id < t.id AND p.delivered_at IS NULL
            AND p.id <> ALL (%(ids)s::bigint[])))
    ORDER BY t.id FOR UPDATE OF t SKIP LOCKED""",
)

NOTE_TOGETHER = """
WITH applied AS (
    INSERT INTO events_delivery (event_id, consumer, applied_at, attempts, last_error)
    SELECT event_id, consumer, %(now)s, 1, '' FROM unnest(%(events)s::bigint[], %(consumers)s::text[]) AS one (event_id, consumer)
)
UPDATE events_event SET delivered_at = %(now)s WHERE id = ANY (%(ids)s::bigint[]) RETURNING id
"""

HELD_BACK = """
SELECT d.consumer FROM events_event p JOIN events_delivery d ON d.event_id = p.id AND d.applied_at IS NULL
WHERE p.key = %s AND p.key <> '' AND p.id < %s AND p.delivered_at IS NULL
"""


def deliver_pending(*, limit: int = 500, now: datetime | None = None) -> int:
    """Apply up to `limit` due events, oldest first; returns how many became fully delivered."""
    now = now or clock.now()
    due = planned.rows(DUE.format(limit), [now])
    return sum(_deliver_some(dict(due[start : start + TOGETHER]), now) for start in range(0, len(due), TOGETHER))


def backoff(attempts: int) -> timedelta:
    """How long to wait after this many failed attempts: doubling from 2 seconds up to an hour."""
    doublings = max(0, min(attempts - 1, 12))
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)


def _deliver_some(due: Mapping[int, str], now: datetime) -> int:
    """Events, id to key in the order of ids: together while nothing fails, the others one by one."""
    done: set[int] = set()
    if len(due) > 1:
        try:
            with transaction.atomic():
                done = _process_together(due, now)
            crash.point("events.deliver.committed")
        except Exception:  # noqa: BLE001 - all of it is taken back; one by one shows whose fault it was
            done = set()
    return len(done) + sum(_deliver(event_id, now) for event_id in due if event_id not in done)


def _process_together(due: Mapping[int, str], now: datetime) -> set[int]:
    """Apply untouched events in their order and mark them in one statement; the first failure takes all back."""
    claimed = _claim_together({"ids": list(due)})
    crash.point("events.deliver.claimed")
    # Another process, or a retry, has an event of these keys: theirs may be the earlier one.
    taken = {event.pk for event in claimed}
    elsewhere = {key for event_id, key in due.items() if key and event_id not in taken}
    mine = [event for event in claimed if event.key not in elsewhere]
    applied: list[tuple[int, str]] = []
    for event in mine:
        for consumer, reaction in reactions_to(event.name).items():
            _apply(consumer, reaction, event, now)
            applied.append((event.pk, consumer))
    ids = {event.pk for event in mine}
    events, consumers = [one for one, _ in applied], [one for _, one in applied]
    planned.rows(NOTE_TOGETHER, {"now": now, "events": events, "consumers": consumers, "ids": list(ids)})
    crash.point("events.deliver.marked")
    return ids


def _apply(consumer: str, reaction: Reaction, event: Event, now: datetime) -> None:
    event_class = class_of(event.name)
    assert event_class is not None, "a reaction is registered with its event's class"
    told = event_class.from_payload(event.payload)
    if not is_spared(told, consumer):
        reaction(told, now=now)
    crash.point("events.deliver.applied")


def _deliver(event_id: int, now: datetime) -> bool:
    """All consumers in one transaction; when its commit is refused, each in one of its own."""
    try:
        with transaction.atomic():
            return _process(event_id, now)
    except Exception as error:  # noqa: BLE001 - whatever a reaction broke, the others must go on
        # A deferred constraint spoke at commit, so it is not known whose writes it refused.
        log.warning(
            "Event %s: commit refused (%s); trying its consumers apart.",
            event_id,
            _brief(error),
        )
    return _deliver_apart(event_id, now)


def _deliver_apart(event_id: int, now: datetime) -> bool:
    delivered = False
    for consumer in reactions_to(Event.objects.get(pk=event_id).name):
        try:
            with transaction.atomic():
                delivered = _process(event_id, now, only=consumer)
        except Exception as error:  # noqa: BLE001 - noted with its delivery
            with transaction.atomic():
                delivered = _process(event_id, now, only=consumer, failure=error)
    return delivered


def _process(
    event_id: int,
    now: datetime,
    only: str | None = None,
    failure: Exception | None = None,
) -> bool:
    """Claim an event and attempt its due consumers; True when nothing is open any more.

    only: attempt this consumer and leave the others waiting; failure: note it instead of attempting.
    """
    event = next(iter(Event.objects.raw(CLAIM, [event_id])), None)
    if event is None:
        return False
    reactions = reactions_to(event.name)
    rows = _rows(event, reactions)
    # `has_earlier` is a column of CLAIM, not of the table: most events need not ask who is held back.
    held_back = _held_back(event) if event.has_earlier else set()  # type: ignore[attr-defined]
    for row in rows:
        if row.applied_at or only not in (None, row.consumer) or not _is_due(row, now):
            continue
        if row.consumer in held_back:
            row.next_attempt_at = now + FIRST_RETRY
        elif row.consumer not in reactions:
            # Another version of the program may still know this consumer: wait, do not forget.
            row.next_attempt_at = now + LONGEST_RETRY
        else:
            _attempt(row, reactions[row.consumer], event, now, failure)
    return _save(event, rows, now)


def _rows(event: Event, reactions: Mapping[str, Reaction]) -> list[Delivery]:
    """One row per consumer: those of earlier attempts, and new ones for the rest."""
    known = {} if event.next_attempt_at is None else {row.consumer: row for row in event.deliveries.all()}
    fresh = [Delivery(event=event, consumer=consumer) for consumer in reactions if consumer not in known]
    return [*known.values(), *fresh]


def _held_back(event: Event) -> set[str]:
    """Consumers that still owe an earlier event of the same key."""
    with connection.cursor() as cursor:
        cursor.execute(HELD_BACK, [event.key, event.pk])
        return {row[0] for row in cursor.fetchall()}


def _is_due(row: Delivery, now: datetime) -> bool:
    return row.next_attempt_at is None or row.next_attempt_at <= now


def _attempt(
    row: Delivery,
    reaction: Reaction,
    event: Event,
    now: datetime,
    failure: Exception | None,
) -> None:
    """Run one reaction in a savepoint and write down how it went."""
    row.attempts += 1
    try:
        if failure is not None:
            raise failure
        with transaction.atomic():
            _apply(row.consumer, reaction, event, now)
    except Exception as error:  # noqa: BLE001 - noted with its delivery, and tried again
        row.last_error = _brief(error)
        row.next_attempt_at = now + backoff(row.attempts)
        log.warning(
            "%s failed on event %s, attempt %s: %s",
            row.consumer,
            event.pk,
            row.attempts,
            row.last_error,
        )
    else:
        row.applied_at, row.next_attempt_at, row.last_error = now, None, ""


def _save(event: Event, rows: list[Delivery], now: datetime) -> bool:
    Delivery.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["consumer", "event"],
        update_fields=["applied_at", "attempts", "next_attempt_at", "last_error"],
    )
    waiting = [row.next_attempt_at or now for row in rows if row.applied_at is None]
    event.delivered_at = None if waiting else now
    event.next_attempt_at = min(waiting, default=None)
    event.save(update_fields=["delivered_at", "next_attempt_at"])
    crash.point("events.deliver.noted")
    return not waiting


def _brief(error: BaseException) -> str:
    """The kind of error and its first line only: further lines of a database error quote row values."""
    first = str(error).strip().split("\n", 1)[0]
    return f"{type(error).__name__}: {first}"[:500]
