"""What a coupon takes off a price, with its name as the reason."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.kernel.money import Money
from quanzi.trade.rewards import rules
from quanzi.trade.rewards.errors import CouponNotForThis, CouponNotFree

ORDER = 300

TERMS = """
SELECT c.kind, c.off_minor, c.off_bp, c.cap_minor, c.from_minor, c.currency, c.name_zh, c.name_en, c.product_id IS NULL AND c.category_id IS NULL,
       ARRAY(SELECT p.id FROM catalogue_product p WHERE p.id = ANY (%s::bigint[]) AND (p.id = c.product_id OR p.category_id = c.category_id))
  FROM rewards_takencoupon t JOIN rewards_coupon c ON c.id = t.coupon_id
 WHERE t.id = %s AND t.member_id = %s AND t.order_id IS NULL AND t.ends_at > %s
"""


class CouponPrice:
    """Takes off what the coupon grants that the context names ("coupon_id", of one that this member took); shared over the goods it is for.

    Raises CouponNotFree, CouponNotForThis. A quote only reads; an order gets it only when it holds the coupon, which a trigger demands.
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        taken_id = context.get("coupon_id")
        if taken_id is None:
            return
        products = [line.product_id for line in draft.lines]
        found = planned.rows(TERMS, [products, int(taken_id), member_id, now])
        if not found:
            raise CouponNotFree()
        kind, off, bp, cap, least, currency, name_zh, name_en, for_all, its = found[0]
        lines = [line for line in draft.lines if for_all or line.product_id in its]
        goods = sum(line.total_minor for line in lines)
        if goods < least or currency != draft.currency:
            raise CouponNotForThis(least=str(Money(least, currency)))
        draft.take_off(
            rules.off_minor(kind=kind, off_minor=off, off_bp=bp, cap_minor=cap, goods_minor=goods),
            kind=rules.SOURCE, label_zh=f"优惠券：{name_zh}", label_en=f"Coupon: {name_en}",
            source=f"{rules.SOURCE}:{taken_id}", lines=lines,
        )  # fmt: skip


COUPON_PRICE = CouponPrice()
