"""Refunds by the staff: done at once, or asked of a second person when they are above a limit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import services as approvals
from quanzi.people.approvals.errors import SecondPersonNeeded
from quanzi.people.approvals.models import Approval
from quanzi.trade.sales.errors import AmountNeedsLine
from quanzi.trade.sales.models import Order, OrderLine, OrderRefund
from quanzi.trade.sales.services.limiting import APPROVED, STAFF, check_given
from quanzi.trade.sales.services.refunding import refund_line, refund_order


@transaction.atomic
def refund_or_ask(
    *,
    order_id: int,
    line_id: int | None = None,
    amount_minor: int | None = None,
    reason: str,
    goods_back: bool = False,
    staff: Member,
    idempotency_key: str,
    now: datetime,
) -> OrderRefund | Approval:
    """Give back a line, or without one the whole order; above a limit a request is written instead.

    Raises AmountNeedsLine for an amount of no line, what refund_line and refund_order raise, and what asking raises.
    """
    if line_id is None and amount_minor is not None:
        raise AmountNeedsLine(field="amount_minor")
    request = {"order_id": order_id, "line_id": line_id, "amount_minor": amount_minor, "goods_back": goods_back}
    known = approvals.asked(key=idempotency_key, by=staff, target=f"order:{order_id}", request=request)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _refund(request, reason=reason, actor=f"{STAFF}{staff.pk}", key=idempotency_key, now=now)
    except SecondPersonNeeded as needed:
        return approvals.ask(
            deed=RefundDeed.name, target=f"order:{order_id}", amount_minor=needed.amount_minor, reason=reason,
            currency=Order.objects.values_list("currency", flat=True).get(pk=order_id), request=request, asked_by=staff,
            key=idempotency_key, now=now,
        )  # fmt: skip


class RefundDeed:
    """A refund to which a second person agrees."""

    name = "order.refund"
    title = "Refund"
    needs = "orders.refund"

    def gains(self, approval: Approval) -> int | None:
        return Order.objects.values_list("member_id", flat=True).get(pk=approval.request["order_id"])

    def carry_out(self, approval: Approval, *, now: datetime) -> str:
        made = _refund(
            approval.request, reason=approval.reason, actor=f"{STAFF}{approval.asked_by_id}",
            key=f"{APPROVED}{approval.pk}", is_approved=True, now=now,
        )  # fmt: skip
        check_given(
            approval, member_id=self.gains(approval)
        )  # the freight may have come on top, since nothing else is left to deliver
        return f"order_refund:{made.pk}"


def _refund(
    request: dict[str, Any], *, reason: str, actor: str, key: str, is_approved: bool = False, now: datetime
) -> OrderRefund:
    shared: dict[str, Any] = {
        "reason": reason, "actor": actor, "idempotency_key": key, "goods_back": request["goods_back"],
        "is_approved": is_approved, "now": now,
    }  # fmt: skip
    if request["line_id"] is None:
        return refund_order(order_id=request["order_id"], **shared)
    if not OrderLine.objects.filter(pk=request["line_id"], order_id=request["order_id"]).exists():
        raise NotFound()
    return refund_line(line_id=request["line_id"], amount_minor=request["amount_minor"], **shared)
