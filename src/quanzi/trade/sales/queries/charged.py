"""What was really charged: the only source of a struck price."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from quanzi.base import planned
from quanzi.kernel.money import Money

LOWEST = "SELECT sales_lowest_charged(%s, %s)"
LOWEST_OF = "SELECT id, sales_lowest_charged(id, %s) FROM unnest(%s::bigint[]) AS goods (id)"


def lowest_charged(*, sku_id: int, before: datetime, currency: str = "CNY") -> Money | None:
    """The lowest price of one unit that a buyer was asked for and paid in the seven days before; without any, the last one
    before that; None when these goods were never sold.

    A refund leaves what was charged as it was; only a price that was agreed to fall (a ladder's step) is the lower one. What
    was never handed over because it went back was no sale. What came back later stays a price, but raises none: alone,
    without a sale that stands, it counts for nothing."""
    found = planned.value(LOWEST, [sku_id, before])
    return None if found is None else Money(found, currency)


def struck(*, sku_id: int, price: Money, since: datetime) -> Money | None:
    """What may stand struck through beside a price that holds since then: what was charged before, where it was more."""
    return struck_of({sku_id: price}, since=since).get(sku_id)


def struck_of(prices: Mapping[int, Money], *, since: datetime) -> dict[int, Money]:
    """`struck` for several goods whose prices hold since the same moment, in one statement; those without one are left out."""
    found = planned.rows(LOWEST_OF, [since, list(prices)])
    charged = {sku_id: Money(minor, prices[sku_id].currency) for sku_id, minor in found if minor is not None}
    return {sku_id: was for sku_id, was in charged.items() if was > prices[sku_id]}
