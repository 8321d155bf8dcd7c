"""The limits that exist, with what holds until somebody sets another amount, in fen."""

from __future__ import annotations

from datetime import timedelta

REFUND_ORDER = "refund.order"
REFUND_DAY = "refund.day"

PAYOUT = "payout"
COMPENSATION_ORDER = "compensation.order"
COMPENSATION_DAY = "compensation.day"
COUPON_DAY = "coupon.day"

USUAL_MINOR = {
    REFUND_ORDER: 50_000,
    REFUND_DAY: 200_000,
    PAYOUT: 200_000,
    COMPENSATION_ORDER: 10_000,
    COMPENSATION_DAY: 50_000,
    COUPON_DAY: 50_000,
}
"""All refunds of one order by the staff; all refunds of one person of the staff on one day; one payout of commission; beyond
what was paid, for one order and by one person on one day; the worth of coupons that one person gives on one day."""

LASTS = timedelta(days=3)
LONGEST_REASON = LONGEST_ANSWER = 200


def needs_second(*, before_minor: int, amount_minor: int, limit_minor: int) -> bool:
    """Whether an amount, together with what was given before, is above the limit. Small parts count together."""
    return before_minor + amount_minor > limit_minor
