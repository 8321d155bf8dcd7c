"""A coupon and the one living order that has it. sales calls in here through its port, the order locked or new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.kernel import crash
from quanzi.trade.rewards import rules
from quanzi.trade.rewards.errors import CouponNotFree, CouponNotHere
from quanzi.trade.sales.errors import SpentElsewhere
from quanzi.trade.sales.models import Order

HOLD = """
UPDATE rewards_takencoupon SET order_id = %s, held_at = %s
 WHERE id = %s AND member_id = %s AND order_id IS NULL AND ends_at > %s RETURNING id
"""

AGAIN = """
UPDATE rewards_takencoupon t SET order_id = a.order_id, held_at = %s
  FROM (SELECT DISTINCT order_id, split_part(source, ':', 2)::bigint AS id FROM sales_adjustment
         WHERE order_id = %s AND starts_with(source, 'coupon:')) a
 WHERE t.id = a.id AND t.order_id IS NULL RETURNING t.id
"""

SPENT = "SELECT EXISTS (SELECT FROM sales_adjustment WHERE order_id = %s AND starts_with(source, 'coupon:'))"

BACK = """
UPDATE rewards_takencoupon SET order_id = NULL, held_at = NULL, backs = backs + 1,
       lengthened_at = CASE WHEN ends_at <= %(now)s AND NOT %(was_paid)s THEN coalesce(lengthened_at, %(now)s) ELSE lengthened_at END,
       ends_at = CASE WHEN ends_at <= %(now)s AND (%(was_paid)s OR lengthened_at IS NULL) THEN %(until)s ELSE ends_at END
 WHERE order_id = %(order)s RETURNING id
"""
"""An order that was never paid gives days once, or an order placed and forgotten each week would keep a coupon for ever."""


class CouponSpender:
    """Fills `sales.ports.OrderSpender`: one conditional update for each step, the last lock that an order takes."""

    def is_asked(self, context: Mapping[str, Any]) -> bool:
        return context.get("coupon_id") is not None

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        if order.waits_for:
            raise CouponNotHere()
        if not planned.rows(HOLD, [order.pk, now, int(context["coupon_id"]), order.member_id, now]):
            raise CouponNotFree()
        crash.point("rewards.hold.held")

    def on_revived(self, *, order: Order, now: datetime) -> None:
        if not planned.rows(AGAIN, [now, order.pk]) and planned.value(SPENT, [order.pk]):
            raise SpentElsewhere()

    def on_undone(self, *, order: Order, now: datetime) -> None:
        give_back(order=order, now=now)


@transaction.atomic
def give_back(*, order: Order, now: datetime) -> None:
    """The coupon of an order that is undone is free again, once; an order without one changes nothing."""
    planned.rows(
        BACK, {"now": now, "was_paid": order.paid_at is not None, "until": now + rules.GRACE, "order": order.pk}
    )
    crash.point("rewards.back.free")


SPENDER = CouponSpender()
