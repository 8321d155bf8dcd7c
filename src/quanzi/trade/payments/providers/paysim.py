"""The simulated provider, over HTTP and WeChat Pay v3 in shape: real signatures both ways, no real money."""

import csv
import hashlib
import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings

from quanzi.base.fetching.lines import Line, NoAnswer
from quanzi.kernel import clock
from quanzi.kernel.ids import new_token
from quanzi.kernel.money import Money
from quanzi.trade.payments.errors import NotificationRefused
from quanzi.trade.payments.providers import wire
from quanzi.trade.payments.providers.account import MerchantAccount, NotSetUp, merchant_account, trusted_keys
from quanzi.trade.payments.providers.protocol import (
    BillLine,
    Closed,
    Created,
    Incoming,
    Order,
    Outcome,
    Paid,
    Queried,
    Refunded,
    RefundOrder,
    Standing,
)

log = logging.getLogger(__name__)
ANSWERS_WITHIN_S = 5.0
# Refusals that will not change by asking again with the same content.
REFUND_OVER = {"NOT_ENOUGH", "INVALID_REQUEST", "PARAM_ERROR"}
STANDINGS = {
    "NOTPAY": Standing.OPEN,
    "USERPAYING": Standing.OPEN,
    "CLOSED": Standing.CLOSED,
    "REVOKED": Standing.CLOSED,
    "PAYERROR": Standing.FAILED,
    "SUCCESS": Standing.PAID,
    "REFUND": Standing.PAID,
}


class Silence(Exception):
    """No answer, or none that we can trust: nobody knows what happened."""


class Answer:
    """A signed answer: status, code of a refusal, content."""

    def __init__(self, status: int, raw: bytes) -> None:
        self.status, self.raw = status, raw
        self.content = wire.read_object(raw) if raw[:1] == b"{" else {}
        self.code = str(self.content.get("code", "")) if status >= 400 else ""

    @property
    def error(self) -> str:
        return f"{self.status} {self.code} {self.content.get('message', '')}"[:200].strip()


class Paysim:
    name = "paysim"
    is_online = True

    def __init__(self) -> None:
        self.line = Line(seconds=ANSWERS_WITHIN_S)

    @property
    def _account(self) -> MerchantAccount:
        merchants = f"{settings.PAYSIM_HOME}/merchants"
        return merchant_account(merchants, settings.PAYSIM_MERCHANT or _first_of(merchants))

    # -- outgoing calls -------------------------------------------------------------------------------------------

    def _call(
        self, method: str, target: str, content: dict[str, Any] | None = None, account: MerchantAccount | None = None
    ) -> Answer:
        """One signed request; raises Silence when there is no answer that proves its sender."""
        try:
            account, trusted = account or self._account, trusted_keys(f"{settings.PAYSIM_HOME}/trust")
        except NotSetUp as error:
            log.warning("paysim is not set up: %s", error)
            raise Silence("not set up") from error
        body = json.dumps(content, ensure_ascii=False).encode() if content is not None else b""
        proof = wire.authorization(
            key=account.key,
            mchid=account.mchid,
            serial=account.serial,
            method=method,
            target=target,
            body=body,
            nonce=new_token(),
            at=_wire_time(),
        )
        headers = {"Authorization": proof, "Content-Type": "application/json", "Accept": "application/json"}
        try:
            heard = self.line.ask(method, settings.PAYSIM_URL + target, headers=headers, body=body)
            wire.check_sender(headers=heard.headers, body=heard.body, trusted=trusted, now=_wire_time())
            answer = Answer(heard.status, heard.body)
        except NoAnswer as error:
            raise Silence(str(error)) from error
        except NotificationRefused as error:
            raise Silence(f"answer not proven: {error}") from error
        if answer.status in (401, 429) or answer.status >= 500:
            raise Silence(answer.error)
        return answer

    def create(self, order: Order) -> Created:
        try:
            account = self._account
            content = {
                "mchid": account.mchid,
                "appid": account.appid,
                "out_trade_no": order.number,
                "description": order.title[:127] or order.number,
                "amount": {"total": order.amount.minor, "currency": order.amount.currency},
                "notify_url": settings.PAYSIM_NOTIFY_URL,
                "time_expire": clock.local(order.expires_at).isoformat(timespec="seconds"),
                "return_url": order.return_url,
            }
            answer = self._call("POST", "/v3/pay/transactions/h5", content, account)
        except (Silence, NotSetUp) as error:
            return Created(Outcome.UNKNOWN, error=str(error))
        if answer.code == "ORDERPAID":
            return Created(Outcome.UNKNOWN, error=answer.error)
        if answer.code:
            return Created(Outcome.FAILED, error=answer.error)
        return Created(Outcome.DONE, pay_url=str(answer.content["pay_url"]))

    def query(self, number: str) -> Queried:
        try:
            account = self._account
            answer = self._call(
                "GET", f"/v3/pay/transactions/out-trade-no/{number}?mchid={account.mchid}", account=account
            )
        except (Silence, NotSetUp) as error:
            return Queried(Outcome.UNKNOWN, error=str(error))
        if answer.code == "ORDER_NOT_EXIST":
            return Queried(Outcome.DONE, Standing.MISSING)
        standing = STANDINGS.get(str(answer.content.get("trade_state")))
        if answer.code or standing is None:
            return Queried(Outcome.UNKNOWN, error=answer.error)
        paid = _paid(answer.content, account) if standing is Standing.PAID else None
        return Queried(Outcome.DONE, standing, paid, raw=answer.raw)

    def close(self, number: str) -> Closed:
        try:
            content = {"mchid": self._account.mchid}
            answer = self._call("POST", f"/v3/pay/transactions/out-trade-no/{number}/close", content)
        except (Silence, NotSetUp) as error:
            return Closed(Outcome.UNKNOWN, error=str(error))
        if answer.code == "ORDERPAID":
            return Closed(Outcome.FAILED, error=answer.error)
        if answer.code and answer.code != "ORDER_NOT_EXIST":
            return Closed(Outcome.UNKNOWN, error=answer.error)
        return Closed(Outcome.DONE)

    def refund(self, order: RefundOrder) -> Refunded:
        amount = {"refund": order.amount.minor, "total": order.of_total.minor, "currency": order.amount.currency}
        content = {
            "transaction_id": order.payment_ref,
            "out_refund_no": order.number,
            "reason": order.reason,
            "amount": amount,
            "notify_url": settings.PAYSIM_NOTIFY_URL,
        }
        try:
            answer = self._call("POST", "/v3/refund/domestic/refunds", content)
        except Silence as error:
            return Refunded(Outcome.UNKNOWN, error=str(error))
        if answer.code:
            return Refunded(Outcome.FAILED if answer.code in REFUND_OVER else Outcome.UNKNOWN, error=answer.error)
        return _refunded(answer.content, answer.content.get("status"))

    def query_refund(self, number: str) -> Refunded:
        try:
            answer = self._call("GET", f"/v3/refund/domestic/refunds/{number}")
        except Silence as error:
            return Refunded(Outcome.UNKNOWN, error=str(error))
        if answer.code:
            return Refunded(Outcome.UNKNOWN, error=answer.error, missing=answer.code == "RESOURCE_NOT_EXISTS")
        return _refunded(answer.content, answer.content.get("status"))

    def bill(self, day: date) -> list[BillLine]:
        """Captures and refunds of a day; raises Silence when it cannot be had whole."""
        about = self._call("GET", f"/v3/bill/tradebill?bill_date={day:%Y-%m-%d}")
        whole = self._call("GET", f"/v3/billdownload/file?bill_date={day:%Y-%m-%d}")
        if about.code or whole.code or hashlib.sha256(whole.raw).hexdigest() != about.content.get("hash_value"):
            raise Silence("the bill is incomplete")
        return [_bill_line(row) for row in csv.DictReader(whole.raw.decode().splitlines())]

    # -- incoming notifications -----------------------------------------------------------------------------------

    def parse_notify(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming:
        try:
            account, trusted = self._account, trusted_keys(f"{settings.PAYSIM_HOME}/trust")
        except NotSetUp as error:
            raise NotificationRefused("not set up", 503) from error
        if headers.get("Content-Encoding"):
            raise NotificationRefused("encoded body", 415)
        kept = wire.check_sender(headers=headers, body=body, trusted=trusted, now=now)
        event = wire.read_object(body)
        resource = event.get("resource")
        if not isinstance(resource, dict) or not _short(event.get("id"), 80) or not _short(event.get("event_type"), 40):
            raise NotificationRefused("not an event", 400)
        content = wire.read_object(wire.unseal(account.api_key, resource))
        kept = {f"Wechatpay-{name}": value for name, value in kept.items()}
        known = {"event_id": event["id"], "event_type": event["event_type"], "content": content, "kept_headers": kept}
        if event["event_type"] == "TRANSACTION.SUCCESS":
            paid = _paid(content, account)
            return Incoming(**known, paid=paid, problem=paid.problem)
        if str(event["event_type"]).startswith("REFUND."):
            problem = "" if content.get("mchid") == account.mchid else "other_merchant"
            refund = _refunded(content, content.get("refund_status"))
            return Incoming(
                **known, refund_number=str(content.get("out_refund_no"))[:64], refund=refund, problem=problem
            )
        return Incoming(**known)


def _first_of(merchants: str) -> str:
    try:
        return min(os.listdir(merchants), default="missing")
    except OSError:
        return "missing"


def _wire_time() -> datetime:
    """The true time, for the signatures of a call under way: a demo may move the shop's clock, not the wire's."""
    return datetime.now(UTC)


def _paid(content: Mapping[str, Any], account: MerchantAccount) -> Paid:
    """What a transaction tells, and what in it is not ours; never raises for a value of the wrong kind."""
    amount = content.get("amount")
    amount = amount if isinstance(amount, dict) else {}
    total, currency = amount.get("total"), amount.get("currency")
    problem = ""
    if content.get("mchid") != account.mchid:
        problem = "other_merchant"
    elif content.get("appid") != account.appid:
        problem = "other_app"
    elif type(total) is not int or not 0 < total < 10**15:
        problem = "malformed_amount"
    elif currency != "CNY":
        problem = "other_currency"
    elif content.get("trade_state") not in ("SUCCESS", "REFUND") or not _short(content.get("transaction_id"), 64):
        problem = "not_a_success"
    money = Money.zero() if problem in ("malformed_amount", "other_currency") else _money(total)
    reference, number = str(content.get("transaction_id"))[:64], str(content.get("out_trade_no"))[:64]
    return Paid(number, reference, money, _moment(content.get("success_time")), problem)


def _money(total: object) -> Money:
    return Money(total) if type(total) is int and 0 < total < 10**15 else Money.zero()


def _short(value: object, length: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= length and value.isprintable()


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _refunded(content: Mapping[str, Any], status: object) -> Refunded:
    outcomes = {"SUCCESS": Outcome.DONE, "ABNORMAL": Outcome.FAILED, "CLOSED": Outcome.FAILED}
    outcome = outcomes.get(str(status), Outcome.UNKNOWN)
    error = "" if outcome is Outcome.DONE else str(status)[:40]
    amount = content.get("amount")
    told = _money(amount.get("refund")) if isinstance(amount, dict) else None
    return Refunded(outcome, provider_ref=str(content.get("refund_id", ""))[:64], error=error, amount=told)


def _bill_line(row: Mapping[str, str]) -> BillLine:
    kind = "refund" if row["type"] == "REFUND" else "capture"
    number, refund_number = row["out_trade_no"], row["out_refund_no"]
    return BillLine(kind, row["transaction_id"], number, Money(int(row["amount_fen"])), refund_number)
