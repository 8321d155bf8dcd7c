"""Import taxes of goods from abroad, where the merchant collects them: a part of the price, named beside it.

The price that is shown is the price that is paid, so the tax stands in it; a refund of a line gives it back with the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quanzi.goods.pricing.queries import Ware
from quanzi.goods.pricing.quotes import PricedLine, Step


def duty_minor(*, paid_minor: int, duty_bp: int) -> int:
    """What of a price is import tax; duty_bp: the rate on the goods without it, in basis points. Rounds down."""
    return paid_minor * duty_bp // (10_000 + duty_bp)


def included(lines: Sequence[PricedLine], found: Mapping[int, Ware]) -> tuple[Step, ...]:
    """One step for each country and rate of the lines; nothing for goods from here."""
    sums: dict[tuple[str, int], int] = {}
    for line in lines:
        ware = found[line.sku_id]
        if ware.duty_bp:
            kind = (ware.country, ware.duty_bp)
            sums[kind] = sums.get(kind, 0) + duty_minor(paid_minor=line.total_minor, duty_bp=ware.duty_bp)
    return tuple(
        Step(
            "duty", f"其中进口税（{country}，{rate / 100:g}%）", f"of it import tax ({country}, {rate / 100:g} %)", minor, "duty"
        )
        for (country, rate), minor in sums.items()
        if minor
    )  # fmt: skip
