"""What one person of the staff may give back alone: small parts of one order, and of one day, count together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet, Sum

from quanzi.kernel.clock import midnight, today
from quanzi.kernel.money import Money
from quanzi.people.approvals import rules
from quanzi.people.approvals.errors import AmountGrew
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.services import check_limit
from quanzi.trade.sales.models import Order, OrderRefund

STAFF = "staff:"
APPROVED = "approval:"
"""Begins the idempotency key of a refund to which a second person agreed; it is not counted again."""


def check_limits(order: Order, amount_minor: int, *, others: Collection[int] = (), actor: str, now: datetime) -> None:
    """Raises SecondPersonNeeded for the staff; rules of the shop (a failed team, a buyer who calls off) have no limit.

    amount_minor: of all that one decision gives back; others: orders of which some of it is, counted as one with this.
    """
    if not actor.startswith(STAFF) or amount_minor <= 0:
        return
    with connection.cursor() as cursor:  # two refunds of one person on different orders are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('refunds'), hashtext(%s))", [actor])
    alone = OrderRefund.objects.filter(actor__startswith=STAFF).exclude(idempotency_key__startswith=APPROVED)
    begin = midnight(today(now))
    of_day = alone.filter(
        actor=actor, order__currency=order.currency, refunded_at__gte=begin, refunded_at__lt=begin + timedelta(days=1)
    )
    for name, before in (
        (rules.REFUND_ORDER, alone.filter(order_id__in=[order.pk, *others])),
        (rules.REFUND_DAY, of_day),
    ):
        check_limit(name=name, before_minor=_sum(before), amount_minor=amount_minor, currency=order.currency)


def check_given(approval: Approval, *, member_id: int | None) -> None:
    """Raises AmountGrew when more went back, of all orders of that member together, than a second person agreed to."""
    given = _sum(OrderRefund.objects.filter(order__member=member_id, idempotency_key=f"{APPROVED}{approval.pk}"))
    if given > approval.amount_minor:
        raise AmountGrew(amount=str(Money(given, approval.currency)))


def _sum(refunds: QuerySet[OrderRefund]) -> int:
    return refunds.aggregate(sum=Sum("amount_minor"))["sum"] or 0
