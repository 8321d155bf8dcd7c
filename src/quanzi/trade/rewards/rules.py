"""What a coupon takes off, and when. Pure."""

from __future__ import annotations

from datetime import timedelta

SOURCE = "coupon"
"""Begins the source of the step of a price that a coupon made: "coupon:<taken coupon>"."""

GRACE = timedelta(days=7)
"""What a coupon has at least when its time ran out while an order had it."""

CODES_PER_HOUR = 10
LONGEST_REASON = 200


def off_minor(*, kind: str, off_minor: int, off_bp: int, cap_minor: int, goods_minor: int) -> int:
    """What it takes off goods that cost `goods_minor`; always less than they cost. A share is rounded down, to whole minor units."""
    if kind == "amount":
        return off_minor
    return min(goods_minor * off_bp // 10_000, cap_minor)
