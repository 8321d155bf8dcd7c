"""What every provider can do, and the three answers that the core knows.

UNKNOWN is an answer too: the request may or may not have had its effect, so the core asks before it acts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from quanzi.kernel.money import Money


class Outcome(StrEnum):
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How a payment stands at the provider."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True)
class Order:
    """What is asked of the provider."""

    number: str
    title: str
    amount: Money
    expires_at: datetime
    return_url: str


@dataclass(frozen=True)
class Created:
    outcome: Outcome
    pay_url: str = ""
    error: str = ""


@dataclass(frozen=True)
class Paid:
    """Proof of a capture, as the provider tells it. `problem` names what does not fit us ("" when all does)."""

    number: str
    provider_ref: str
    amount: Money
    at: datetime | None
    problem: str = ""


@dataclass(frozen=True)
class Queried:
    """DONE with a standing, or UNKNOWN. `raw` is the provider's answer as it came."""

    outcome: Outcome
    standing: Standing = Standing.OPEN
    paid: Paid | None = None
    error: str = ""
    raw: bytes = b""


@dataclass(frozen=True)
class Closed:
    """DONE: it can never be paid any more. FAILED: it is paid already."""

    outcome: Outcome
    error: str = ""


@dataclass(frozen=True)
class RefundOrder:
    number: str
    payment_ref: str
    amount: Money
    of_total: Money
    reason: str


@dataclass(frozen=True)
class Refunded:
    """`missing`: the provider has never seen this refund, so it may be sent again under the same number."""

    outcome: Outcome
    provider_ref: str = ""
    error: str = ""
    missing: bool = False
    amount: Money | None = None  # what the provider says went back, when it says so


@dataclass(frozen=True)
class Incoming:
    """A notification whose sender is proven. Exactly one of paid and refund is set when it moves money."""

    event_id: str
    event_type: str
    content: dict[str, Any]
    paid: Paid | None = None
    refund_number: str = ""
    refund: Refunded | None = None
    problem: str = ""
    kept_headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BillLine:
    """One line of the provider's day; kind is "capture" or "refund"."""

    kind: str
    provider_ref: str
    number: str
    amount: Money
    refund_number: str = ""


class Provider(Protocol):
    name: str
    is_online: bool  # False: no network, a person confirms

    def create(self, order: Order) -> Created: ...

    def query(self, number: str) -> Queried: ...

    def close(self, number: str) -> Closed: ...

    def refund(self, order: RefundOrder) -> Refunded: ...

    def query_refund(self, number: str) -> Refunded: ...

    def parse_notify(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Incoming:
        """Raises NotificationRefused unless the message proves its sender."""
        ...

    def bill(self, day: date) -> list[BillLine]: ...
