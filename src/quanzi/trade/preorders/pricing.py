"""The full price of goods that were ordered ahead, with its reason."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.preorders.rules import KIND

ORDER = 120
"""Behind teams and rounds, before tiers and coupons."""

PRICES = """
SELECT g.sku_id, g.price_minor FROM preorders_preordergood g WHERE g.preorder_id = %s AND g.sku_id = ANY (%s::bigint[])
"""


class PreorderPrice:
    """Lowers the goods of the preorder that the context names ("preorder_id") to what was agreed with the deposit.

    A quote shows it to anybody; an order gets it only with a place, which a trigger demands when it commits.
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        preorder_id = context.get("preorder_id")
        if preorder_id is None:
            return
        prices = dict(planned.rows(PRICES, [int(preorder_id), [line.sku_id for line in draft.lines]]))
        for line in draft.lines:
            if line.sku_id in prices:
                line.lower_unit_to(
                    prices[line.sku_id],
                    kind=KIND,
                    label_zh="提前下订，按量制作",
                    label_en="Ordered ahead, made to number",
                    source=f"{KIND}:{preorder_id}",
                )


PREORDER_PRICE = PreorderPrice()
