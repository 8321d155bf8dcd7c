"""The lot, turns and waiting, free of the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

KIND = "launch"
DAY = "day"
DAY_LABEL = ("专场价", "Brand day price")
"""Chinese, English."""
PIECE = "piece"
MOST_PIECES = 500
PIECE_TURN = timedelta(hours=24)
SOLD_OUT, TIME_IS_UP = "sold_out", "time"
PACE_WINDOW = timedelta(minutes=10)
PACE_FROM = 3
"""So many turns make a pace; fewer say nothing honest."""

LONGEST_DAY = timedelta(hours=72)
MOST_REMINDERS = 3
"""Of one calendar day, for one member: what we may ask of their attention."""


def is_open(*, starts_at: datetime, ends_at: datetime, called_off_at: datetime | None, now: datetime) -> bool:
    """A brand day sells in [starts_at, ends_at) unless it was called off."""
    return called_off_at is None and starts_at <= now < ends_at


def seal_of(seed: str) -> str:
    """What is told of a seed before it is told itself: sha256 of its hexadecimal text, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def ticket_of(seed: str, code: str) -> str:
    """What decides a place: sha256 of "seed:code", in hexadecimal. The least goes first. SQL: launches_ticket."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def drawn(seed: str, codes: Iterable[str]) -> list[str]:
    """The codes in the order of the lot. When anybody entered plays no part in it."""
    return sorted(codes, key=lambda code: (ticket_of(seed, code), code))


def takes_entries(*, state: str, entry_opens_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """People may enter in [entry_opens_at, ends_at) while it is not over."""
    return state in ("planned", "selling") and entry_opens_at <= now < ends_at


def turn_ends_at(*, minutes: int, ends_at: datetime, now: datetime) -> datetime:
    """The end of a turn that begins now: its minutes, never past the end of the launch."""
    return min(now + timedelta(minutes=minutes), ends_at)


def wait_minutes(*, before: int, given: Sequence[datetime], now: datetime) -> int | None:
    """Whole minutes until it is one's turn, at the pace of the last ten; None when too little happened to say so.

    before: people ahead who wait; given: when turns that others did not use were given on.
    """
    lately = sum(1 for at in given if now - PACE_WINDOW < at <= now)
    if lately < PACE_FROM:
        return None
    return -(-(before + 1) * int(PACE_WINDOW.total_seconds() // 60) // lately)
