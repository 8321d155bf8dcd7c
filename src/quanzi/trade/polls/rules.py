"""Numbers and words of asking friends. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

HOLDS = timedelta(hours=24)
"""So long price and goods are held, and so long friends may answer."""

MOST_GOODS = 4
MOST_PEOPLE = 12
MOST_OPEN = 2
"""Questions of one member that are open at the same time; with MOST_GOODS the units that one member can hold."""

REST = timedelta(days=7)
"""So long after asking about goods the same member does not hold the same goods by another question."""

BUDGET, BUDGET_DAYS = 3, timedelta(days=1)
"""Questions by which one person is asked within a day, by whomever: their attention is theirs."""

LONGEST = 200
LONGEST_TITLE = 60

KEEPS_WORDS = timedelta(days=30)
"""After a question ended, so long its words are kept."""


def may_buy(*, asked_at: datetime, closes_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Whether price and goods are held now."""
    return ended_at is None and asked_at <= now < closes_at


def as_experience(words: str) -> tuple[str, str]:
    """Title and body of an experience in the words of an answer: what fits is the title; more stands in the body whole."""
    return (words, "") if len(words) <= LONGEST_TITLE else (words[: LONGEST_TITLE - 1] + "…", words)


def ref_of(good_id: int) -> str:
    """Under which name the unit is held in stock; its price stands under the same name in the order."""
    return f"poll:{good_id}"
