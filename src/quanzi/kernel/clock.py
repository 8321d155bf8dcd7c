"""The one place that reads the time. Faces and tasks read it once and hand `now` down to the rules."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SITE_ZONE = ZoneInfo("Asia/Shanghai")

Source = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_source: Source = _system


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _source().astimezone(UTC)


def set_source(source: Source | None = None) -> None:
    """Replace where time comes from (a demo, a simulation); None restores the system clock."""
    global _source
    _source = source or _system


class Clock:
    """A source of time that moves only when told to."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> datetime:
        """Go forward (or back) and return the new moment."""
        self.at += by
        return self.at


@contextmanager
def frozen(at: datetime) -> Iterator[Clock]:
    """Stop time at `at` inside the block; the clock handed out can be moved."""
    before, clock = _source, Clock(at)
    set_source(clock)
    try:
        yield clock
    finally:
        set_source(before)


def local(at: datetime) -> datetime:
    """The same moment on the site's wall clock."""
    return at.astimezone(SITE_ZONE)


def midnight(day: date) -> datetime:
    """When a day begins in the site's zone."""
    return datetime.combine(day, time(), SITE_ZONE)


def today(at: datetime) -> date:
    """The site's calendar day of a moment."""
    return local(at).date()


def between(start: datetime, end: datetime) -> str:
    """Two moments on the site's wall clock, as people write them: 11-24 17:00–20:00; the second day is named when it is another."""
    first, last = local(start), local(end)
    return (
        f"{first:%m-%d %H:%M}–{last:%H:%M}"
        if first.date() == last.date()
        else f"{first:%m-%d %H:%M} – {last:%m-%d %H:%M}"
    )
