"""How much compensation one person promises alone: of one order, and on one day, counted together."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Sum

from quanzi.kernel.clock import midnight, today
from quanzi.people.accounts.models import Member
from quanzi.people.approvals import rules
from quanzi.people.approvals.services import check_limit
from quanzi.trade.aftersales.models import Compensation, CompensationState
from quanzi.trade.sales.models import Order


def check_limits(order: Order, amount_minor: int, *, actor: Member, now: datetime) -> None:
    """Raises SecondPersonNeeded. The order is locked; what a second person agreed to is not counted again."""
    with (
        connection.cursor() as cursor
    ):  # two promises of one person for different orders are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('compensations'), %s)", [actor.pk])
    alone = Compensation.objects.filter(approval=None).exclude(state=CompensationState.WITHDRAWN)
    begin = midnight(today(now))
    of_day = alone.filter(granted_by=actor, granted_at__gte=begin, granted_at__lt=begin + timedelta(days=1))
    for name, before in (
        (rules.COMPENSATION_ORDER, alone.filter(line__order=order)),
        (rules.COMPENSATION_DAY, of_day.filter(currency=order.currency)),
    ):
        given = before.aggregate(sum=Sum("amount_minor"))["sum"] or 0
        check_limit(name=name, before_minor=given, amount_minor=amount_minor, currency=order.currency)
