"""The wire format of WeChat Pay v3: signatures, notification headers, sealed resources, strict JSON.

Our own checks of what comes in, on purpose: a library looked at accepted rightly signed messages of any age
and fetched a certificate for each unknown serial.
"""

import base64
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from quanzi.trade.payments.errors import NotificationRefused

SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE = timedelta(seconds=300)
BODY_MAX = 64 * 1024
SIGNED_HEADERS = ("Timestamp", "Nonce", "Serial", "Signature", "Signature-Type")
_NONCE = re.compile(r"[\x21-\x7e]{1,64}")
_MOMENT = re.compile(r"[0-9]{1,12}")


def sign(key: RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def signed_text(*parts: str | bytes) -> bytes:
    """Each part ends with a line feed, as the provider signs them."""
    return b"".join((part if isinstance(part, bytes) else part.encode()) + b"\n" for part in parts)


def is_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def authorization(
    *, key: RSAPrivateKey, mchid: str, serial: str, method: str, target: str, body: bytes, nonce: str, at: datetime
) -> str:
    """The Authorization header of our own requests."""
    moment = str(int(at.timestamp()))
    signature = sign(key, signed_text(method, target, moment, nonce, body))
    return (
        f'{SCHEME} mchid="{mchid}",nonce_str="{nonce}",signature="{signature}",'
        f'timestamp="{moment}",serial_no="{serial}"'
    )


def check_sender(
    *, headers: Mapping[str, str], body: bytes, trusted: Mapping[str, RSAPublicKey], now: datetime
) -> dict[str, str]:
    """The proof of a notification or of an answer; raises NotificationRefused, returns the headers it relied on.

    Cheap checks first: size, serial among those we hold (nothing is fetched), time on both sides, then the signature.
    """
    sent = {name: headers.get(f"Wechatpay-{name}", "") for name in SIGNED_HEADERS}
    if len(body) > BODY_MAX:
        raise NotificationRefused("too large", 413)
    if sent["Signature-Type"] != SCHEME:
        raise NotificationRefused("unknown signature type")
    key = trusted.get(sent["Serial"])
    if key is None:
        raise NotificationRefused("unknown serial")
    check_signature(
        key=key, timestamp=sent["Timestamp"], nonce=sent["Nonce"], signature=sent["Signature"], body=body, now=now
    )
    return sent


def check_signature(
    *, key: RSAPublicKey, timestamp: str, nonce: str, signature: str, body: bytes, now: datetime
) -> None:
    """Raises NotificationRefused unless the body was signed with this key less than 300 s from now."""
    if not _MOMENT.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise NotificationRefused("malformed headers")
    if abs(now.timestamp() - int(timestamp)) >= TOLERANCE.total_seconds():
        raise NotificationRefused("outside the time window")
    if not is_signed(key, signed_text(timestamp, nonce, body), signature):
        raise NotificationRefused("wrong signature")


def unseal(api_key: bytes, resource: Mapping[str, Any]) -> bytes:
    """Decrypt a resource (AES-GCM, tag at the end); raises NotificationRefused."""
    try:
        sealed = base64.b64decode(str(resource["ciphertext"]), validate=True)
        nonce, associated = str(resource["nonce"]).encode(), str(resource.get("associated_data") or "").encode()
        return AESGCM(api_key).decrypt(nonce, sealed, associated)
    except (InvalidTag, KeyError, ValueError) as error:
        raise NotificationRefused("cannot decrypt", 400) from error


def read_object(raw: bytes) -> dict[str, Any]:
    """Strict JSON: UTF-8 without mark, an object, no key twice, no NaN; raises NotificationRefused."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotificationRefused("malformed JSON", 400) from error
    if not isinstance(value, dict):
        raise NotificationRefused("not a JSON object", 400)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
