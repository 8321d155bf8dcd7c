"""Lists of orders for the staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.models import FulfilmentState
from quanzi.trade.sales.models import Order, OrderOrigin, OrderState
from quanzi.trade.sales.queries import OrderCard
from quanzi.trade.sales.queries.orders import card_of, line_rows, seen_card

GROUPS: dict[str, Q] = {
    "all": Q(),
    "prepare": Q(fulfilment__state=FulfilmentState.WAITING) & ~Q(origin=OrderOrigin.REPLAY),
    "ready": Q(fulfilment__state=FulfilmentState.READY),
    "team": Q(state=OrderState.PAID, released_at=None),
    "unpaid": Q(state=OrderState.PLACED),
    "under_way": Q(state=OrderState.HANDED_OVER),
    "received": Q(state__in=[OrderState.RECEIVED, OrderState.COMPLETED]),
    "ended": Q(state__in=[OrderState.CANCELLED, OrderState.REFUNDED]),
}
COUNTED = ("prepare", "ready", "team", "unpaid")
"""Groups that somebody works off; the others only grow and are not counted."""


@dataclass(frozen=True)
class OrderRow:
    """An order with how far its goods are. fulfilment: its state, empty while nothing is to be prepared."""

    card: OrderCard
    fulfilment_id: int | None
    fulfilment: str


def order_rows(
    *,
    viewer: Member,
    group: str = "all",
    words: str = "",
    member_id: int | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[OrderRow]:
    """Orders of a group, newest first, below `before_id`. words: part of a number or of the buyer's name."""
    found = Order.objects.filter(GROUPS[group])
    if words:
        found = found.filter(Q(number__icontains=words) | Q(member__name__icontains=words))
    if member_id is not None:
        found = found.filter(member_id=member_id)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    orders = list(found.select_related("member", "pickup_point", "fulfilment").order_by("-pk")[:limit])
    lines = line_rows(orders)
    return [_row(order, seen_card(viewer, card_of(order, lines[order.pk]))) for order in orders]


def _row(order: Order, card: OrderCard) -> OrderRow:
    found = getattr(order, "fulfilment", None)
    return OrderRow(card, found.pk if found else None, found.state if found else "")


def group_counts() -> dict[str, int]:
    """How many orders stand in each group of COUNTED."""
    open_orders = Order.objects.filter(state__in=[OrderState.PLACED, OrderState.PAID])
    return open_orders.aggregate(**{name: Count("pk", filter=GROUPS[name]) for name in COUNTED})


def order_by_number(number: str) -> Order | None:
    """The order of this number, for whoever may see orders."""
    return Order.objects.select_related("member", "pickup_point").filter(number=number).first()
