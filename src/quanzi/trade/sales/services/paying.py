"""An order is paid, and let go when what it waits for is done. Payments calls in here through its port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.base.events import services as events
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.errors import NotReserved, OutOfStock
from quanzi.kernel import clock, crash
from quanzi.kernel.money import Money
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.payments.ports import PayableInfo
from quanzi.trade.sales.errors import NoSuchOrder, SpentElsewhere
from quanzi.trade.sales.events import OrderPaid, OrderReleased
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.sales.ports import OrderFollower, follower_of, spenders_of
from quanzi.trade.sales.services import together
from quanzi.trade.sales.services.crediting import credit_of
from quanzi.trade.sales.services.ending import end_unpaid
from quanzi.trade.sales.services.moving import lines_of, lock_order, ref_of
from quanzi.trade.sales.states import EXPIRED, ORDER_MOVES

NOT_WANTED = "not_wanted"

PAY = "SELECT sales_pay(%s, %s, %s, %s, %s)"
"""Goods held without end, state, log, events: see migration 0003."""

RELEASE = """
WITH waiting AS (
    SELECT id FROM sales_order WHERE id = ANY (%s::bigint[]) AND state = 'paid' AND released_at IS NULL ORDER BY id FOR UPDATE
)
UPDATE sales_order o SET released_at = asked.at FROM waiting, unnest(%s::bigint[], %s::timestamptz[]) AS asked (id, at)
WHERE o.id = waiting.id AND o.id = asked.id RETURNING o.id, o.origin, o.member_id, asked.at
"""

DESCRIBE = """
SELECT (array_agg(l.title ORDER BY l.id))[1], count(*), o.amount_minor - coalesce(
    (SELECT c.amount_minor FROM sales_ordercredit c WHERE c.order_id = o.id AND c.ended_at IS NULL), 0), o.currency, o.member_id, o.state, o.pay_by
FROM sales_order o JOIN sales_orderline l ON l.order_id = o.id WHERE o.id = %s GROUP BY o.id
"""
"""What is still to pay: the amount less what was paid ahead."""


class _Unwanted(Exception):
    """Takes back everything that was written for a payment which the follower does not want."""


class OrderPayable:
    """Orders, as payments sees them."""

    kind = "order"

    def describe(self, payable_id: int, locked: Order | None = None) -> PayableInfo:
        """What is to be paid, under the title of the first line."""
        found = planned.rows(DESCRIBE, [payable_id])
        if not found:
            raise NoSuchOrder()
        title, count, amount_minor, currency, member_id, state, pay_by = found[0]
        return PayableInfo(
            title=title + (f" +{count - 1}" if count > 1 else ""),
            amount=Money(amount_minor, currency),
            member_id=member_id,
            is_payable=state == OrderState.PLACED,
            pay_by=pay_by,
        )

    def lock(self, *, payable_id: int) -> Order:
        """The order's row, and before it what its follower needs: higher rooms lock first. Decides nothing by time."""
        return lock_order(payable_id, now=clock.now())

    def on_captured(self, *, payable_id: int, payment: Payment, locked: Order | None = None, now: datetime) -> bool:
        """Take the money, or say that it is not wanted: ended orders, sold-out goods, a team that is over."""
        order = locked or lock_order(payable_id, now=now, hold=False)
        ahead = credit_of(order)
        to_pay = order.amount_minor - (ahead.amount_minor if ahead else 0)
        if (payment.amount_minor, payment.currency) != (to_pay, order.currency):
            return False
        if order.state != OrderState.PLACED and not _may_revive(order):
            return False
        try:
            return _take(order, now)
        except (OutOfStock, SpentElsewhere):
            return False

    def describe_all(self, payable_ids: Sequence[int]) -> list[tuple[Order, PayableInfo]]:
        """Many orders, locked, and what is to be paid for each."""
        return together.describe_all(payable_ids)

    def on_all_captured(self, *, locked: Sequence[Order], payments: Sequence[Payment]) -> None:
        """Take the money for all of them, or raise NotPayable."""
        together.pay_all(orders=locked, payments=payments)

    def on_refunded(self, *, payable_id: int, refund: Refund, now: datetime) -> None:
        """The provider confirmed it. Nothing changes: the order wrote the refund down when it asked for it."""


def _may_revive(order: Order) -> bool:
    """Money that comes after nobody paid in time; an order that somebody cancelled stays cancelled."""
    return order.state == OrderState.CANCELLED and order.end_reason == EXPIRED


def _take(order: Order, now: datetime) -> bool:
    follower = follower_of(order.waits_for)
    if follower is None:
        _pay(order, now)
        return True
    try:
        with transaction.atomic():
            _pay(order, now)
            if not follower.on_paid(order=order, now=now):
                raise _Unwanted
    except _Unwanted:
        return _refuse(order, follower, now)
    return True


def _refuse(order: Order, follower: OrderFollower, now: datetime) -> bool:
    order.refresh_from_db()
    if order.state == OrderState.PLACED:
        end_unpaid(order, reason=NOT_WANTED, actor="system", follower=follower, now=now)
    return False


def _pay(order: Order, now: datetime) -> None:
    """The order is paid and its goods are held without end. Raises OutOfStock, SpentElsewhere when what a revived order needs is gone."""
    is_held = order.state != OrderState.CANCELLED
    if not is_held:
        _hold_again(order, now)
    ORDER_MOVES.check(order.state, OrderState.PAID)
    of_order: dict[str, Any] = {"order_id": order.pk, "origin": order.origin, "member_id": order.member_id}
    awaited = [
        events.is_awaited(OrderPaid(**of_order, amount_minor=order.amount_minor, is_first=False)),
        events.is_awaited(OrderReleased(**of_order)),
    ]
    gone = planned.value(PAY, [order.pk, is_held, now, *awaited])
    if gone:
        raise NotReserved(refs=gone)
    crash.point("sales.pay.moved")
    order.state, order.paid_at, order.ended_at, order.end_reason = OrderState.PAID, now, None, ""
    order.moved_at, order.move_cause, order.moved_by = now, "payment", "payments"
    if not order.waits_for:
        order.released_at = now


def _hold_again(order: Order, now: datetime) -> None:
    lines = [(line.sku_id, line.quantity, ref_of(line.pk)) for line in lines_of(order)]
    with transaction.atomic():  # all of it or nothing
        stock.reserve(lines=lines, expires_at=None, source=order.waits_for, now=now)
        for spender in spenders_of(order):
            spender.on_revived(order=order, now=now)


def release(*, order_id: int, now: datetime) -> None:
    """What the order waited for is done: its goods may be prepared. Safe to repeat."""
    release_all(order_ids=[order_id], now=now)


@transaction.atomic
def release_all(*, order_ids: Sequence[int], now: datetime) -> int:
    """Release several orders at once; those not paid or released before are left alone. Returns how many."""
    return release_each([(order_id, now) for order_id in order_ids])


@transaction.atomic
def release_each(orders: Sequence[tuple[int, datetime]]) -> int:
    """`release_all`, each order at a moment of its own."""
    ids = [order_id for order_id, _ in orders]
    rows = planned.rows(RELEASE, [ids, ids, [at for _, at in orders]])
    crash.point("sales.release.written")
    events.record_history(
        [(OrderReleased(order_id=pk, origin=origin, member_id=whose), at) for pk, origin, whose, at in sorted(rows)]
    )
    return len(rows)
