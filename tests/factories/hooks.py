"""An endpoint for webhooks, and what it is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanzi.faces.webhooks import services
from quanzi.faces.webhooks.kinds import KINDS
from quanzi.faces.webhooks.models import Delivery, Endpoint
from quanzi.faces.webhooks.telling import write
from quanzi.kernel import clock
from tests.factories.people import make_staff


def make_endpoint(*, now: datetime | None = None, **given: Any) -> Endpoint:
    """One that hears everything."""
    values = {
        "url": "https://hooks.example/quanzi",
        "kinds": list(KINDS),
        "actor": given.pop("actor", None) or make_staff("operator"),
    }
    return services.add(**values | given, now=now or clock.now())[0]


def make_delivery(
    *, endpoint: Endpoint | None = None, kind: str = "order.paid", now: datetime | None = None
) -> Delivery:
    """The example of a kind, due now."""
    now = now or clock.now()
    found = KINDS[kind]
    message = write(kind=found, data=found.example, endpoints=[endpoint or make_endpoint(now=now)], now=now)
    return message.deliveries.get()
