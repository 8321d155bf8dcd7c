"""Standard Webhooks signatures (https://www.standardwebhooks.com), version 1: HMAC-SHA256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_seed() -> str:
    return secrets.token_urlsafe(24)


def secret_of(*, shop_key: str, seed: str) -> str:
    """The secret of an endpoint. Derived, so that no table, backup or export holds it; another key of the shop ends it."""
    derived = hmac.digest(shop_key.encode(), b"quanzi.webhooks." + seed.encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(derived).decode()


def signature(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,…` over "id.timestamp.body". timestamp: whole seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(*, secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a request carries; one signature for each secret that is good now, so that a receiver may change over at leisure."""
    signed = [signature(secret=one, message_id=message_id, timestamp=timestamp, body=body) for one in secrets]
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(signed)}
