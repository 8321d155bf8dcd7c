"""Numbers of the room."""

from __future__ import annotations

from datetime import timedelta

MOST_WISHES = 300
MOST_SEEN = 60
"""What a member looked at longest ago is forgotten beyond this many goods."""

WAVE = timedelta(hours=2)
"""How long those who were told first have the goods for themselves."""


def wave_size(*, free: int) -> int:
    """How many people are told at once: as many as units are free, so that nobody runs for nothing."""
    return max(0, free)
