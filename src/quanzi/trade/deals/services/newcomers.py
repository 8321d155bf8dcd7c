"""Teams for people who are new here: whoever joins has never paid an order before, at the moment of payment."""

from __future__ import annotations

from django.db import connection

from quanzi.trade.sales.models import Order

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('deals.newcomer'), %s::int)"
"""Somebody who pays for two seats at the same moment is new only for the first of them."""


def is_new(*, member_id: int, besides_order: int = 0) -> bool:
    """Whether the member never paid an order, that one left aside; a refunded one counts as paid."""
    return not Order.objects.filter(member_id=member_id, paid_at__isnull=False).exclude(pk=besides_order).exists()


def is_new_now(*, member_id: int, order_id: int) -> bool:
    """`is_new` for a payment that is being counted: payments of one member for such seats wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [member_id % 2**31])
    return is_new(member_id=member_id, besides_order=order_id)
