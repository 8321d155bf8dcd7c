"""One order with everything that its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_see
from quanzi.people.accounts.sight import seen_address
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.models import Adjustment, DeliveryMethod, Order, OrderCredit, OrderMove, OrderRefund, OrderState
from quanzi.trade.sales.policies import may_see_order
from quanzi.trade.sales.queries.orders import LineRow, OrderCard, card_of, line_rows, seen_card
from quanzi.trade.sales.queries.points import PointCard, point_card
from quanzi.trade.sales.rules import clean


@dataclass(frozen=True)
class StepRow:
    """One explained step of the price, the same reason of several lines added up; signed."""

    kind: str
    label_zh: str
    label_en: str
    amount: Money
    source: str


@dataclass(frozen=True)
class MoveRow:
    before: str
    after: str
    cause: str
    actor: str
    moved_at: datetime


@dataclass(frozen=True)
class RefundRow:
    """state: of the money on its way (payments.RefundState), BY_HAND while a person of the shop has to pay it, "" when only goods came back."""

    amount: Money
    reason: str
    actor: str
    goods_back: bool
    state: str
    refunded_at: datetime


@dataclass(frozen=True)
class OrderPage:
    card: OrderCard
    goods: Money
    freight: Money
    discount: Money
    note: str
    ship_to: dict[str, str]
    point: PointCard | None
    is_mine: bool
    handed_over_at: datetime | None
    received_at: datetime | None
    completed_at: datetime | None
    ended_at: datetime | None
    steps: tuple[StepRow, ...]
    moves: tuple[MoveRow, ...]
    refunds: tuple[RefundRow, ...]
    paid_ahead: Money

    @property
    def to_pay(self) -> Money:
        """The amount less what was paid ahead (a deposit)."""
        return self.card.amount - self.paid_ahead

    @property
    def lines(self) -> tuple[LineRow, ...]:
        return self.card.lines

    @property
    def may_pay(self) -> bool:
        return self.is_mine and self.card.state == OrderState.PLACED

    @property
    def may_cancel(self) -> bool:
        return self.is_mine and self.card.state == OrderState.PLACED

    @property
    def may_confirm_receipt(self) -> bool:
        is_delivery = self.card.method == DeliveryMethod.DELIVERY
        return self.is_mine and is_delivery and self.card.state == OrderState.HANDED_OVER


def own_order_id(number: str, member: Member) -> int:
    """The id of an order of the member's own; somebody else's does not exist (NoSuchOrder), for staff neither."""
    mine = "SELECT id FROM sales_order WHERE number = %s AND member_id = %s"
    found = planned.value(mine, [clean(number), member.pk])
    if found is None:
        raise NoSuchOrder()
    return int(found)


def number_of(order_id: int) -> str:
    """What people call an order that exists."""
    return str(planned.value("SELECT number FROM sales_order WHERE id = %s", [order_id]))


def order_page(number: str, member: Member) -> OrderPage:
    """The order for somebody who may see it; for everybody else it does not exist (NoSuchOrder).

    Staff read of the buyer's details and of refunds what their role's fields allow.
    """
    order = Order.objects.select_related("member", "pickup_point").filter(number=clean(number)).first()
    if order is None or not may_see_order(member, order):
        raise NoSuchOrder()
    is_mine, card = order.member_id == member.pk, card_of(order, line_rows([order])[order.pk])
    return OrderPage(
        card=card if is_mine else seen_card(member, card),
        goods=Money(order.goods_minor, order.currency),
        freight=Money(order.freight_minor, order.currency),
        discount=Money(order.discount_minor, order.currency),
        note=order.note,
        ship_to=order.ship_to if is_mine else seen_address(member, order.ship_to),
        point=point_card(order.pickup_point) if order.pickup_point else None,
        is_mine=is_mine,
        handed_over_at=order.handed_over_at,
        received_at=order.received_at,
        completed_at=order.completed_at,
        ended_at=order.ended_at,
        steps=_steps(order),
        moves=tuple(
            MoveRow(*row)
            for row in OrderMove.objects.filter(order=order)
            .order_by("id")
            .values_list("before", "after", "cause", "actor", "moved_at")
        ),
        refunds=_refunds(order) if is_mine or may_see(member, "refund") else (),
        paid_ahead=_paid_ahead(order),
    )


def _paid_ahead(order: Order) -> Money:
    """Only an order that waits for something may have a deposit that counts for it."""
    found = OrderCredit.objects.filter(order=order, ended_at=None).first() if order.waits_for else None
    return Money(found.amount_minor if found else 0, order.currency)


def _steps(order: Order) -> tuple[StepRow, ...]:
    sums: dict[tuple[str, str, str, str], int] = {}
    for step in Adjustment.objects.filter(order=order).order_by("id"):
        reason = (step.kind, step.label_zh, step.label_en, step.source)
        sums[reason] = sums.get(reason, 0) + step.amount_minor
    return tuple(
        StepRow(kind, zh, en, Money(minor, order.currency), source) for (kind, zh, en, source), minor in sums.items()
    )


BY_HAND = "by_hand"
SLOWEST = ("failed", "unknown", "requested", BY_HAND, "done")


def _slower(row: OrderRefund) -> str:
    """A refund that takes from two payments is where the slower of the two is; "" when only goods came back."""
    states = [
        BY_HAND if one.state == "done" and not one.provider_ref else one.state
        for one in (row.payment_refund, row.credit_refund)
        if one
    ]
    return min(states, key=SLOWEST.index) if states else ""


def _refunds(order: Order) -> tuple[RefundRow, ...]:
    rows = OrderRefund.objects.filter(order=order).select_related("payment_refund", "credit_refund").order_by("id")
    return tuple(
        RefundRow(
            amount=Money(row.amount_minor, order.currency),
            reason=row.reason,
            actor=row.actor,
            goods_back=row.goods_back,
            state=_slower(row),
            refunded_at=row.refunded_at,
        )
        for row in rows
    )
