"""The price of goods in a round, with its reason."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.stations.rules import KIND

ORDER = 110
"""Behind the price of a team, before tiers and coupons."""

PRICES = """
SELECT g.sku_id, g.price_minor FROM stations_roundgood g WHERE g.round_id = %s AND g.sku_id = ANY (%s::bigint[])
"""


class RoundPrice:
    """Lowers the goods of the round that the context names ("round_id").

    A quote shows it to anybody; an order gets it only with a place in the round, which a trigger demands when it commits.
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        round_id = context.get("round_id")
        if round_id is None:
            return
        prices = dict(planned.rows(PRICES, [int(round_id), [line.sku_id for line in draft.lines]]))
        for line in draft.lines:
            if line.sku_id in prices:
                line.lower_unit_to(
                    prices[line.sku_id],
                    kind=KIND,
                    label_zh="一车送到站点，省分送",
                    label_en="One delivery to the station",
                    source=f"{KIND}:{round_id}",
                )


ROUND_PRICE = RoundPrice()
