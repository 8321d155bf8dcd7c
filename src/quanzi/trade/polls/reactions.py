"""What became of orders of goods that were held."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.trade.polls import buying, services
from quanzi.trade.sales.events import LineKept, LineReturned, OrderCancelled, OrderPaid, is_recorded


@react_to(OrderPaid, consumer="polls.end_bought", unless=is_recorded)
def end_bought(event: OrderPaid, *, now: datetime) -> None:
    buying.settle_paid(order_id=event.order_id, now=now)


@react_to(OrderCancelled, consumer="polls.hold_again", unless=is_recorded)
def hold_again(event: OrderCancelled, *, now: datetime) -> None:
    buying.hold_again(order_id=event.order_id, now=now)


@react_to(LineKept, consumer="polls.tie_kept", unless=is_recorded)
def tie_kept(event: LineKept, *, now: datetime) -> None:
    services.tie_advice(line_ids=[event.line_id])


@react_to(LineReturned, consumer="polls.tie_returned", unless=is_recorded)
def tie_returned(event: LineReturned, *, now: datetime) -> None:
    services.tie_advice(line_ids=[event.line_id])
