"""An order is paid, and let go when what it waits for is done. Payments calls in here through its port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from quanzi.base.events import services as events
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.errors import OutOfStock
from quanzi.kernel import clock, crash
from quanzi.kernel.money import Money
from quanzi.trade.payments.models import Payment, Refund
from quanzi.trade.payments.ports import PayableInfo
from quanzi.trade.sales.events import OrderPaid, OrderReleased
from quanzi.trade.sales.models import Order, OrderLine, OrderState
from quanzi.trade.sales.ports import OrderFollower, follower_of
from quanzi.trade.sales.services.ending import end_unpaid
from quanzi.trade.sales.services.moving import lines_of, lock_order, move, order_of, ref_of, refs_of
from quanzi.trade.sales.states import EXPIRED

NOT_WANTED = "not_wanted"

PAID_BEFORE = """
SELECT EXISTS (SELECT FROM sales_order WHERE member_id = %s AND paid_at IS NOT NULL AND id <> %s)
"""


class _Unwanted(Exception):
    """Takes back everything that was written for a payment which the follower does not want."""


class OrderPayable:
    """Orders, as payments sees them."""

    kind = "order"

    def describe(self, payable_id: int) -> PayableInfo:
        """What is to be paid, under the title of the first line."""
        order = order_of(payable_id)
        titles = [line.title for line in lines_of(order)]
        title = titles[0] + (f" +{len(titles) - 1}" if len(titles) > 1 else "")
        return PayableInfo(
            title=title,
            amount=Money(order.amount_minor, order.currency),
            member_id=order.member_id,
            is_payable=order.state == OrderState.PLACED,
            pay_by=order.pay_by,
        )

    def lock(self, *, payable_id: int) -> None:
        """The order's row, and before it what its follower needs: higher rooms lock first. Decides nothing by time."""
        lock_order(payable_id, now=clock.now())

    def on_captured(self, *, payable_id: int, payment: Payment, now: datetime) -> bool:
        """Take the money, or say that it is not wanted: ended orders, sold-out goods, a team that is over."""
        order = lock_order(payable_id, now=now, hold=False)
        if (payment.amount_minor, payment.currency) != (order.amount_minor, order.currency):
            return False
        if order.state != OrderState.PLACED and not _may_revive(order):
            return False
        try:
            return _take(order, now)
        except OutOfStock:
            return False

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
    """The order is paid and its goods are held without end. Raises OutOfStock when a revived order's goods are gone."""
    lines = lines_of(order)
    if order.state == OrderState.CANCELLED:
        _hold_again(order, lines, now)
    else:
        stock.confirm(refs=refs_of(lines), now=now)
    crash.point("sales.pay.goods_held")
    is_first = not _has_paid_before(order)
    order.paid_at, order.ended_at, order.end_reason = now, None, ""
    if not order.waits_for:
        order.released_at = now
    move(
        order,
        OrderState.PAID,
        cause="payment",
        actor="payments",
        now=now,
        also=["paid_at", "released_at", "ended_at", "end_reason"],
    )
    crash.point("sales.pay.moved")
    events.record(
        OrderPaid(
            order_id=order.pk,
            origin=order.origin,
            member_id=order.member_id,
            amount_minor=order.amount_minor,
            is_first=is_first,
        ),
        now=now,
    )
    if not order.waits_for:
        events.record(OrderReleased(order_id=order.pk, origin=order.origin, member_id=order.member_id), now=now)


def _has_paid_before(order: Order) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(PAID_BEFORE, [order.member_id, order.pk])
        return bool(cursor.fetchone()[0])


def _hold_again(order: Order, lines: Sequence[OrderLine], now: datetime) -> None:
    stock.reserve(lines=[(line.sku_id, line.quantity, ref_of(line.pk)) for line in lines], expires_at=None, now=now)


def release(*, order_id: int, now: datetime) -> None:
    """What the order waited for is done: its goods may be prepared. Safe to repeat."""
    release_all(order_ids=[order_id], now=now)


@transaction.atomic
def release_all(*, order_ids: Sequence[int], now: datetime) -> int:
    """Release several orders at once; those not paid or released before are left alone. Returns how many."""
    waiting = Order.objects.filter(pk__in=order_ids, state=OrderState.PAID, released_at=None)
    rows = list(waiting.select_for_update().order_by("pk").values_list("pk", "origin", "member_id"))
    Order.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(released_at=now)
    crash.point("sales.release.written")
    for pk, origin, member_id in rows:
        events.record(OrderReleased(order_id=pk, origin=origin, member_id=member_id), now=now)
    return len(rows)
