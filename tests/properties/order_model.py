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
    is_claimed: bool = False
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
    team: Together | None = None
    seat: str = ""

    @property
    def refunded_minor(self) -> int:
        return sum(line.refunded_minor for line in self.lines) + self.freight_refunded_minor

    @property
    def holds_goods(self) -> bool:
        return self.state in ("placed", "paid")

    @property
    def is_released(self) -> bool:
        """Whether its goods may be prepared."""
        return self.team is None or self.team.state == "succeeded"

    def cancel(self, reason: str) -> None:
        """It ends unpaid."""
        self.state, self.end_reason = "cancelled", reason
        if self.seat:
            self.seat = "released"

    def pay(self) -> None:
        """It is paid, and so is its seat; the last one makes the team succeed."""
        self.state, self.end_reason, self.is_captured = "paid", "", True
        if self.team is not None:
            self.seat = "paid"
            if len(self.team.live()) == self.team.most == self.team.paid():
                self.team.succeed()

    def settle(self) -> None:
        """What follows for the order from what happened to its lines."""
        if self.state in REFUNDABLE and self.refunded_minor == self.amount_minor:
            self.state = "refunded"
            for line in self.lines:
                line.is_dropped |= self.handed_over_at is None
            if self.seat:
                self.seat = "refunded"
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
class Together:
    """One team as it should be."""

    id: int
    code: str
    size: int
    deadline: datetime
    state: str = "forming"
    orders: list[Bought] = field(default_factory=list)
    steps: tuple[tuple[int, int], ...] = ()
    final_minor: int | None = None
    is_levelled: bool = False

    @property
    def most(self) -> int:
        """As many as may be in it: the people of a ladder's last step."""
        return self.steps[-1][0] if self.steps else self.size

    def paid(self) -> int:
        return sum(one.seat == "paid" for one in self.orders)

    def succeed(self) -> None:
        """A ladder ends at the step that is reached; without one above the first nothing goes back."""
        self.state = "succeeded"
        reached = [price for people, price in self.steps if people <= self.paid()]
        self.final_minor = reached[-1] if reached else None

    def level(self) -> int:
        """Everybody in it ends at that step, once; returns what goes back in all."""
        back = 0
        if self.state == "succeeded" and self.final_minor is not None and not self.is_levelled:
            self.is_levelled = True
            for line in [line for order in self.orders if order.seat == "paid" for line in order.lines]:
                difference = line.paid_minor - self.final_minor * line.quantity
                more = max(0, min(difference, line.left_minor - 1))
                line.refunded_minor += more
                back += more
        return back

    def live(self) -> list[Bought]:
        """Orders that hold a place."""
        return [order for order in self.orders if order.seat in ("held", "paid")]

    def takes_people(self, now: datetime) -> bool:
        return self.state == "forming" and now < self.deadline

    def has_place_for(self, member_id: int) -> bool:
        return len(self.live()) < self.most and all(order.member_id != member_id for order in self.live())


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
