"""Prices of launches and of brand days, with their reasons."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.goods.pricing.ports import Context, Draft
from quanzi.trade.launches import rules
from quanzi.trade.launches.errors import DayNotOpen, NotOfDay
from quanzi.trade.launches.rules import DAY, DAY_LABEL, KIND

ORDER = 120
"""Behind the prices of teams and rounds, before tiers and coupons."""

DAY_PRICES = """
SELECT d.starts_at, d.ends_at, d.called_off_at, g.sku_id, g.price_minor
  FROM launches_brandday d JOIN launches_daygood g ON g.day_id = d.id WHERE d.id = %s
"""

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


class DayPrice:
    """Lowers the goods of the brand day that the context names ("day_id"), while it is open. Raises DayNotOpen, NotOfDay.

    Whoever orders without naming it has the same price by `goods.pricing.timed`; this one refuses when the hours are over.
    """

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        day_id = context.get("day_id")
        if day_id is None:
            return
        found = planned.rows(DAY_PRICES, [int(day_id)])
        if not found or not rules.is_open(
            starts_at=found[0][0], ends_at=found[0][1], called_off_at=found[0][2], now=now
        ):
            raise DayNotOpen()
        prices = {sku_id: price_minor for _, _, _, sku_id, price_minor in found}
        for line in draft.lines:
            if line.sku_id not in prices:
                raise NotOfDay()
            line.lower_unit_to(
                prices[line.sku_id], kind=DAY, label_zh=DAY_LABEL[0], label_en=DAY_LABEL[1], source=f"{DAY}:{day_id}"
            )


DAY_PRICE = DayPrice()
