"""The round: what is due is sent, by many threads that wait for others and one that writes down how it went.

Each endpoint has a few requests under way at most and the pool has room for all of them, so a slow one holds nobody else; one that
failed last is asked with a single delivery. What was claimed is due again after a while, if this process is killed.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from quanzi.base.jobs.services import enqueue
from quanzi.faces.webhooks import rules
from quanzi.faces.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint, EndpointState
from quanzi.faces.webhooks.posting import Outcome, Parcel, post
from quanzi.faces.webhooks.services import MOST_ENDPOINTS, secrets_of
from quanzi.faces.webhooks.telling import send_soon
from quanzi.kernel import clock, crash
from quanzi.people.contact.services import notify

EACH = 4
"""Requests under way to one endpoint."""
ROUND_S = 8.0
"""After that nothing new is begun; the job makes room for others, and a worker that stops need not wait long."""
LEASE = timedelta(seconds=60)
LOOK_S = 0.25

CLAIM = """
UPDATE webhooks_delivery d SET due_at = %(again)s, tries = d.tries + 1, first_at = coalesce(d.first_at, %(now)s)
FROM (
    SELECT due.id, due.message_id FROM unnest(%(ids)s::bigint[], %(rooms)s::int[]) AS free(endpoint_id, n)
    CROSS JOIN LATERAL (
        SELECT w.id, w.message_id FROM webhooks_delivery w
        WHERE w.endpoint_id = free.endpoint_id AND w.state = 'waiting' AND w.due_at <= %(now)s
        ORDER BY w.due_at, w.id LIMIT free.n FOR UPDATE SKIP LOCKED) due
) claimed JOIN webhooks_message m ON m.id = claimed.message_id
WHERE d.id = claimed.id
RETURNING d.id, d.endpoint_id, m.token, m.body
"""

NEXT = """
SELECT min(greatest(w.due_at, coalesce(e.rest_until, w.due_at))) FROM webhooks_endpoint e
CROSS JOIN LATERAL (SELECT due_at FROM webhooks_delivery d WHERE d.endpoint_id = e.id AND d.state = 'waiting'
                    ORDER BY due_at, id LIMIT 1) w
WHERE e.state = 'on'
"""


def send_due(*, send: Callable[[Parcel], Outcome] = post, round_s: float = ROUND_S) -> int:
    """Send what is due, for at most `round_s` seconds and the last answers; returns the number of attempts.

    Never inside a transaction. Then asks to be called again when something will be due.
    """
    until, flying, sent = time.monotonic() + round_s, dict[Future[Outcome], Parcel](), 0
    with ThreadPoolExecutor(EACH * MOST_ENDPOINTS, thread_name_prefix="webhook") as pool:
        while True:
            if time.monotonic() < until:
                for parcel in claim(Counter(one.endpoint_id for one in flying.values()), now=clock.now()):
                    flying[pool.submit(send, parcel)] = parcel
            if not flying:
                break
            done, _ = wait(flying, timeout=LOOK_S, return_when=FIRST_COMPLETED)
            crash.point("webhooks.send.answered")
            note([(flying.pop(one), one.result()) for one in done], now=clock.now())
            sent += len(done)
    come_back(now=clock.now())
    return sent


@transaction.atomic
def claim(under_way: Counter[int], *, now: datetime) -> list[Parcel]:
    """Deliveries that are due, as far as each endpoint has room. Nobody else takes them before LEASE is over."""
    rooms = {one.pk: _room(one, under_way[one.pk], now) for one in Endpoint.objects.filter(state=EndpointState.ON)}
    free = {pk: room for pk, room in rooms.items() if room > 0}
    if not free:
        return []
    values: dict[str, Any] = {"ids": list(free), "rooms": list(free.values()), "now": now, "again": now + LEASE}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        found = cursor.fetchall()
    theirs = Endpoint.objects.in_bulk({row[1] for row in found})
    return [
        Parcel(delivery, pk, theirs[pk].url, tuple(secrets_of(theirs[pk], now=now)), token, body.encode())
        for delivery, pk, token, body in found
    ]


def _room(endpoint: Endpoint, under_way: int, now: datetime) -> int:
    if endpoint.rest_until is not None and now < endpoint.rest_until:
        return 0
    return (1 if endpoint.fails else EACH) - under_way


@transaction.atomic
def note(outcomes: list[tuple[Parcel, Outcome]], *, now: datetime) -> None:
    """Write down how attempts went, and what follows for their deliveries and endpoints."""
    endpoints = Endpoint.objects.select_for_update().order_by("pk").in_bulk({one.endpoint_id for one, _ in outcomes})
    deliveries = Delivery.objects.select_for_update().order_by("pk").in_bulk([one.delivery_id for one, _ in outcomes])
    attempts = []
    for parcel, outcome in outcomes:
        delivery, endpoint = deliveries.get(parcel.delivery_id), endpoints.get(parcel.endpoint_id)
        if delivery is None or endpoint is None:
            continue  # removed meanwhile
        attempts.append(
            Attempt(delivery=delivery, at=now, status=outcome.status, ms=outcome.ms, trouble=outcome.trouble, answer=outcome.answer)
        )  # fmt: skip
        _settle(delivery, endpoint, outcome, now)
        _judge(endpoint, outcome, now)
    Attempt.objects.bulk_create(attempts)
    Delivery.objects.bulk_update(deliveries.values(), ["state", "status", "due_at", "done_at"])
    Endpoint.objects.bulk_update(endpoints.values(), ["state", "fails", "failing_since", "rest_until"])


def _settle(delivery: Delivery, endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
    """What becomes of the delivery. It is given up only where others were taken meanwhile; else the endpoint is at fault."""
    delivery.status = outcome.status
    if rules.is_taken(outcome.status):
        delivery.state, delivery.done_at = DeliveryState.DELIVERED, now
    elif outcome.status == 410 or _is_refused(delivery, endpoint, now):
        delivery.state, delivery.done_at = DeliveryState.GIVEN_UP, now
    else:
        delivery.due_at = now + rules.wait_after(delivery.tries, random.random())


def _is_refused(delivery: Delivery, endpoint: Endpoint, now: datetime) -> bool:
    """For three days now, although the endpoint took others since."""
    first_at = delivery.first_at or now
    took_others = endpoint.failing_since is None or endpoint.failing_since > first_at + LEASE
    return took_others and now - first_at >= rules.GIVES_UP_AFTER


def _judge(endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
    if rules.is_taken(outcome.status):
        endpoint.fails, endpoint.failing_since, endpoint.rest_until = 0, None, None
        return
    endpoint.fails += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.rest_until = now + rules.rest_after(endpoint.fails)
    if endpoint.state != EndpointState.ON:
        return
    if outcome.status == 410:
        endpoint.state = EndpointState.GONE
    elif now - endpoint.failing_since >= rules.GIVES_UP_AFTER:
        endpoint.state = EndpointState.PAUSED
    if endpoint.state != EndpointState.ON and endpoint.made_by_id is not None:
        notify(
            member_id=endpoint.made_by_id, kind=f"webhook_{endpoint.state}", params={"url": endpoint.url},
            link=reverse("console:webhook", args=[endpoint.pk]), key=f"webhook:{endpoint.pk}:{now.isoformat()}", now=now,
        )  # fmt: skip


@transaction.atomic
def come_back(*, now: datetime) -> None:
    """Ask for the next round: now, or when the first waiting delivery is due."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        (due_at,) = cursor.fetchone()
    if due_at is None:
        return
    if due_at <= now:
        send_soon()
    else:
        # One that waits keeps its place in the queue of its lock, so this one has none: it only wakes the sender.
        enqueue("webhooks.wake", run_at=due_at, unique=f"webhooks.wake:{int(due_at.timestamp())}")
