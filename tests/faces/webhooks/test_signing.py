"""Signatures as the specification writes them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from quanzi.faces.webhooks import signing

VECTOR = json.loads((Path(__file__).parents[2] / "vectors" / "webhook_mac.json").read_text(encoding="utf-8"))[
    "standard_webhooks"
]


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    made = signing.signature(
        secret=VECTOR["secret"], message_id=VECTOR["msg_id"], timestamp=VECTOR["timestamp"], body=VECTOR["payload"].encode()
    )  # fmt: skip
    assert made == VECTOR["signature"]


def test_id_time_and_body_are_all_signed() -> None:
    usual = {"secret": VECTOR["secret"], "message_id": "msg_a", "timestamp": 1, "body": b"{}"}
    changed = [
        {"message_id": "msg_b"},
        {"timestamp": 2},
        {"body": b"{ }"},
        {"secret": "whsec_" + base64.b64encode(b"x" * 32).decode()},
    ]
    made = {signing.signature(**usual | other) for other in [{}, *changed]}  # type: ignore[arg-type]
    assert len(made) == 5


def test_while_two_secrets_are_good_both_sign() -> None:
    found = signing.headers(secrets=["whsec_YQ==", "whsec_Yg=="], message_id="msg_a", timestamp=7, body=b"{}")
    assert found["webhook-id"] == "msg_a"
    assert found["webhook-timestamp"] == "7"
    assert [one[:3] for one in found["webhook-signature"].split(" ")] == ["v1,", "v1,"]


def test_a_secret_follows_from_the_key_of_the_shop_and_the_seed() -> None:
    one = signing.secret_of(shop_key="key", seed="seed")
    assert one == signing.secret_of(shop_key="key", seed="seed")
    assert one.startswith("whsec_")
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32
    assert (
        len({one, signing.secret_of(shop_key="other", seed="seed"), signing.secret_of(shop_key="key", seed="other")})
        == 3
    )
