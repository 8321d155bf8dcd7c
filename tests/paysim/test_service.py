"""The provider's desk over HTTP: signed, idempotent, limited, and plainly marked as simulated."""

import hashlib
import json
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.x509 import load_pem_x509_certificate

from paysim import wire
from paysim.__main__ import main
from paysim.desk import REFUNDS_MAX
from paysim.store import Store

TRADE = "/v3/pay/transactions/out-trade-no/"


def token_of(pay_url: str) -> str:
    return pay_url.rsplit("/", 1)[1]


def pay(paysim, number: str) -> None:
    status, _ = paysim.control("POST", "/_sim/pay", {"out_trade_no": number})
    assert status == 200


def test_private_keys_are_readable_by_their_owner_only(paysim):
    secret = [*paysim.home.rglob("*.key.pem"), *paysim.home.rglob("apiv3.key"), paysim.home / "control.token"]
    assert len(secret) >= 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}


def test_the_same_number_finds_the_same_order_and_other_content_is_refused(paysim):
    _, first = paysim.create("ORDER0001")
    _, again = paysim.create("ORDER0001")
    status, other = paysim.create("ORDER0001", 1)
    assert first == again
    assert (status, other["code"]) == (403, "OUT_TRADE_NO_USED")


@pytest.mark.parametrize("total", [0, -1, 0.5, "12", None, True, 10**13, [], {}])
def test_a_wrong_amount_is_refused(paysim, total):
    status, answer = paysim.create("ORDER0002", total)
    assert (status, answer["code"]) == (400, "PARAM_ERROR")


def test_answers_are_signed_by_the_platform(paysim):
    body = wire.dumps(paysim.order("ORDER0003"))
    headers = {"Authorization": paysim.authorization("POST", "/v3/pay/transactions/h5", body)}
    with paysim.raw("POST", "/v3/pay/transactions/h5", body, headers) as answer:
        text, sent = answer.read(), answer.headers
    pem = (paysim.home / "trust" / f"{sent['Wechatpay-Serial']}.cert.pem").read_bytes()
    key = load_pem_x509_certificate(pem).public_key()
    message = wire.lines(sent["Wechatpay-Timestamp"], sent["Wechatpay-Nonce"], text)
    assert wire.is_signed(key, message, sent["Wechatpay-Signature"])


@pytest.mark.parametrize(
    "changes",
    [
        {"mchid": "1900000000"},
        {"serial_no": "00"},
        {"nonce_str": "other"},
        {"signature": "AAAA"},
        {"mchid": "../../etc"},
        {"timestamp": "1624523846"},
        {"timestamp": 900},
    ],
)
def test_a_request_that_its_merchant_did_not_sign_just_now_is_refused(paysim, changes):
    if changes == {"timestamp": 900}:  # ahead of the moment of the test, not of the moment it was collected
        changes = {"timestamp": str(int(time.time()) + 900)}
    body = wire.dumps(paysim.order("ORDER0004"))
    header = paysim.authorization("POST", "/v3/pay/transactions/h5", body, **changes)
    with paysim.raw("POST", "/v3/pay/transactions/h5", body, {"Authorization": header}) as answer:
        assert answer.status == 401
        assert json.loads(answer.read())["code"] == "SIGN_ERROR"


def test_a_body_above_the_cap_is_not_read(paysim):
    with paysim.raw("POST", "/v3/pay/transactions/h5", b"x" * 70_000) as answer:
        assert answer.status == 413


def test_an_order_is_paid_queried_and_can_no_longer_be_closed(paysim):
    paysim.create("ORDER0005")
    pay(paysim, "ORDER0005")
    _, found = paysim.call("GET", f"{TRADE}ORDER0005?mchid={paysim.facts['mchid']}")
    status, refusal = paysim.call("POST", f"{TRADE}ORDER0005/close", {})
    assert (found["trade_state"], found["amount"]["total"]) == ("SUCCESS", 1250)
    assert (status, refusal["code"]) == (400, "ORDERPAID")


def test_a_closed_order_cannot_be_paid(paysim):
    _, made = paysim.create("ORDER0006")
    assert paysim.call("POST", f"{TRADE}ORDER0006/close", {})[0] == 204
    status, refusal = paysim.control("POST", "/_sim/pay", {"out_trade_no": "ORDER0006"})
    assert (status, refusal["code"]) == (400, "ORDER_CLOSED")
    assert paysim.create("ORDER0006")[1]["code"] == "ORDER_CLOSED"
    with paysim.raw("GET", f"/pay/{token_of(made['pay_url'])}?lang=zh") as page:
        assert "订单已关闭" in page.read().decode()


def test_a_refund_is_sent_once_however_often_it_is_asked_for(paysim):
    paysim.create("ORDER0007")
    pay(paysim, "ORDER0007")
    first = paysim.refund("ORDER0007", "REFUND1", 250)
    assert first[1]["status"] == "SUCCESS"
    assert paysim.refund("ORDER0007", "REFUND1", 250) == first
    assert paysim.refund("ORDER0007", "REFUND1", 251)[1]["code"] == "INVALID_REQUEST"
    assert paysim.refund("ORDER0007", "REFUND2", 1001)[1]["code"] == "NOT_ENOUGH"
    assert paysim.refund("ORDER0007", "REFUND2", 1000)[0] == 200


def test_the_limits_of_the_provider_hold(paysim):
    paysim.create("ORDER0008")
    pay(paysim, "ORDER0008")
    for index in range(REFUNDS_MAX):
        assert paysim.refund("ORDER0008", f"R{index}", 1)[0] == 200
    assert paysim.refund("ORDER0008", "R-last", 1)[1]["code"] == "INVALID_REQUEST"
    paysim.control("PUT", "/_sim/plan", {"refund_gap_s": 60})
    paysim.create("ORDER0009")
    pay(paysim, "ORDER0009")
    paysim.refund("ORDER0009", "G1", 1)
    assert paysim.refund("ORDER0009", "G2", 1)[0] == 429


def test_the_bill_of_the_day_lists_captures_and_refunds_and_matches_its_hash(paysim):
    paysim.create("ORDER0010")
    pay(paysim, "ORDER0010")
    paysim.refund("ORDER0010", "BILL1", 50)
    from paysim.desk import stamp

    day = stamp(time.time())[:10]
    _, about = paysim.call("GET", f"/v3/bill/tradebill?bill_date={day}")
    _, text = paysim.call("GET", f"/v3/billdownload/file?bill_date={day}")
    assert hashlib.sha256(text.encode()).hexdigest() == about["hash_value"]
    assert [line.split(",")[1] for line in text.splitlines()] == ["type", "SUCCESS", "REFUND"]
    assert paysim.call("GET", "/v3/bill/tradebill?bill_date=2026-13-40")[0] == 400


def test_certificates_come_encrypted_for_the_merchant(paysim):
    _, answer = paysim.call("GET", "/v3/certificates")
    sealed = answer["data"][0]["encrypt_certificate"]
    pem = wire.decrypt(paysim.api_key, sealed["ciphertext"], sealed["nonce"], sealed["associated_data"])
    assert f"{load_pem_x509_certificate(pem).serial_number:X}" == answer["data"][0]["serial_no"]


def test_planned_errors_come_before_or_after_the_effect(paysim):
    paysim.control("PUT", "/_sim/plan", {"fail_before": {"create": 1}})
    assert paysim.create("ORDER0011")[0] == 500
    assert paysim.call("GET", f"{TRADE}ORDER0011?mchid={paysim.facts['mchid']}")[1]["code"] == "ORDER_NOT_EXIST"
    paysim.control("PUT", "/_sim/plan", {"fail_after": {"create": 1}})
    assert paysim.create("ORDER0011")[0] == 500
    assert paysim.call("GET", f"{TRADE}ORDER0011?mchid={paysim.facts['mchid']}")[0] == 200


@pytest.mark.parametrize(
    "plan", [{"nonsense": 1}, {"duplicate": "x"}, {"duplicate": 0}, {"forge": ["nothing"]}, {"fail_after": {"x": 1}}]
)
def test_a_wrong_plan_is_explained(paysim, plan):
    status, answer = paysim.control("PUT", "/_sim/plan", plan)
    assert status == 400
    assert answer["message"]


def test_controls_need_the_token(paysim):
    with paysim.raw("GET", "/_sim/plan", headers={"X-Paysim-Token": "guess"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("lang", "mark"), [("zh", "模拟支付 · 不会动用真钱"), ("en", "Simulated payment · no real money")]
)
def test_the_pay_page_is_marked_as_simulated_escapes_text_and_needs_no_script(paysim, lang, mark):
    _, made = paysim.create("ORDER0012")
    with paysim.raw("GET", f"/pay/{token_of(made['pay_url'])}?lang={lang}") as page:
        text, policy = page.read().decode(), page.headers["Content-Security-Policy"]
    assert mark in text
    assert "12.50" in text
    assert "&lt;约 5 斤&gt;" in text
    assert "<script" not in text
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize(("choice", "state"), [("pay", "SUCCESS"), ("fail", "PAYERROR"), ("cancel", "NOTPAY")])
def test_each_button_leads_back_to_the_shop(paysim, choice, state):
    _, made = paysim.create("ORDER0013")
    form = f"lang=en&choice={choice}".encode()
    with paysim.raw("POST", f"/pay/{token_of(made['pay_url'])}", form) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "http://127.0.0.1:9/back?o=1")
    _, found = paysim.call("GET", f"{TRADE}ORDER0013?mchid={paysim.facts['mchid']}")
    assert found["trade_state"] == state


def test_paying_twice_in_the_browser_pays_once(paysim):
    _, made = paysim.create("ORDER0014")
    for _ in range(2):
        paysim.raw("POST", f"/pay/{token_of(made['pay_url'])}", b"choice=pay").close()
    trade = paysim.application.desk.trade(paysim.facts["mchid"], "ORDER0014")
    assert len(paysim.application.desk.captures(trade)) == 1


def test_the_command_line_changes_the_plan_and_explains_mistakes(paysim, capsys):
    home = ["--home", str(paysim.home)]
    assert main(["plan", *home, "duplicate=100", 'forge=["old"]', "delay_s=0.5"]) == 0
    assert paysim.application.plan.read().duplicate == 100
    assert main(["plan", *home, "duplicate=many"]) == 2
    assert main(["pay", *home, "NOSUCHORDER"]) == 2
    assert "no such order" in capsys.readouterr().err
    assert main(["plan", *home, "--clear"]) == 0
    assert paysim.application.plan.read().duplicate == 1


def test_threads_that_read_at_once_all_find_what_they_ask_for(tmp_path):
    store = Store(tmp_path)
    with store.write() as db:
        for number in range(50):
            row = ("m", f"n{number}", f"t{number}", "app", "things", 1, "CNY", "", "", 1, 1, "NOTPAY")
            db.execute(f"INSERT INTO trade VALUES ({', '.join('?' * 12)})", row)

    def look(number: int) -> str:
        sql = "SELECT token FROM trade WHERE token = ?"
        return store.rows(sql, (f"t{number % 50}",))[0][0]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(look, range(4_000)))
    assert found == [f"t{number % 50}" for number in range(4_000)]
    store.close()


def test_what_was_written_is_read_at_once_while_other_threads_read(tmp_path):
    store = Store(tmp_path)
    done = threading.Event()

    def read_on() -> None:
        while not done.is_set():
            store.rows("SELECT * FROM trade")

    def written_and_read(number: int) -> bool:
        with store.write() as db:
            row = ("m", f"n{number}", f"t{number}", "app", "things", 1, "CNY", "", "", 1, 1, "NOTPAY")
            db.execute(f"INSERT INTO trade VALUES ({', '.join('?' * 12)})", row)
        return bool(store.rows("SELECT 1 FROM trade WHERE token = ?", (f"t{number}",)))

    with ThreadPoolExecutor(4) as threads:
        others = [threads.submit(read_on) for _ in range(4)]
        found = [written_and_read(number) for number in range(200)]
        done.set()
    assert all(found) and [one.result() for one in others] == [None] * 4
    store.close()
