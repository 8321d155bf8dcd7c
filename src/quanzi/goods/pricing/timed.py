"""Prices that hold for a time: another room sets them, every cart and checkout knows them while they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from quanzi.goods.pricing.models import TimedPrice
from quanzi.goods.pricing.ports import Context, Draft

ORDER = 150
"""Behind what is bought under an arrangement, before tiers and coupons."""

PLAIN = frozenset({"method", "address_id", "circle_id", "poll_good_id"})
"""What a context may say without asking for an arrangement, which has a price of its own."""


class TimedRule:
    """Lowers goods to the least price that holds for everybody now; what is bought under an arrangement keeps the price of that."""

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        if not PLAIN.issuperset(context):
            return
        for line in draft.lines:
            holding = [one for one in line.timed if one.starts_at <= now < one.ends_at]
            if holding:
                best = min(holding, key=lambda one: (one.price_minor, one.source))
                line.lower_unit_to(
                    best.price_minor, kind=best.source.partition(":")[0], label_zh=best.label_zh, label_en=best.label_en,
                    source=best.source,
                )  # fmt: skip


TIMED = TimedRule()


def set_timed(
    *,
    prices: Iterable[tuple[int, int]],
    starts_at: datetime,
    ends_at: datetime,
    source: str,
    label_zh: str,
    label_en: str,
) -> None:
    """prices: (sku_id, price of one unit). A second call with the same source changes nothing."""
    TimedPrice.objects.bulk_create(
        [
            TimedPrice(
                sku_id=sku_id, price_minor=price_minor, starts_at=starts_at, ends_at=ends_at, source=source,
                label_zh=label_zh[:80], label_en=label_en[:80],
            )
            for sku_id, price_minor in prices
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def drop_timed(*, source: str) -> None:
    """The prices of that source will not hold."""
    TimedPrice.objects.filter(source=source).delete()
