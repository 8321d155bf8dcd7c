"""One request to an endpoint: signed, to a public address, not redirected, at most ten seconds. Touches no database."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings

from quanzi.base.fetching import (
    FetchFailed,
    ForbiddenAddress,
    Limits,
    TooMuch,
    addresses_of,
    fetch,
    public_addresses,
)
from quanzi.faces.webhooks import rules, signing
from quanzi.kernel import clock

SECONDS = 10.0
KEPT_BYTES = 2048
USER_AGENT = "quanzi-webhooks/1"


@dataclass(frozen=True)
class Parcel:
    """What one attempt needs. secrets: those that sign now."""

    delivery_id: int
    endpoint_id: int
    url: str
    secrets: tuple[str, ...]
    message_id: str
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """status: 0 when nothing was answered, and `trouble` says why; answer: the first 2 KB, as text."""

    status: int
    ms: int
    trouble: str = ""
    answer: str = ""


def post(parcel: Parcel) -> Outcome:
    """Send it and tell how it went; never raises for what the other side does."""
    at = int(clock.now().timestamp())
    signed = signing.headers(secrets=parcel.secrets, message_id=parcel.message_id, timestamp=at, body=parcel.body)
    headers = {"content-type": "application/json", "user-agent": USER_AGENT, **signed}
    ports = (*rules.PORTS, *(port for _, port in settings.WEBHOOKS_INSIDE))
    limits = Limits(most_bytes=KEPT_BYTES, seconds=SECONDS, redirects=0, ports=ports, cuts=True)
    began = time.monotonic()
    try:
        if not rules.is_good_address(parcel.url, inside=settings.WEBHOOKS_INSIDE):
            raise ForbiddenAddress
        answer = fetch(
            parcel.url, method="POST", content=parcel.body, headers=headers, limits=limits, resolve=_addresses
        )
    except TooMuch:
        return Outcome(0, _since(began), "timeout")
    except ForbiddenAddress:
        return Outcome(0, _since(began), "forbidden_address")
    except FetchFailed as failed:
        return Outcome(0, _since(began), str(failed.params.get("reason", ""))[:60])
    text = answer.body.decode("utf-8", "replace").replace("\x00", "�")
    return Outcome(answer.status, _since(began), "", text)


def _addresses(host: str, port: int) -> list[str]:
    """Public ones, and those of the own network that the server's settings name."""
    return addresses_of(host, port) if (host, port) in settings.WEBHOOKS_INSIDE else public_addresses(host, port)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
