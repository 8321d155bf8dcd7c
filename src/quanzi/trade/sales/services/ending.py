"""Orders that end unpaid: cancelled by somebody, or because the time to pay ran out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.events import services as events
from quanzi.base.jobs import services as jobs
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.sales import rules
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.events import OrderCancelled
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.sales.ports import OrderFollower, follower_of, spenders_of
from quanzi.trade.sales.services.crediting import end_credit
from quanzi.trade.sales.services.moving import lines_of, lock_order, move, refs_of
from quanzi.trade.sales.states import EXPIRED

EXPIRE_BATCH = 200


@transaction.atomic
def cancel_order(*, order_id: int, actor: str, reason: str, member: Member | None = None, now: datetime) -> Order:
    """End an unpaid order: goods go back on sale, its payments are closed by a job. A cancelled one stays as it is.

    member: when given, the order must be this member's (else NoSuchOrder). Raises IllegalMove once it is paid.
    """
    reason = rules.clean(reason)
    order = lock_order(order_id, now=now)
    if member is not None and order.member_id != member.pk:
        raise NoSuchOrder()
    if order.state == OrderState.CANCELLED:
        return order
    end_unpaid(order, reason=reason, actor=actor, follower=follower_of(order.waits_for), now=now)
    return order


def expire_unpaid(*, now: datetime, limit: int = EXPIRE_BATCH) -> int:
    """End orders whose time to pay is over; returns how many.

    Call it outside a transaction: each payment is closed at its provider first, and a buyer who paid at the last
    moment keeps the order.
    """
    due = Order.objects.filter(state=OrderState.PLACED, pay_by__lte=now).order_by("pay_by")
    ended = 0
    for order_id in list(due.values_list("pk", flat=True)[:limit]):
        close_payments(order_id=order_id, now=now)
        crash.point("sales.expire.payments_closed")
        ended += _expire(order_id, now)
    return ended


@transaction.atomic
def _expire(order_id: int, now: datetime) -> bool:
    order = lock_order(order_id, now=now)
    if order.state != OrderState.PLACED or order.pay_by > now:
        return False
    end_unpaid(order, reason=EXPIRED, actor="system", follower=follower_of(order.waits_for), now=now)
    return True


def close_payments(*, order_id: int, now: datetime) -> None:
    """Close what still waits to be paid for this order. Speaks to the provider, so call it outside a transaction."""
    for payment_id in _open_payments(order_id):
        payments.close(payment_id=payment_id, now=now)


def end_unpaid(order: Order, *, reason: str, actor: str, follower: OrderFollower | None, now: datetime) -> None:
    """The exact inverse of placing, for an order that is locked. Raises IllegalMove unless it waits for payment."""
    if order.state != OrderState.PLACED:
        raise IllegalMove(order.state, OrderState.CANCELLED)
    order.ended_at, order.end_reason = now, reason[:60]
    move(order, OrderState.CANCELLED, cause=reason, actor=actor, now=now, also=["ended_at", "end_reason"])
    crash.point("sales.cancel.moved")
    stock.release(refs=refs_of(lines_of(order)), now=now)
    crash.point("sales.cancel.goods_free")
    end_credit(order, now)
    for spender in spenders_of(order):
        spender.on_undone(order=order, now=now)
    if follower is not None:
        follower.on_cancelled(order=order, now=now)
    if reason != EXPIRED and _open_payments(order.pk):
        jobs.enqueue("sales.close_payments", order_id=order.pk)
    events.record(
        OrderCancelled(order_id=order.pk, origin=order.origin, member_id=order.member_id, reason=reason[:60]), now=now
    )
    crash.point("sales.cancel.announced")


def _open_payments(order_id: int) -> list[int]:
    waiting = Payment.objects.filter(payable_kind="order", payable_id=order_id, state=PaymentState.CREATED)
    return list(waiting.order_by("pk").values_list("pk", flat=True))
