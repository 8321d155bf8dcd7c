"""Locking an order and moving its state; every other service of this package goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.sales.ports import follower_of
from quanzi.trade.sales.states import ORDER_MOVES


def lock_order(order_id: int, *, now: datetime, hold: bool = True) -> Order:
    """The order under a row lock, after the locks of whoever follows it (higher rooms first).

    hold: False when the follower calls and holds its locks already. Raises NoSuchOrder.
    """
    waits_for = Order.objects.filter(pk=order_id).values_list("waits_for", flat=True).first() if hold else ""
    if waits_for is None:
        raise NoSuchOrder()
    follower = follower_of(waits_for)
    if follower is not None:
        follower.hold(order_id=order_id, waits_for=waits_for, now=now)
    order = Order.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise NoSuchOrder()
    return order


def lines_of(order: Order) -> list[OrderLine]:
    """Its lines in the order of their ids; the order's lock guards them all."""
    return list(OrderLine.objects.filter(order=order).order_by("id"))


def move(order: Order, after: str, *, cause: str, actor: str, now: datetime, also: Iterable[str] = ()) -> None:
    """Change the state and save it with the fields in `also`; the database writes the log row. Raises IllegalMove."""
    ORDER_MOVES.check(order.state, after)
    order.state, order.moved_at, order.move_cause, order.moved_by = after, now, cause[:60], actor[:80]
    order.save(update_fields=["state", "moved_at", "move_cause", "moved_by", *also])


def refs_of(lines: Sequence[OrderLine]) -> list[str]:
    """What stock calls these lines."""
    return [ref_of(line.pk) for line in lines]


def ref_of(line_id: int) -> str:
    return f"order_line:{line_id}"
