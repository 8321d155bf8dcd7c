"""A payment provider with every vice: late, doubled and lost notifications, answers that never come, effects without an answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from quanzi.kernel.clock import today
from quanzi.kernel.money import Money
from quanzi.trade.payments.errors import NotificationRefused
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

KEY = b"a key that only the bank and the shop know"
SILENT = 0.03
"""How often the line is dead: the shop hears nothing, whether or not something was done."""


@dataclass
class _Account:
    amount: Money
    standing: Standing = Standing.OPEN
    paid_at: datetime | None = None

    def paid(self, number: str) -> Paid:
        return Paid(number, f"bank-{number}", self.amount, self.paid_at)


@dataclass
class Bank:
    """What it holds is the truth about money; the shop must come to know it."""

    chance: random.Random
    name: str = "citybank"  # cash.bank is the account of the shop itself, from which leaders are paid
    is_online: bool = True
    payments: dict[str, _Account] = field(default_factory=dict)
    refunds: dict[str, tuple[RefundOrder, datetime | None]] = field(default_factory=dict)

    def create(self, order: Order) -> Created:
        self.payments.setdefault(order.number, _Account(order.amount))
        if self._is_silent():
            return Created(Outcome.UNKNOWN, error="no answer")
        return Created(Outcome.DONE, pay_url=f"https://bank.example/{order.number}")

    def pay(self, number: str, at: datetime) -> bool:
        """The buyer pays at the bank. False: it is closed."""
        account = self.payments[number]
        if account.standing is Standing.OPEN:
            account.standing, account.paid_at = Standing.PAID, at
        return account.standing is Standing.PAID

    def notice(self, number: str) -> tuple[dict[str, str], bytes]:
        """What the bank sends about it."""
        account = self.payments[number]
        body = json.dumps({"number": number, "minor": account.amount.minor}).encode()
        return {"Proof": _proof(body)}, body

    def query(self, number: str) -> Queried:
        account = self.payments.get(number)
        if self._is_silent():
            return Queried(Outcome.UNKNOWN, error="no answer")
        if account is None:
            return Queried(Outcome.DONE, Standing.MISSING)
        paid = account.paid(number) if account.standing is Standing.PAID else None
        return Queried(Outcome.DONE, account.standing, paid)

    def close(self, number: str) -> Closed:
        account = self.payments.get(number)
        if account is not None and account.standing is Standing.PAID:
            return Closed(Outcome.UNKNOWN if self._is_silent() else Outcome.FAILED, error="paid")
        if account is not None:
            account.standing = Standing.CLOSED
        return Closed(Outcome.UNKNOWN if self._is_silent() else Outcome.DONE)

    def refund(self, order: RefundOrder) -> Refunded:
        if self._is_silent():  # lost on its way there
            return Refunded(Outcome.UNKNOWN, error="no answer")
        self.refunds.setdefault(order.number, (order, None))
        return Refunded(Outcome.UNKNOWN, error="no answer") if self._is_silent() else self._sent_back(order.number)

    def query_refund(self, number: str) -> Refunded:
        if self._is_silent():
            return Refunded(Outcome.UNKNOWN, error="no answer")
        if number not in self.refunds:
            return Refunded(Outcome.UNKNOWN, missing=True, error="never seen")
        return self._sent_back(number)

    def parse_notify(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming:
        if not hmac.compare_digest(headers.get("Proof", ""), _proof(body)):
            raise NotificationRefused("forged")
        told = json.loads(body)
        account = self.payments[told["number"]]
        return Incoming(f"event-{told['number']}", "PAID", told, paid=account.paid(told["number"]))

    def bill(self, day: date) -> list[BillLine]:
        return [
            BillLine("capture", f"bank-{number}", number, account.amount)
            for number, account in self.payments.items()
            if account.paid_at is not None and today(account.paid_at) == day
        ]

    @property
    def balance_minor(self) -> int:
        """What the bank owes the shop."""
        came = sum(one.amount.minor for one in self.payments.values() if one.standing is Standing.PAID)
        return came - sum(order.amount.minor for order, _ in self.refunds.values())

    def _sent_back(self, number: str) -> Refunded:
        return Refunded(Outcome.DONE, provider_ref=f"back-{number}", amount=self.refunds[number][0].amount)

    def _is_silent(self) -> bool:
        return self.chance.random() < SILENT


def _proof(body: bytes) -> str:
    return hmac.new(KEY, body, hashlib.sha256).hexdigest()
