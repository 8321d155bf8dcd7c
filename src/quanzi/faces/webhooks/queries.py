"""Reads: endpoints with their health, the log, one delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet

from quanzi.faces.webhooks import rules
from quanzi.faces.webhooks.errors import DeliveryNotFound, EndpointNotFound
from quanzi.faces.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint, Replay

HOURS = 24

HEALTH = """
SELECT d.endpoint_id, extract(epoch FROM %(now)s - a.at)::int / 3600 AS ago,
       count(*) FILTER (WHERE a.status BETWEEN 200 AND 299), count(*) FILTER (WHERE a.status NOT BETWEEN 200 AND 299)
FROM webhooks_attempt a JOIN webhooks_delivery d ON d.id = a.delivery_id
WHERE a.at > %(since)s AND a.at <= %(now)s GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Health:
    """Attempts of the last 24 hours, hour by hour, the oldest first; waiting: deliveries that are not done."""

    endpoint: Endpoint
    good: tuple[int, ...]
    bad: tuple[int, ...]
    waiting: int


def healths(*, now: datetime) -> list[Health]:
    """All endpoints, the newest first."""
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    counted = Endpoint.objects.annotate(waiting=waiting).order_by("-pk")
    good, bad = {}, {}
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, {"now": now, "since": now - timedelta(hours=HOURS)})
        for endpoint_id, ago, well, ill in cursor.fetchall():
            good[endpoint_id, ago], bad[endpoint_id, ago] = well, ill
    hours = range(HOURS - 1, -1, -1)
    return [
        Health(
            one,
            tuple(good.get((one.pk, hour), 0) for hour in hours),
            tuple(bad.get((one.pk, hour), 0) for hour in hours),
            one.waiting,
        )
        for one in counted
    ]


def endpoint(*, endpoint_id: int) -> Endpoint:
    """Raises EndpointNotFound."""
    found = Endpoint.objects.filter(pk=endpoint_id).first()
    if found is None:
        raise EndpointNotFound
    return found


def log(
    *, endpoint_id: int | None = None, state: str = "", kind: str = "", before_id: int | None = None, limit: int = 50
) -> list[Delivery]:
    """Deliveries with message and endpoint, the newest first."""
    found: QuerySet[Delivery] = Delivery.objects.select_related("message", "endpoint").order_by("-pk")
    if endpoint_id is not None:
        found = found.filter(endpoint_id=endpoint_id)
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(message__kind=kind)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return list(found[:limit])


def attempts_of(deliveries: Sequence[Delivery]) -> dict[int, int]:
    """How often each was really sent, all resends counted; `tries` begins anew when one is asked for."""
    found = Attempt.objects.filter(delivery__in=[one.pk for one in deliveries])
    return dict(found.values_list("delivery").annotate(sent=Count("pk")))


def delivery(*, delivery_id: int) -> Delivery:
    """With message, endpoint and all attempts. Raises DeliveryNotFound."""
    found = Delivery.objects.select_related("message", "endpoint").prefetch_related("attempts")
    one = found.filter(pk=delivery_id).first()
    if one is None:
        raise DeliveryNotFound(days=rules.KEPT.days)
    return one


def replays(*, endpoint_id: int) -> list[Replay]:
    """The newest five of an endpoint."""
    return list(Replay.objects.filter(endpoint_id=endpoint_id).select_related("asked_by").order_by("-pk")[:5])
