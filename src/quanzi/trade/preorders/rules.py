"""Preorders, free of the database. Counts are units, money minor units."""

from __future__ import annotations

from datetime import datetime, timedelta

KIND = "preorder"
DEPOSIT = "deposit"
"""What payments calls a deposit; its id is the place's."""

DEPOSIT_WITHIN = timedelta(minutes=30)
ASKED_GRACE = timedelta(minutes=5)
"""A payment that was made in the last second may still be on its way to us."""

ANSWER_WITHIN = timedelta(days=5)
MOST_UNITS = 100_000
MOST_EACH = 99
LONGEST_BALANCE_DAYS = 60


def takes_deposits(*, state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Deposits count in [opens_at, closes_at), while nothing is decided."""
    return state == "open" and opens_at <= now < closes_at


def takes_balances(*, balance_from: datetime | None, balance_until: datetime | None, now: datetime) -> bool:
    """Balances count in [balance_from, balance_until)."""
    return balance_from is not None and balance_until is not None and balance_from <= now < balance_until


def deposit_by(*, closes_at: datetime, now: datetime) -> datetime:
    """A place waits half an hour for its deposit, never past the end of the window."""
    return min(closes_at, now + DEPOSIT_WITHIN)


def is_reached(*, taken: int, threshold: int) -> bool:
    """Enough deposits are paid for the batch to be made."""
    return taken >= threshold


def answer_by(*, now: datetime) -> datetime:
    """People have five days to say yes or no to another date."""
    return now + ANSWER_WITHIN


def releasable(waiting: list[tuple[int, int]], *, on_shelf: int) -> list[int]:
    """Orders whose goods are here, first paid first served and nobody overtaken; waiting: (order, units), the oldest first."""
    found = []
    for order_id, units in waiting:
        if units > on_shelf:
            break
        on_shelf -= units
        found.append(order_id)
    return found
