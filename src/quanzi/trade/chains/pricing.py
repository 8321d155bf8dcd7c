"""The price of goods in a chain, with its reason."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.chains.rules import KIND

ORDER = 120
"""Behind the prices of teams and rounds, before tiers and coupons."""

PRICES = "SELECT sku_id, price_minor FROM chains_chaingood WHERE chain_id = %s AND sku_id = ANY (%s::bigint[])"


class ChainPrice:
    """Lowers the goods of the chain that the context names ("chain_id"); an order gets it only with a place in its list."""

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        chain_id = context.get("chain_id")
        if chain_id is None:
            return
        prices = dict(planned.rows(PRICES, [int(chain_id), [line.sku_id for line in draft.lines]]))
        for line in draft.lines:
            if line.sku_id in prices:
                line.lower_unit_to(
                    prices[line.sku_id],
                    kind=KIND,
                    label_zh="圈子接龙价",
                    label_en="Price of the circle’s list",
                    source=f"{KIND}:{chain_id}",
                )


CHAIN_PRICE = ChainPrice()
