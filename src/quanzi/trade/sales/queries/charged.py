"""What was really charged: the only source of a struck price."""

from __future__ import annotations

from datetime import datetime

from quanzi.base import planned
from quanzi.kernel.money import Money

LOWEST = "SELECT sales_lowest_charged(%s, %s)"


def lowest_charged(*, sku_id: int, before: datetime, currency: str = "CNY") -> Money | None:
    """The lowest price of one unit that somebody paid in the seven days before, what went back taken off; without any, the
    last one before that; None when these goods were never sold."""
    found = planned.value(LOWEST, [sku_id, before])
    return None if found is None else Money(found, currency)


def struck(*, sku_id: int, price: Money, since: datetime) -> Money | None:
    """What may stand struck through beside a price that holds since then: what was charged before, where it was more."""
    was = lowest_charged(sku_id=sku_id, before=since, currency=price.currency)
    return was if was is not None and was > price else None
