"""The replay's own clock. The log has no times, so each record gets a moment; rules receive it as `now`.

Record 0 happens on 1 January 2025 at 00:00 UTC, each next one half a minute later; people join one second apart.
A launch has one hour to fill, so a failed one is closed and refunded 120 records later. A whole log of 544,302
records takes 189 days of this clock, all of them in the past.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

BEGINS_AT = datetime(2025, 1, 1, tzinfo=UTC)
BETWEEN_RECORDS = timedelta(seconds=30)
BETWEEN_PEOPLE = timedelta(seconds=1)
WINDOW_MINUTES = 60


def moment(number: int, place: int = 0) -> datetime:
    """When the person at `place` (0 is the opener) takes part in a record."""
    return BEGINS_AT + number * BETWEEN_RECORDS + place * BETWEEN_PEOPLE


def closing(number: int) -> datetime:
    """When the launch of a record has succeeded or run out of time, and with it every earlier one."""
    return moment(number) + timedelta(minutes=WINDOW_MINUTES)
