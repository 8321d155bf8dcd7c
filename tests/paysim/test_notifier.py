"""Notifications are signed for real, repeated until accepted, and spoiled only as planned."""

import threading
import time

import pytest
from cryptography.x509 import load_pem_x509_certificate

from paysim import wire
from paysim.forge import KINDS


def paid(paysim, inbox, number: str = "NOTE0001") -> None:
    paysim.create(number, notify_url=inbox.url)
    assert paysim.control("POST", "/_sim/pay", {"out_trade_no": number})[0] == 200


def send(paysim, at: float = 0) -> int:
    return paysim.application.notifier.send_due(time.time() + at)


def is_proven(paysim, headers: dict[str, str], body: bytes) -> bool:
    path = paysim.home / "trust" / f"{headers['Wechatpay-Serial']}.cert.pem"
    if not path.exists() or abs(time.time() - int(headers["Wechatpay-Timestamp"])) >= 300:
        return False
    key = load_pem_x509_certificate(path.read_bytes()).public_key()
    message = wire.lines(headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"], body)
    return wire.is_signed(key, message, headers["Wechatpay-Signature"])


def test_a_payment_is_announced_signed_and_encrypted(paysim, inbox):
    paid(paysim, inbox)
    assert send(paysim) == 1
    assert is_proven(paysim, *inbox.received[0])
    assert inbox.opened(paysim.api_key)[0]["out_trade_no"] == "NOTE0001"
    assert send(paysim, 999_999) == 0


def test_it_is_sent_again_with_the_same_id_until_it_is_accepted(paysim, inbox):
    inbox.answers = [500, 401]
    paid(paysim, inbox)
    assert [send(paysim), send(paysim), send(paysim, 16), send(paysim, 40), send(paysim, 999_999)] == [1, 0, 1, 1, 0]
    ids = {body.split(b'"id":"')[1][:32] for _, body in inbox.received}
    assert (len(inbox.received), len(ids)) == (3, 1)


def test_it_is_given_up_after_the_last_retry(paysim, inbox):
    paysim.control("PUT", "/_sim/plan", {"retry_s": [1]})
    inbox.answers = [500, 500, 500]
    paid(paysim, inbox)
    assert [send(paysim), send(paysim, 5), send(paysim, 99)] == [1, 1, 0]


def test_the_plan_duplicates_drops_and_delays(paysim, inbox):
    paysim.control("PUT", "/_sim/plan", {"duplicate": 20})
    paid(paysim, inbox)
    send(paysim)
    assert len(inbox.received) == 20
    paysim.control("PUT", "/_sim/plan", {"drop": 1, "delay_s": 30})
    paid(paysim, inbox, "NOTE0002")
    assert [send(paysim), send(paysim, 31)] == [0, 1]
    assert len(inbox.received) == 20
    assert send(paysim, 60) == 1
    assert len(inbox.received) == 21


def test_the_plan_reorders(paysim, inbox):
    paysim.control("PUT", "/_sim/plan", {"reorder": 2})
    paid(paysim, inbox, "FIRST0001")
    assert send(paysim) == 0
    paid(paysim, inbox, "SECOND001")
    assert send(paysim) == 2
    assert [one["out_trade_no"] for one in inbox.opened(paysim.api_key)] == ["SECOND001", "FIRST0001"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_forged_copy_comes_before_the_true_one(paysim, inbox, kind):
    paysim.control("PUT", "/_sim/plan", {"forge": [kind]})
    paid(paysim, inbox)
    send(paysim)
    forged, true = inbox.received
    assert is_proven(paysim, *true)
    content = kind in ("wrong_amount", "wrong_currency", "wrong_merchant", "wrong_app", "other_order")
    assert is_proven(paysim, *forged) is content


def test_old_and_new_keys_sign_in_turn_and_a_retired_one_no_more(paysim, inbox):
    _, made = paysim.control("POST", "/_sim/rotate")
    paysim.control("PUT", "/_sim/plan", {"sign_with": "alternate", "duplicate": 4})
    paid(paysim, inbox)
    send(paysim)
    assert len({headers["Wechatpay-Serial"] for headers, _ in inbox.received}) == 2
    paysim.control("POST", "/_sim/retire", made)
    inbox.received.clear()
    paid(paysim, inbox, "NOTE0003")
    send(paysim)
    assert made["serial"] not in {headers["Wechatpay-Serial"] for headers, _ in inbox.received}


def test_nobody_waits_for_a_slow_shop(paysim, inbox):
    inbox.slow = threading.Event()
    paid(paysim, inbox, "SLOWSHOP1")
    paysim.application.notifier.start()
    until(lambda: len(inbox.received) == 1)
    inbox.quick = True
    paid(paysim, inbox, "QUICKSHOP")
    until(lambda: len(inbox.received) == 2)
    assert inbox.opened(paysim.api_key)[1]["out_trade_no"] == "QUICKSHOP"
    inbox.slow.set()
    until(lambda: not paysim.application.store.rows("SELECT 1 FROM outbox WHERE state = 'waiting'"))
    assert len(inbox.received) == 2


def until(holds) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to that")
