"""A message for an event, and its deliveries, written with the event's own delivery: exactly once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.events.events import DomainEvent
from quanzi.base.jobs.services import enqueue
from quanzi.faces.webhooks.kinds import Kind, written
from quanzi.faces.webhooks.models import Delivery, Endpoint, EndpointState, Message
from quanzi.kernel.ids import new_token

SEND = "webhooks.send"
HEARING = (EndpointState.ON, EndpointState.PAUSED)
"""For a paused endpoint messages wait. One that is off or gone is told nothing, but what it missed can be replayed."""


def tell(*, kind: Kind, event: DomainEvent, now: datetime) -> Message | None:
    """Write down what is told of an event and to whom; None when nobody chose this kind, or it is not for the outside."""
    wanting = list(Endpoint.objects.filter(kinds__contains=[kind.name]).order_by("pk"))
    data = kind.data_of(event) if wanting else None
    if data is None:
        return None
    return write(kind=kind, data=data, endpoints=[one for one in wanting if one.state in HEARING], now=now)


@transaction.atomic
def write(*, kind: Kind, data: dict[str, Any], endpoints: Iterable[Endpoint], now: datetime) -> Message:
    """A message and its deliveries, due now."""
    message = Message.objects.create(
        token=f"msg_{new_token()}", kind=kind.name, body=written(kind=kind.name, data=data, at=now), made_at=now
    )
    Delivery.objects.bulk_create(Delivery(endpoint=one, message=message, due_at=now) for one in endpoints)
    send_soon()
    return message


def send_soon() -> None:
    """Have what is due sent. One sender at a time, and one that waits to follow it."""
    enqueue(SEND, unique=SEND, lock=SEND)
