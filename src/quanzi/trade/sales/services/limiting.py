"""What one person of the staff may give back alone: small parts of one order, and of one day, count together."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Sum

from quanzi.kernel.clock import SITE_ZONE, today
from quanzi.people.approvals import rules
from quanzi.people.approvals.services import check_limit
from quanzi.trade.sales.models import Order, OrderRefund

STAFF = "staff:"
APPROVED = "approval:"
"""Begins the idempotency key of a refund to which a second person agreed; it is not counted again."""


def check_limits(order: Order, amount_minor: int, *, actor: str, now: datetime) -> None:
    """Raises SecondPersonNeeded for the staff; rules of the shop (a failed team, a buyer who calls off) have no limit."""
    if not actor.startswith(STAFF) or amount_minor <= 0:
        return
    with connection.cursor() as cursor:  # two refunds of one person on different orders are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('refunds'), hashtext(%s))", [actor])
    alone = OrderRefund.objects.filter(actor__startswith=STAFF).exclude(idempotency_key__startswith=APPROVED)
    begin = datetime.combine(today(now), datetime.min.time(), SITE_ZONE)
    of_day = alone.filter(
        actor=actor, order__currency=order.currency, refunded_at__gte=begin, refunded_at__lt=begin + timedelta(days=1)
    )
    for name, before in ((rules.REFUND_ORDER, alone.filter(order=order)), (rules.REFUND_DAY, of_day)):
        given = before.aggregate(sum=Sum("amount_minor"))["sum"] or 0
        check_limit(name=name, before_minor=given, amount_minor=amount_minor, currency=order.currency)
