"""The rules of a sign-up chain, without a database. Intervals are half-open: at the closing it is too late to sign up."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.trade.chains.models import ChainState

KIND = "chain"
"""The word in `waits_for` ("chain:12") and in the source of the price."""

PAY_HOURS = (1, 72)
LONGEST = timedelta(days=14)
"""Between opening and closing: goods are held all the time."""
MOST_GOODS = 20
LONGEST_WORDS = 60


def takes_people(*, state: str, closes_at: datetime, now: datetime) -> bool:
    """Whether somebody may sign up, or change what they signed up for."""
    return state == ChainState.OPEN and now < closes_at


def pay_until(*, closes_at: datetime, pay_hours: int) -> datetime:
    """Until when a sign-up waits for its payment."""
    return closes_at + timedelta(hours=pay_hours)
