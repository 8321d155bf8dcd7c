"""The provider's desk: what may be asked of it, and its answers. Amounts are minor units."""

import json
import re
import secrets
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from paysim.keys import Merchant
from paysim.plan import PlanFile
from paysim.store import Store

LIMITS = json.loads((Path(__file__).parent / "provider_limits.json").read_text())["wechat_pay"]
REFUNDS_MAX: int = LIMITS["partial_refunds_per_payment_max"]["v"]
REFUND_DAYS: int = LIMITS["refund_window_days"]["v"]
ZONE = ZoneInfo("Asia/Shanghai")
NUMBER = re.compile(r"[A-Za-z0-9_\-|*]{6,32}")
TRADE = "SELECT * FROM trade WHERE mchid = ? AND out_trade_no = ?"
REFUND_NUMBER = re.compile(r"[A-Za-z0-9_\-|*@]{1,64}")


@dataclass
class Refused(Exception):
    """An answer in the provider's form: HTTP status, code, message."""

    status: int
    code: str
    message: str


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, ZONE).isoformat(timespec="seconds")


def need(ok: object, message: str, code: str = "PARAM_ERROR", status: int = 400) -> None:
    if not ok:
        raise Refused(status, code, message)


def whole(value: object, name: str) -> int:
    need(type(value) is int and 0 < value < 10**13, f"{name}: a whole number of fen above 0")
    assert isinstance(value, int)
    return value


def web_address(value: object, name: str) -> str:
    need(isinstance(value, str) and re.fullmatch(r"https?://[^\s\"<>\\]{3,490}", value), f"{name}: an http(s) address")
    return str(value)


class Desk:
    def __init__(self, store: Store, plan: PlanFile, public_url: str) -> None:
        self.store, self.plan, self.public_url = store, plan, public_url

    # -- transactions ---------------------------------------------------------------------------------------------

    def create(self, merchant: Merchant, body: dict[str, Any]) -> dict[str, Any]:
        """Open a transaction; the same number with the same content finds the first one."""
        wanted = self._wanted(merchant, body)
        with self.store.write() as db:
            trade = self._find(db, merchant.mchid, wanted["out_trade_no"])
            if trade is None:
                token = secrets.token_urlsafe(18)
                row = {"mchid": merchant.mchid, "token": token, "created": time.time(), **wanted}
                names = ", ".join(row)
                db.execute(f"INSERT INTO trade ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
                return {"pay_url": f"{self.public_url}/pay/{token}"}
        same = all(trade[name] == wanted[name] for name in ("amount", "currency", "appid", "notify_url"))
        need(same, "this out_trade_no was used with other content", "OUT_TRADE_NO_USED", 403)
        need(trade["state"] != "SUCCESS", "this order is paid", "ORDERPAID")
        need(trade["state"] == "NOTPAY", "this order is closed", "ORDER_CLOSED")
        return {"pay_url": f"{self.public_url}/pay/{trade['token']}"}

    def _wanted(self, merchant: Merchant, body: dict[str, Any]) -> dict[str, Any]:
        number, amount = body.get("out_trade_no"), body.get("amount")
        need(isinstance(number, str) and NUMBER.fullmatch(number), "out_trade_no: 6 to 32 letters, digits, _-|*")
        need(isinstance(amount, dict), "amount: an object")
        assert isinstance(amount, dict)
        need(body.get("mchid") == merchant.mchid, "mchid is not the signer's", "NO_AUTH", 403)
        need(body.get("appid") == merchant.appid, "appid and mchid do not belong together", "APPID_MCHID_NOT_MATCH")
        need(amount.get("currency", "CNY") == "CNY", "currency: only CNY")
        title = body.get("description")
        need(isinstance(title, str) and 0 < len(title) <= 127, "description: 1 to 127 characters")
        try:
            expires = datetime.fromisoformat(str(body.get("time_expire", "")) or stamp(time.time() + 7200))
        except ValueError:
            raise Refused(400, "PARAM_ERROR", "time_expire: RFC 3339") from None
        return {
            "out_trade_no": number,
            "appid": merchant.appid,
            "description": title,
            "amount": whole(amount.get("total"), "amount.total"),
            "currency": "CNY",
            "notify_url": web_address(body.get("notify_url"), "notify_url"),
            "return_url": web_address(body["return_url"], "return_url") if body.get("return_url") else "",
            "expires": expires.timestamp(),
        }

    def _find(self, db: sqlite3.Connection, mchid: str, number: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = db.execute(TRADE, (mchid, number)).fetchone()
        return row

    def trade(self, mchid: str, number: str) -> sqlite3.Row:
        found = self.store.rows(TRADE, (mchid, number))
        if not found:
            raise Refused(404, "ORDER_NOT_EXIST", "no such order")
        return found[0]

    def query(self, merchant: Merchant, number: str) -> dict[str, Any]:
        trade = self.trade(merchant.mchid, number)
        captures = self.captures(trade)
        return self.content(trade, captures[0] if captures else None)

    def captures(self, trade: sqlite3.Row) -> list[sqlite3.Row]:
        """Payments received for a trade; more than one only when the test control asked for it."""
        return self.store.rows(
            "SELECT * FROM capture WHERE mchid = ? AND out_trade_no = ? ORDER BY paid",
            (trade["mchid"], trade["out_trade_no"]),
        )

    def content(self, trade: sqlite3.Row, capture: sqlite3.Row | None) -> dict[str, Any]:
        """A transaction as the provider tells it, in answers and in notifications."""
        known = {
            "mchid": trade["mchid"],
            "appid": trade["appid"],
            "out_trade_no": trade["out_trade_no"],
            "trade_type": "MWEB",
            "trade_state": trade["state"],
            "amount": {"total": trade["amount"], "currency": trade["currency"]},
        }
        if capture is None:
            return known
        known["trade_state"] = "REFUND" if capture["refunded"] else "SUCCESS"
        known["amount"] |= {"payer_total": capture["amount"], "payer_currency": trade["currency"]}
        return {**known, "transaction_id": capture["transaction_id"], "success_time": stamp(capture["paid"])}

    def close(self, merchant: Merchant, number: str) -> None:
        with self.store.write() as db:
            trade = self._find(db, merchant.mchid, number)
            need(trade is not None, "no such order", "ORDER_NOT_EXIST", 404)
            assert trade is not None
            need(trade["state"] != "SUCCESS", "this order is paid", "ORDERPAID")
            db.execute("UPDATE trade SET state = 'CLOSED' WHERE token = ? AND state = 'NOTPAY'", (trade["token"],))

    def pay(self, token: str, *, force: bool = False) -> sqlite3.Row:
        """The payer agrees. `force` pays what is closed or paid already, as a broken provider might."""
        with self.store.write(announces=True) as db:
            trade = db.execute("SELECT * FROM trade WHERE token = ?", (token,)).fetchone()
            need(trade is not None, "no such order", "ORDER_NOT_EXIST", 404)
            open_now = trade["state"] == "NOTPAY" and trade["expires"] > time.time()
            need(open_now or force, "this order can no longer be paid", "ORDER_CLOSED")
            reference, paid = f"42{datetime.now(UTC):%Y%m%d%H%M%S}{secrets.randbelow(10**12):012d}", time.time()
            db.execute(
                "INSERT INTO capture (transaction_id, mchid, out_trade_no, amount, paid) VALUES (?, ?, ?, ?, ?)",
                (reference, trade["mchid"], trade["out_trade_no"], trade["amount"], paid),
            )
            db.execute("UPDATE trade SET state = 'SUCCESS' WHERE token = ?", (token,))
            trade = db.execute("SELECT * FROM trade WHERE token = ?", (token,)).fetchone()
            capture = db.execute("SELECT * FROM capture WHERE transaction_id = ?", (reference,)).fetchone()
            self._announce(db, trade["mchid"], trade["notify_url"], "TRANSACTION.SUCCESS", self.content(trade, capture))
        row: sqlite3.Row = trade
        return row

    def fail(self, token: str) -> None:
        """The payer's bank refuses; this order is over."""
        with self.store.write() as db:
            db.execute("UPDATE trade SET state = 'PAYERROR' WHERE token = ? AND state = 'NOTPAY'", (token,))

    def _announce(self, db: sqlite3.Connection, mchid: str, url: str, kind: str, content: dict[str, Any]) -> None:
        event = {"id": secrets.token_hex(16), "create_time": stamp(time.time()), "event_type": kind}
        event["summary"] = "支付成功" if kind.startswith("TRANSACTION") else "退款结果"
        due = time.time() + self.plan.read().delay_s
        row = (event["id"], mchid, url, json.dumps(event), json.dumps(content), due)
        db.execute("INSERT INTO outbox (event_id, mchid, url, event, content, due) VALUES (?, ?, ?, ?, ?, ?)", row)

    # -- refunds --------------------------------------------------------------------------------------------------

    def refund(self, merchant: Merchant, body: dict[str, Any]) -> dict[str, Any]:
        """Send money back; the same out_refund_no with the same content finds the first refund."""
        number, amounts = body.get("out_refund_no"), body.get("amount")
        need(isinstance(number, str) and REFUND_NUMBER.fullmatch(number), "out_refund_no: 1 to 64 characters")
        need(isinstance(amounts, dict), "amount: an object")
        assert isinstance(amounts, dict)
        wanted = whole(amounts.get("refund"), "amount.refund")
        reason = str(body.get("reason") or "")[:80]
        notify = web_address(body["notify_url"], "notify_url") if body.get("notify_url") else ""
        status = "ABNORMAL" if self.plan.spend("refund_fails") else "SUCCESS"
        with self.store.write(announces=True) as db:
            capture = self._capture(db, merchant.mchid, body)
            need(amounts.get("total") == capture["amount"], "amount.total is not what was paid")
            known = db.execute(
                "SELECT * FROM refund WHERE mchid = ? AND out_refund_no = ?", (merchant.mchid, number)
            ).fetchone()
            if known is not None:
                same = known["transaction_id"] == capture["transaction_id"] and known["amount"] == wanted
                need(same, "this out_refund_no was used with other content", "INVALID_REQUEST")
                return self._refund_content(known, capture)
            self._check_limits(db, capture, wanted)
            done = time.time() + self.plan.read().refund_delay_s
            reference = f"50{datetime.now(UTC):%Y%m%d%H%M%S}{secrets.randbelow(10**12):012d}"
            values = (merchant.mchid, number, reference, capture["transaction_id"], wanted, reason, notify)
            db.execute(f"INSERT INTO refund VALUES ({', '.join('?' * 10)})", (*values, time.time(), done, status))
            if status == "SUCCESS":
                db.execute(
                    "UPDATE capture SET refunded = refunded + ? WHERE transaction_id = ?",
                    (wanted, capture["transaction_id"]),
                )
            row = db.execute("SELECT * FROM refund WHERE refund_id = ?", (reference,)).fetchone()
            if notify:
                content = self._refund_content(row, capture, at=done)
                content["refund_status"] = content.pop("status")
                self._announce(db, merchant.mchid, notify, f"REFUND.{row['status']}", content)
        return self._refund_content(row, capture)

    def _capture(self, db: sqlite3.Connection, mchid: str, body: dict[str, Any]) -> sqlite3.Row:
        found = db.execute(
            "SELECT * FROM capture WHERE mchid = ? AND (transaction_id = ? OR (? IS NULL AND out_trade_no = ?))"
            " ORDER BY paid LIMIT 1",
            (mchid, body.get("transaction_id"), body.get("transaction_id"), body.get("out_trade_no")),
        ).fetchone()
        need(found is not None, "no such paid order", "RESOURCE_NOT_EXISTS", 404)
        row: sqlite3.Row = found
        return row

    def _check_limits(self, db: sqlite3.Connection, capture: sqlite3.Row, wanted: int) -> None:
        times = [
            row["created"]
            for row in db.execute("SELECT created FROM refund WHERE transaction_id = ?", (capture["transaction_id"],))
        ]
        now = time.time()
        need(wanted <= capture["amount"] - capture["refunded"], "more than is left of this payment", "NOT_ENOUGH", 403)
        need(len(times) < REFUNDS_MAX, f"at most {REFUNDS_MAX} refunds for one payment", "INVALID_REQUEST")
        window = timedelta(days=REFUND_DAYS).total_seconds()
        need(now - capture["paid"] <= window, f"refunds end after {REFUND_DAYS} days", "INVALID_REQUEST")
        gap = self.plan.read().refund_gap_s
        need(not times or now - max(times) >= gap, f"wait {gap:g} s between refunds", "FREQUENCY_LIMITED", 429)

    def _refund_content(self, refund: sqlite3.Row, capture: sqlite3.Row, at: float | None = None) -> dict[str, Any]:
        done = refund["done"] <= (time.time() if at is None else at)
        return {
            "mchid": refund["mchid"],
            "refund_id": refund["refund_id"],
            "out_refund_no": refund["out_refund_no"],
            "transaction_id": refund["transaction_id"],
            "out_trade_no": capture["out_trade_no"],
            "status": refund["status"] if done else "PROCESSING",
            "create_time": stamp(refund["created"]),
            **({"success_time": stamp(refund["done"])} if done and refund["status"] == "SUCCESS" else {}),
            "amount": {"total": capture["amount"], "refund": refund["amount"], "currency": "CNY"},
        }

    def query_refund(self, merchant: Merchant, number: str) -> dict[str, Any]:
        found = self.store.rows("SELECT * FROM refund WHERE mchid = ? AND out_refund_no = ?", (merchant.mchid, number))
        need(found, "no such refund", "RESOURCE_NOT_EXISTS", 404)
        paid = self.store.rows("SELECT * FROM capture WHERE transaction_id = ?", (found[0]["transaction_id"],))
        return self._refund_content(found[0], paid[0])

    # -- bill -----------------------------------------------------------------------------------------------------

    def bill(self, merchant: Merchant, day: str) -> str:
        """All captures and refunds of one day (Asia/Shanghai) as CSV; amounts in fen."""
        try:
            start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=ZONE)
        except ValueError:
            raise Refused(400, "PARAM_ERROR", "bill_date: YYYY-MM-DD") from None
        span = (merchant.mchid, start.timestamp(), (start + timedelta(days=1)).timestamp())
        lines = ["time,type,transaction_id,out_trade_no,amount_fen,refund_id,out_refund_no"]
        captures = self.store.rows(
            "SELECT * FROM capture WHERE mchid = ? AND paid >= ? AND paid < ? ORDER BY paid", span
        )
        for row in captures:
            lines.append(
                f"{stamp(row['paid'])},SUCCESS,{row['transaction_id']},{row['out_trade_no']},{row['amount']},,"
            )
        refunds = self.store.rows(
            "SELECT refund.*, capture.out_trade_no AS trade_no FROM refund JOIN capture USING (transaction_id)"
            " WHERE refund.mchid = ? AND done >= ? AND done < ? AND status = 'SUCCESS' ORDER BY done",
            span,
        )
        for row in refunds:
            ids = f"{row['transaction_id']},{row['trade_no']},{row['amount']},{row['refund_id']},{row['out_refund_no']}"
            lines.append(f"{stamp(row['done'])},REFUND,{ids}")
        return "\n".join(lines) + "\n"
