"""What commission does when orders move. Each answer is safe to run twice."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.growth.commission.services import accrue, make_payable, reverse_for_refund
from quanzi.trade.sales.events import LineKept, LineReturned, OrderPaid, OrderRefunded, is_recorded
from quanzi.trade.sales.models import OrderLine


@react_to(OrderPaid, consumer="commission.accrue", unless=is_recorded)
def on_paid(event: OrderPaid, *, now: datetime) -> None:
    accrue(order_id=event.order_id, now=now)


@react_to(LineKept, consumer="commission.make_payable")
def on_kept(event: LineKept, *, now: datetime) -> None:
    make_payable(line_id=event.line_id, now=now)


@react_to(LineReturned, consumer="commission.reverse_returned")
def on_returned(event: LineReturned, *, now: datetime) -> None:
    reverse_for_refund(line_id=event.line_id, now=now)


@react_to(OrderRefunded, consumer="commission.reverse_refunded", unless=is_recorded)
def on_refunded(event: OrderRefunded, *, now: datetime) -> None:
    for line_id in OrderLine.objects.filter(order_id=event.order_id, refunded_minor__gt=0).values_list("pk", flat=True):
        reverse_for_refund(line_id=line_id, now=now)
