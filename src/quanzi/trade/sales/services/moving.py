"""Locking an order and moving its state; every other service of this package goes through here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from django.db import connection

from quanzi.base.rows import Select, Update
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.sales.ports import follower_of
from quanzi.trade.sales.states import ORDER_MOVES

# Every step of every order reads these.
_plain = Select(Order, "WHERE t.id = %s")
_locked = Select(Order, "WHERE t.id = %s FOR UPDATE")
_waiting_for_nothing = Select(Order, "WHERE t.id = %s AND t.waits_for = '' FOR UPDATE")
_lines = Select(OrderLine, "WHERE t.order_id = %s ORDER BY t.id")


def lock_order(order_id: int, *, now: datetime, hold: bool = True) -> Order:
    """The order under a row lock, after the locks of whoever follows it (higher rooms first).

    hold: False when the follower calls and holds its locks already. Raises NoSuchOrder.
    """
    if not hold:
        return _there(_locked.first([order_id]))
    order = _waiting_for_nothing.first([order_id])
    if order is not None:
        return order
    waits_for = _waits_for(order_id)
    follower = follower_of(waits_for)
    if follower is not None:
        follower.hold(order_id=order_id, waits_for=waits_for, now=now)
    return _there(_locked.first([order_id]))


def order_of(order_id: int) -> Order:
    """The order as it stands, without a lock. Raises NoSuchOrder."""
    return _there(_plain.first([order_id]))


def _there(order: Order | None) -> Order:
    if order is None:
        raise NoSuchOrder()
    return order


def _waits_for(order_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT waits_for FROM sales_order WHERE id = %s", [order_id])
        row = cursor.fetchone()
    if row is None:
        raise NoSuchOrder()
    return str(row[0])


def lines_of(order: Order) -> list[OrderLine]:
    """Its lines in the order of their ids; the order's lock guards them all."""
    return _lines([order.pk])


def move(order: Order, after: str, *, cause: str, actor: str, now: datetime, also: Iterable[str] = ()) -> None:
    """Change the state and save it with the fields in `also`; the database writes the log row. Raises IllegalMove."""
    ORDER_MOVES.check(order.state, after)
    order.state, order.moved_at, order.move_cause, order.moved_by = after, now, cause[:60], actor[:80]
    _saving("state", "moved_at", "move_cause", "moved_by", *also)(order)


@cache
def _saving(*names: str) -> Update[Order]:
    """The few combinations of fields that moves save."""
    return Update(Order, *names)


def refs_of(lines: Sequence[OrderLine]) -> list[str]:
    """What stock calls these lines."""
    return [ref_of(line.pk) for line in lines]


def ref_of(line_id: int) -> str:
    return f"order_line:{line_id}"
