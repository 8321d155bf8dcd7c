"""paysim's own wire format agrees with the provider's published test values."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.x509 import load_pem_x509_certificate

from paysim import wire

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "wechatpay_v3.json").read_text())


def public_key(pem: str) -> Any:
    return load_pem_x509_certificate(pem.encode()).public_key()


def test_the_published_signature_fits_and_no_other_message_does():
    vector = VECTORS["rsa_sha256_pkcs1v15"]
    key = public_key(vector["certificate_pem"])
    assert wire.is_signed(key, vector["message"].encode(), vector["signature_b64"])
    assert not wire.is_signed(key, b"wrong source", vector["signature_b64"])
    assert not wire.is_signed(key, b"", vector["signature_b64"])
    assert not wire.is_signed(key, vector["message"].encode(), "")


def test_the_published_notification_is_signed_and_opens():
    vector = VECTORS["notification"]
    key, sent = public_key(vector["platform_certificate_pem"]), vector["headers"]
    message = wire.lines(sent["Wechatpay-Timestamp"], sent["Wechatpay-Nonce"], vector["body"])
    assert wire.is_signed(key, message, sent["Wechatpay-Signature"])
    resource = json.loads(vector["body"])["resource"]
    api_key = vector["apiv3_key"].encode()
    plain = wire.decrypt(api_key, resource["ciphertext"], resource["nonce"], resource["associated_data"])
    assert plain.decode() == vector["plaintext"]
    again = wire.encrypt(api_key, plain, resource["associated_data"], resource["nonce"])
    assert again["ciphertext"] == resource["ciphertext"]


def test_the_published_sealed_text_opens_and_damaged_ones_do_not():
    vector = VECTORS["aead"]
    right = {name: vector[name] for name in ("ciphertext_b64", "nonce", "associated_data", "key")}

    def opened(change: dict[str, str]) -> bytes:
        used = right | change
        return wire.decrypt(used["key"].encode(), used["ciphertext_b64"], used["nonce"], used["associated_data"])

    assert opened({}).decode() == vector["plaintext"]
    for change in vector["must_fail"]:
        with pytest.raises((InvalidTag, ValueError)):
            opened(change)
