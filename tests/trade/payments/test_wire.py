"""Our checks of incoming messages agree with the provider's published values, and refuse each damaged one."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import load_pem_x509_certificate
from hypothesis import given
from hypothesis import strategies as st

from quanzi.trade.payments.errors import NotificationRefused
from quanzi.trade.payments.providers import wire

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "wechatpay_v3.json").read_text())
NOTE = VECTORS["notification"]
KEY: Any = load_pem_x509_certificate(NOTE["platform_certificate_pem"].encode()).public_key()
SERIAL = NOTE["headers"]["Wechatpay-Serial"]
NOW = datetime.fromtimestamp(NOTE["clock_unix"], UTC)
SENT = NOTE["headers"] | {"Wechatpay-Signature-Type": wire.SCHEME}


def check(headers: dict[str, str] = SENT, body: bytes = NOTE["body"].encode(), now: datetime = NOW) -> None:
    wire.check_sender(headers=headers, body=body, trusted={SERIAL: KEY}, now=now)


def test_the_published_signature_fits_and_no_other_message_does():
    vector = VECTORS["rsa_sha256_pkcs1v15"]
    key: Any = load_pem_x509_certificate(vector["certificate_pem"].encode()).public_key()
    assert wire.is_signed(key, vector["message"].encode(), vector["signature_b64"])
    for message, signature in [
        (b"wrong source", vector["signature_b64"]),
        (b"", vector["signature_b64"]),
        (b"source", ""),
    ]:
        assert not wire.is_signed(key, message, signature)


def test_the_published_notification_is_accepted_and_opens_to_its_text():
    check()
    resource = wire.read_object(NOTE["body"].encode())["resource"]
    assert wire.unseal(NOTE["apiv3_key"].encode(), resource).decode() == NOTE["plaintext"]


@pytest.mark.parametrize(
    "change",
    [
        {"Wechatpay-Nonce": "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBy"},
        {"Wechatpay-Nonce": ""},
        {"Wechatpay-Nonce": "a\nb"},
        {"Wechatpay-Timestamp": "1624523847"},
        {"Wechatpay-Timestamp": "１６２４５２３８４６"},
        {"Wechatpay-Timestamp": "-1"},
        {"Wechatpay-Timestamp": "nan"},
        {"Wechatpay-Timestamp": "9" * 400},
        {"Wechatpay-Serial": ""},
        {"Wechatpay-Serial": "zz"},
        {"Wechatpay-Serial": "F" * 10_000},
        {"Wechatpay-Serial": "F5765756002FDD77"},
        {"Wechatpay-Signature": ""},
        {"Wechatpay-Signature": "AAAA"},
        {"Wechatpay-Signature": "签名"},
        {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/" + SENT["Wechatpay-Signature"][19:]},
        {"Wechatpay-Signature-Type": ""},
        {"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"},
    ],
)
def test_each_changed_header_is_refused(change):
    with pytest.raises(NotificationRefused) as caught:
        check(SENT | change)
    assert caught.value.status == 401


@pytest.mark.parametrize("name", sorted(name for name in SENT if name.startswith("Wechatpay")))
def test_each_missing_header_is_refused(name):
    with pytest.raises(NotificationRefused):
        check({key: value for key, value in SENT.items() if key != name})


@pytest.mark.parametrize("seconds", [300, 301, 600, 5 * 365 * 86_400, -300, -301, -600])
def test_a_right_signature_outside_the_window_is_refused(seconds):
    with pytest.raises(NotificationRefused, match="window"):
        check(now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_a_right_signature_inside_the_window_is_accepted(seconds):
    check(now=NOW + timedelta(seconds=seconds))


@given(st.integers(0, len(NOTE["body"].encode()) - 1), st.integers(1, 255))
def test_any_one_changed_byte_is_refused(index, flip):
    body = bytearray(NOTE["body"].encode())
    body[index] ^= flip
    with pytest.raises(NotificationRefused):
        check(body=bytes(body))


def test_a_signature_of_another_key_under_the_known_serial_is_refused():
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    body = NOTE["body"].encode()
    text = wire.signed_text(SENT["Wechatpay-Timestamp"], SENT["Wechatpay-Nonce"], body)
    with pytest.raises(NotificationRefused, match="signature"):
        check(SENT | {"Wechatpay-Signature": wire.sign(other, text)})


def test_a_body_above_the_cap_is_refused_before_any_signature_is_computed():
    with pytest.raises(NotificationRefused) as caught:
        check(body=b"x" * (wire.BODY_MAX + 1))
    assert caught.value.status == 413


def test_the_published_sealed_text_opens_and_damaged_ones_do_not():
    vector = VECTORS["aead"]
    right = {"ciphertext": vector["ciphertext_b64"], "nonce": vector["nonce"], "key": vector["key"]}
    right["associated_data"] = vector["associated_data"]

    def opened(change: dict[str, str]) -> bytes:
        used = right | change
        return wire.unseal(used["key"].encode(), used)

    assert opened({}).decode() == vector["plaintext"]
    damaged = [{name.removesuffix("_b64"): value for name, value in one.items()} for one in vector["must_fail"]]
    for change in [*damaged, {"associated_data": "other"}, {"nonce": ""}, {"nonce": "x" * 12}]:
        with pytest.raises(NotificationRefused):
            opened(change)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"1",
        b"null",
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b"[" * 60_000,
        '{"a":1}'.encode("utf-16"),
    ],
    ids=lambda raw: raw[:12],
)
def test_unusual_json_is_refused_in_a_moment(raw):
    with pytest.raises(NotificationRefused) as caught:
        wire.read_object(raw)
    assert caught.value.status == 400


def test_the_canonical_text_of_the_other_provider_is_rebuilt():
    """Kept for the Alipay adapter: the string that its signature covers."""
    vector = json.loads((Path(__file__).parents[2] / "vectors" / "alipay_notify.json").read_text())
    rebuilt = "&".join(f"{name}={value}" for name, value in sorted(vector["params"].items()))
    assert rebuilt == vector["string_to_verify"]
