"""The price of a launch, with its reason."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.launches.rules import KIND

ORDER = 120
"""Behind the prices of teams and rounds, before tiers and coupons."""

PRICE = "SELECT sku_id, price_minor FROM launches_launch WHERE id = %s"


class LaunchPrice:
    """Lowers the goods of the launch that the context names ("launch_id").

    A quote shows it to anybody; an order gets it only with a turn, which a trigger demands when it commits.
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        launch_id = context.get("launch_id")
        if launch_id is None:
            return
        prices = dict(planned.rows(PRICE, [int(launch_id)]))
        for line in draft.lines:
            if line.sku_id in prices:
                line.lower_unit_to(
                    prices[line.sku_id], kind=KIND, label_zh="秒杀价", label_en="Launch price",
                    source=f"{KIND}:{launch_id}",
                )  # fmt: skip


LAUNCH_PRICE = LaunchPrice()
