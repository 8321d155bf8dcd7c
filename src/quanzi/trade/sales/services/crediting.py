"""What was paid ahead counts for an order. The order is locked, or new, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.base.rows import Select
from quanzi.kernel import crash
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales.errors import NothingToPay
from quanzi.trade.sales.models import Order, OrderCredit

_live = Select(OrderCredit, "WHERE t.order_id = %s AND t.ended_at IS NULL")

END = "UPDATE sales_ordercredit SET ended_at = %s WHERE order_id = %s AND ended_at IS NULL RETURNING order_id"


def credit(*, order: Order, payment: Payment, now: datetime) -> OrderCredit:
    """All that is left of `payment` counts for a new order, so that only the rest is still to pay.

    Raises NothingToPay when that would leave nothing to pay.
    """
    if payment.refundable_minor >= order.amount_minor:
        raise NothingToPay()
    made: OrderCredit = OrderCredit.objects.create(
        order=order, payment=payment, amount_minor=payment.refundable_minor, credited_at=now
    )
    crash.point("sales.credit.written")
    return made


def credit_of(order: Order) -> OrderCredit | None:
    """What was paid ahead for it, while that counts. Only orders that wait for something have any."""
    return _live.first([order.pk]) if order.waits_for else None


def end_credit(order: Order, now: datetime) -> None:
    """The order ended unpaid: the money counts for it no longer."""
    if order.waits_for:
        planned.rows(END, [now, order.pk])
