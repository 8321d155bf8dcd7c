"""What must hold of coupons at every moment; the doctor runs these."""

from __future__ import annotations

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant
from quanzi.kernel import clock
from quanzi.trade.rewards.models import TakenCoupon
from quanzi.trade.rewards.services import give_back
from quanzi.trade.sales.models import OrderState

require_audit("coupon.made", "SELECT 'coupon:' || id AS target FROM rewards_coupon WHERE NOT is_demo")
require_audit("coupon.given", "SELECT 'taken_coupon:' || id AS target FROM rewards_takencoupon WHERE way = 'given'")


def give_back_what_is_free() -> None:
    ended = TakenCoupon.objects.filter(order__state__in=(OrderState.CANCELLED, OrderState.REFUNDED))
    for one in ended.select_related("order").order_by("pk"):
        if one.order is not None:
            give_back(order=one.order, now=clock.now())


@invariant(
    "CP1",
    "A coupon is with one living order of whoever took it, whose price it made, or free",
    fix=give_back_what_is_free,
)
def coupons_are_with_living_orders() -> str:
    return """
        SELECT t.id AS coupon, o.number AS of_order, 'with an order that ended' AS problem
          FROM rewards_takencoupon t JOIN sales_order o ON o.id = t.order_id WHERE o.state IN ('cancelled', 'refunded')
        UNION ALL
        SELECT t.id, o.number, 'with an order of somebody else, or whose price it did not make'
          FROM rewards_takencoupon t JOIN sales_order o ON o.id = t.order_id
         WHERE o.member_id <> t.member_id
            OR NOT EXISTS (SELECT FROM sales_adjustment a WHERE a.order_id = o.id AND a.source = 'coupon:' || t.id)
        UNION ALL
        SELECT split_part(a.source, ':', 2)::bigint, o.number, 'made the price of a living order that does not have it'
          FROM sales_adjustment a JOIN sales_order o ON o.id = a.order_id
         WHERE starts_with(a.source, 'coupon:') AND o.state NOT IN ('cancelled', 'refunded')
           AND EXISTS (SELECT FROM sales_orderline l WHERE l.order_id = o.id AND l.refunded_minor < l.paid_minor)
           AND NOT EXISTS (SELECT FROM rewards_takencoupon t WHERE t.order_id = o.id AND a.source = 'coupon:' || t.id)"""  # fmt: skip


@invariant("CP2", "As many coupons were taken as are counted, never more than there are, in all and for one person")
def coupons_are_counted() -> str:
    return """
        SELECT c.id AS coupon, c.taken AS counted, count(t.id) AS taken FROM rewards_coupon c LEFT JOIN rewards_takencoupon t ON t.coupon_id = c.id
         GROUP BY c.id HAVING c.taken <> count(t.id) OR count(t.id) > c.most OR max(t.nth) > c.each"""
