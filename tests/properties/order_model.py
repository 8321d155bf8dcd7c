"""What should be true of orders, written down as plainly as possible: the other half of the state machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

REFUNDABLE = ("paid", "handed_over", "received", "completed")


@dataclass
class Line:
    id: int
    sku_id: int
    quantity: int
    paid_minor: int
    refunded_minor: int = 0
    is_kept: bool = False
    is_returned: bool = False
    is_dropped: bool = False
    is_back: bool = False
    received_at: datetime | None = None

    @property
    def left_minor(self) -> int:
        return self.paid_minor - self.refunded_minor


@dataclass
class Bought:
    """One order as it should be."""

    id: int
    key: str
    member_id: int
    method: str
    amount_minor: int
    freight_minor: int
    pay_by: datetime
    lines: list[Line]
    state: str = "placed"
    end_reason: str = ""
    freight_refunded_minor: int = 0
    handed_over_at: datetime | None = None
    payments: list[int] = field(default_factory=list)
    is_captured: bool = False

    @property
    def refunded_minor(self) -> int:
        return sum(line.refunded_minor for line in self.lines) + self.freight_refunded_minor

    @property
    def holds_goods(self) -> bool:
        return self.state in ("placed", "paid")

    def settle(self) -> None:
        """What follows for the order from what happened to its lines."""
        if self.state in REFUNDABLE and self.refunded_minor == self.amount_minor:
            self.state = "refunded"
            for line in self.lines:
                line.is_dropped |= self.handed_over_at is None
        if self.state == "received" and all(line.is_kept or line.is_returned for line in self.live()):
            self.state = "completed"

    def live(self) -> list[Line]:
        return [line for line in self.lines if not line.is_dropped]

    def receive(self, at: datetime) -> None:
        if self.state != "handed_over":
            return
        self.state = "received"
        for line in self.live():
            if not line.is_returned:
                line.received_at = at
        self.settle()


@dataclass
class Shelf:
    """Free goods of one SKU: what came in, less what is held or gone."""

    sku_id: int
    came_in: int

    def free(self, orders: list[Bought]) -> int:
        return self.came_in - sum(
            line.quantity
            for order in orders
            for line in order.lines
            if line.sku_id == self.sku_id and _is_away(order, line)
        )


def _is_away(order: Bought, line: Line) -> bool:
    if order.handed_over_at is not None and not line.is_dropped:
        return not line.is_back
    return order.holds_goods and not line.is_dropped
