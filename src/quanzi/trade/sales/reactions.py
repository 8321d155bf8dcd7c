"""What a buyer hears of an order. Recorded logs are replayed in silence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quanzi.base.events.registry import react_to
from quanzi.kernel.money import Money
from quanzi.people.contact import services as contact
from quanzi.trade.sales.events import OfOrder, OrderCancelled, OrderPaid, OrderReceived, OrderRefunded, is_recorded
from quanzi.trade.sales.models import OrderOrigin, OrderRefund
from quanzi.trade.sales.queries import number_of
from quanzi.trade.sales.states import EXPIRED

REASONS_TOLD_ELSEWHERE = frozenset(
    {"team_failed", "left_team", "ladder", "left_chain", "changed_sign_up", "chain_called_off"}
)
"""Reasons of ending whose own room tells the buyer what happened."""


def _is_told_elsewhere(reason: str) -> bool:
    return reason in REASONS_TOLD_ELSEWHERE or reason.startswith("preorder_")


def tell(event: OfOrder, kind: str, *, now: datetime, once: str = "", **params: Any) -> None:
    """Tell the buyer of an order one thing, once; kind: a wording of contact; params: fill it besides `number`."""
    if event.origin == OrderOrigin.REPLAY:
        return
    number = number_of(event.order_id)
    contact.notify(
        member_id=event.member_id,
        kind=kind,
        params={"number": number, **{name: str(value) for name, value in params.items()}},
        link=f"/o/{number}",
        key=f"{kind}:{event.order_id}{once and ':'}{once}",
        now=now,
    )


@react_to(OrderPaid, consumer="sales.tell_paid", unless=is_recorded)
def tell_paid(event: OrderPaid, *, now: datetime) -> None:
    tell(event, "order_paid", now=now, amount=Money(event.amount_minor))


@react_to(OrderCancelled, consumer="sales.tell_cancelled", unless=is_recorded)
def tell_cancelled(event: OrderCancelled, *, now: datetime) -> None:
    if event.reason == EXPIRED:
        tell(event, "order_expired", now=now)
    elif not _is_told_elsewhere(event.reason):
        tell(event, "order_cancelled", now=now, reason=event.reason)


@react_to(OrderReceived, consumer="sales.tell_received", unless=is_recorded)
def tell_received(event: OrderReceived, *, now: datetime) -> None:
    tell(event, "order_received", now=now)


@react_to(OrderRefunded, consumer="sales.tell_refunded", unless=is_recorded)
def tell_refunded(event: OrderRefunded, *, now: datetime) -> None:
    made = OrderRefund.objects.filter(pk=event.refund_id, amount_minor__gt=0).first()
    if made is not None and not _is_told_elsewhere(made.reason):
        tell(event, "order_refunded", now=now, once=str(made.pk), amount=Money(made.amount_minor), reason=made.reason)
