"""Pure rules of stores and pay links: how much, how often, how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

COUNTER = "counter"
PAY_LINK = "paylink"
"""First words of `waits_for`: of an order from a store's shelf, and of one through a link."""

LARGEST_MINOR = 5_000_000
"""No link asks for more: 50,000 yuan are not paid by scanning a code at a counter."""

MOST_USES = 999
LEAST_LIFE, LONGEST_LIFE = timedelta(hours=1), timedelta(days=90)
ASKED_LIFE = timedelta(minutes=30)
"""How long an amount that somebody typed at the counter waits, for the store and then for the money."""

PAY_WITHIN = timedelta(minutes=15)
LONGEST = {"about": 300, "phone": 20, "title": 60, "text": 300, "what": 60, "spot": 20}


def is_amount(amount_minor: object) -> bool:
    """A price that a link may ask, in minor units."""
    return type(amount_minor) is int and 1 <= amount_minor <= LARGEST_MINOR


def may_use(*, state: str, expires_at: datetime, now: datetime) -> bool:
    """Orders come through an open link in [made, expires)."""
    return state == "open" and now < expires_at


def pay_by(*, expires_at: datetime, now: datetime) -> datetime:
    """An order through a link is held for a quarter of an hour, never past the end of the link."""
    return min(expires_at, now + PAY_WITHIN)


def left(*, counted: int, sold: int, free: int) -> int:
    """What a buyer may still take: no more than stands there, and no more than the whole house has free."""
    return max(0, min(counted - sold, free))


def link_context(*, link_id: int, sku_id: int) -> dict[str, Any]:
    """What a quote for a link is told: its goods may be sold apart."""
    return {"paylink_id": link_id, "apart": sku_id}
