"""Notifications an attacker or a broken provider might send. Each kind must be refused, or stored without effect."""

import secrets
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from paysim import wire
from paysim.keys import Merchant, PlatformKey

Headers = dict[str, str]
PROBE_PREFIX = "WECHATPAY/SIGNTEST/"


def envelope(event: dict[str, Any], content: dict[str, Any], api_key: bytes, original: str) -> bytes:
    """The body of a notification: an event whose resource is encrypted for the merchant."""
    resource = {"original_type": original, **wire.encrypt(api_key, wire.dumps(content), original)}
    return wire.dumps({**event, "resource_type": "encrypt-resource", "resource": resource})


def headers(platform: PlatformKey, body: bytes, at: float | None = None) -> Headers:
    """The signed headers of a notification or of an answer."""
    timestamp, nonce = str(int(time.time() if at is None else at)), secrets.token_hex(16)
    return {
        "Content-Type": "application/json",
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": platform.serial,
        "Wechatpay-Signature-Type": wire.SCHEME,
        "Wechatpay-Signature": wire.sign(platform.key, wire.lines(timestamp, nonce, body)),
    }


class Forger:
    """Makes the forged copies of one true notification."""

    def __init__(
        self, event: dict[str, Any], content: dict[str, Any], merchant: Merchant, platform: PlatformKey
    ) -> None:
        self.event = {**event, "id": f"forged-{secrets.token_hex(8)}"}
        self.content, self.merchant, self.platform = content, merchant, platform
        self.original = "refund" if str(event["event_type"]).startswith("REFUND") else "transaction"

    def _sealed(self, **changes: Any) -> tuple[bytes, Headers]:
        body = envelope(self.event, {**self.content, **changes}, self.merchant.api_key, self.original)
        return body, headers(self.platform, body)

    def make(self, kind: str) -> tuple[bytes, Headers]:
        return KINDS[kind](self)

    def bad_signature(self) -> tuple[bytes, Headers]:
        body, sent = self._sealed()
        return body, sent | {"Wechatpay-Signature": wire.sign(_stranger(), b"something else")}

    def own_key(self) -> tuple[bytes, Headers]:
        """Rightly signed, but by a key that is not the platform's, under the platform's serial."""
        body, _ = self._sealed()
        other = PlatformKey(self.platform.serial, _stranger(), b"", 0)
        return body, headers(other, body)

    def other_serial(self) -> tuple[bytes, Headers]:
        body, sent = self._sealed()
        return body, sent | {"Wechatpay-Serial": secrets.token_hex(16).upper()}

    def no_signature_type(self) -> tuple[bytes, Headers]:
        body, sent = self._sealed()
        del sent["Wechatpay-Signature-Type"]
        return body, sent | {"Wechatpay-Signature": ""}

    def changed_body(self) -> tuple[bytes, Headers]:
        body, sent = self._sealed()
        return body.replace(b"encrypt-resource", b"encrypt-resourcE"), sent

    def old(self) -> tuple[bytes, Headers]:
        body, _ = self._sealed()
        return body, headers(self.platform, body, at=1_624_523_846)

    def future(self) -> tuple[bytes, Headers]:
        body, _ = self._sealed()
        return body, headers(self.platform, body, at=time.time() + 600)

    def wrong_amount(self) -> tuple[bytes, Headers]:
        amount = {**self.content["amount"], "total": 1, "payer_total": 1}
        return self._sealed(amount=amount)

    def wrong_currency(self) -> tuple[bytes, Headers]:
        return self._sealed(amount={**self.content["amount"], "currency": "USD"})

    def wrong_merchant(self) -> tuple[bytes, Headers]:
        return self._sealed(mchid="1999999999")

    def wrong_app(self) -> tuple[bytes, Headers]:
        return self._sealed(appid="wx0000000000000000")

    def other_order(self) -> tuple[bytes, Headers]:
        return self._sealed(out_trade_no="NOTOURS" + secrets.token_hex(4))

    def probe(self) -> tuple[bytes, Headers]:
        body, sent = self._sealed()
        return body, sent | {"Wechatpay-Signature": PROBE_PREFIX + sent["Wechatpay-Signature"][len(PROBE_PREFIX) :]}


def _stranger() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KINDS: dict[str, Callable[[Forger], tuple[bytes, Headers]]] = {
    "bad_signature": Forger.bad_signature,
    "own_key": Forger.own_key,
    "other_serial": Forger.other_serial,
    "no_signature_type": Forger.no_signature_type,
    "changed_body": Forger.changed_body,
    "old": Forger.old,
    "future": Forger.future,
    "wrong_amount": Forger.wrong_amount,
    "wrong_currency": Forger.wrong_currency,
    "wrong_merchant": Forger.wrong_merchant,
    "wrong_app": Forger.wrong_app,
    "other_order": Forger.other_order,
    "probe": Forger.probe,
}
