"""Writing to a push service: encrypted for one browser (RFC 8291), signed as this shop (RFC 8292)."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from quanzi.people.contact.pushing import keys

KNOWN_SERVICES = (
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.services.mozilla.com",
    "https://*.notify.windows.com",
    "https://web.push.apple.com",
    "https://*.push.apple.com",
)
"""An address comes from a browser, so it is believed only when it is a push service's. QUANZI_PUSH_SERVICES adds to these."""

TIMEOUT_S = 10
KEEP_S = 24 * 3600
"""How long the service may keep a letter for a device that is off."""
SIGNATURE_S = 12 * 3600


class Outcome(Enum):
    SENT = "sent"
    GONE = "gone"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True)
class Address:
    """Where and for whom: endpoint, the browser's public key and the secret of the subscription, both base64url."""

    endpoint: str
    p256dh: str
    auth: str


def is_push_service(endpoint: str, services: Iterable[str] = ()) -> bool:
    """Whether the address belongs to a push service that we write to; never another host, port or login in disguise."""
    parts = urlsplit(endpoint)
    if parts.username is not None or parts.fragment or not parts.hostname or any(c in endpoint for c in "\r\n\t \\"):
        return False
    origin = f"{parts.scheme}://{parts.netloc.lower()}"
    return any(fnmatchcase(origin, known) for known in [*KNOWN_SERVICES, *services])


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these are a point of the curve and a secret of sixteen bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
        return len(_bytes(auth)) == 16
    except ValueError:
        return False


def deliver(address: Address, *, text: bytes, tag: str, now: datetime) -> Outcome:
    """Send one letter. tag: a later letter of the same tag replaces one that still waits (32 letters of base64url at most)."""
    headers = {
        **_signature(address.endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEEP_S),
        "Urgency": "normal",
        "Topic": tag,
    }
    try:
        answer = httpx.post(
            address.endpoint, content=encrypt(address, text), headers=headers, timeout=TIMEOUT_S, follow_redirects=False
        )
    except httpx.TransportError:
        return Outcome.LATER
    if answer.is_success:
        return Outcome.SENT
    if answer.status_code in (404, 410):
        return Outcome.GONE
    return Outcome.LATER if answer.status_code == 429 or answer.status_code >= 500 else Outcome.REFUSED


def encrypt(address: Address, text: bytes) -> bytes:
    """Only the browser that holds the private half of p256dh can read it, not the push service."""
    sealed: bytes = http_ece.encrypt(
        text,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(address.p256dh),
        auth_secret=_bytes(address.auth),
        version="aes128gcm",
    )
    return sealed


def _signature(endpoint: str, now: datetime) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}",
        "exp": int(now.timestamp()) + SIGNATURE_S,
    }
    signed: dict[str, str] = keys.signer().sign(claims)
    return signed


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
