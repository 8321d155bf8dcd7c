"""What sales announces. Events of one order are applied in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from quanzi.base.events.events import DomainEvent
from quanzi.trade.sales.models import OrderOrigin


@dataclass(frozen=True, kw_only=True)
class OfOrder(DomainEvent):
    """Common to all: the order, whose events keep their order, its buyer, and where it came from ("replay": a recorded log)."""

    order_id: int
    origin: str = "shop"
    member_id: int

    @property
    def key(self) -> str:
        return f"order:{self.order_id}"


class HasOrigin(Protocol):
    @property
    def origin(self) -> str: ...


def is_recorded(event: HasOrigin) -> bool:
    """Of a log that is replayed: it happened long ago, so nobody is told, owed or served anything."""
    return event.origin == OrderOrigin.REPLAY


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(OfOrder):
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class OrderPaid(OfOrder):
    """The money is captured; is_first: the member's first paid order."""

    amount_minor: int
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class OrderReleased(OfOrder):
    """Paid, and what it waited for is done: goods may be prepared."""


@dataclass(frozen=True, kw_only=True)
class OrderHandedOver(OfOrder):
    """The goods are with the buyer, or on their way to them."""


@dataclass(frozen=True, kw_only=True)
class OrderReceived(OfOrder):
    """auto: nobody said so, the time ran out."""

    auto: bool


@dataclass(frozen=True, kw_only=True)
class LineKept(OfOrder):
    """said: the buyer's own word, while the windows may still be open."""

    line_id: int
    product_id: int
    said: bool


@dataclass(frozen=True, kw_only=True)
class LineReturned(OfOrder):
    """Refunded after it was handed over; was_kept: it had counted as kept before."""

    line_id: int
    product_id: int
    was_kept: bool


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(OfOrder):
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(OfOrder):
    """Money goes back; is_whole: nothing of the order is left."""

    refund_id: int
    amount_minor: int
    is_whole: bool
