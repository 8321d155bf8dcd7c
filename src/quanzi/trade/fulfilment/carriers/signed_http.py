"""A carrier that speaks JSON over HTTP, signed both ways with a shared key.

`Signature: t=<seconds>,v1=<hex>` where the hex is HMAC-SHA256 of "<t>.<method> <target>." and the body. A push may be five minutes old.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from quanzi.kernel import clock
from quanzi.trade.fulfilment.carriers.protocol import CODES, Booked, Outcome, PushRefused, Shipment, Told, Tracked

SECONDS = 8.0
TOLERANCE = 300
MOST_EVENTS = 200


def signature(key: str, *, moment: int, method: str, target: str, body: bytes) -> str:
    """The value of the Signature header."""
    said = f"{moment}.{method} {target}.".encode() + body
    return f"t={moment},v1={hmac.new(key.encode(), said, hashlib.sha256).hexdigest()}"


class SignedHttp:
    """One account at one carrier."""

    def __init__(self, *, code: str, name: str, url: str, key: str) -> None:
        self.code, self.name, self._url, self._key = code, name, url.rstrip("/"), key

    def book(self, shipment: Shipment) -> Booked:
        return _booked(*self._ask("POST", "/v1/shipments", asdict(shipment)))

    def find(self, reference: str) -> Booked:
        return _booked(*self._ask("GET", f"/v1/references/{quote(reference, safe='')}"))

    def track(self, tracking: str) -> Tracked:
        status, found = self._ask("GET", f"/v1/shipments/{quote(tracking, safe='')}/events")
        if status != 200:
            return Tracked(Outcome.REFUSED if 400 <= status < 500 else Outcome.UNKNOWN, error=_error(found, status))
        try:
            return Tracked(Outcome.DONE, [_told(row) for row in found["events"][:MOST_EVENTS]])
        except (KeyError, TypeError, ValueError):
            return Tracked(Outcome.UNKNOWN, error="the answer makes no sense")

    def parse_push(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[str, Sequence[Told]]:
        sent = headers.get("Signature", "")
        parts = dict(part.split("=", 1) for part in sent.split(",") if "=" in part)
        moment = parts.get("t", "")
        if not moment.isascii() or not moment.isdigit() or abs(int(now.timestamp()) - int(moment)) > TOLERANCE:
            raise PushRefused("the signature is missing or too old", 401)
        due = signature(self._key, moment=int(moment), method="POST", target=f"/carriers/{self.code}/notify", body=body)
        if not hmac.compare_digest(due.encode(), sent.encode()):
            raise PushRefused("the signature is not right", 401)
        try:
            found = json.loads(body)
            return str(found["tracking"])[:60], [_told(row) for row in found["events"][:MOST_EVENTS]]
        except (KeyError, TypeError, ValueError, RecursionError):
            raise PushRefused("the body makes no sense", 422) from None

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and JSON; status 0 when there was no whole answer, so nobody knows what became of it."""
        content = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        target = urlsplit(self._url + path).path
        moment = int(clock.now().timestamp())
        headers = {
            "Signature": signature(self._key, moment=moment, method=method, target=target, body=content),
            "Content-Type": "application/json",
        }
        try:
            answer = self._client.request(method, self._url + path, content=content, headers=headers)
            return answer.status_code, answer.json()
        except httpx.HTTPError as trouble:
            return 0, {"error": type(trouble).__name__}
        except ValueError:
            return 0, {"error": "the answer is not JSON"}


def _booked(status: int, found: Any) -> Booked:
    if status in (200, 201) and isinstance(found, dict) and 0 < len(str(found.get("tracking", ""))) <= 60:
        return Booked(Outcome.DONE, tracking=str(found["tracking"]))
    if 400 <= status < 500 and status not in (408, 425, 429):
        return Booked(Outcome.REFUSED, error=_error(found, status))
    return Booked(Outcome.UNKNOWN, error=_error(found, status))


def _error(found: Any, status: int) -> str:
    said = found.get("error", "") if isinstance(found, dict) else ""
    return str(said or f"answer {status}")[:200]


def _told(row: Any) -> Told:
    code = str(row["code"])
    at = datetime.fromisoformat(row["at"])
    if code not in CODES or at.tzinfo is None:
        raise ValueError(code)
    return Told(
        ref=str(row["id"])[:60], code=code, words=str(row.get("words", ""))[:200], place=str(row.get("place", ""))[:80],
        at=at.astimezone(UTC),
    )  # fmt: skip
