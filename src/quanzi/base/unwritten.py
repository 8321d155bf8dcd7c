"""What was read is read again only when somebody has written, or a second has passed.

A snapshot names the transactions whose work it sees. While it stays the same nothing in the database can have changed, so what was read
under it is what would be read now. Asking for it costs a tenth of a long statement; where more people read than write, most pages
cost no more than that (docs/adr/0020). The second is for rules that look at the clock: a deal that ends at noon is gone a second later
at most, whoever writes, and two seconds later from a page that is kept too. Each thing has a second of its own: were it the clock's,
everything would be read again at its stroke, and whoever comes then would wait for all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from quanzi.base import planned
from quanzi.kernel import clock

MARK: Final = "SELECT pg_current_snapshot()::text"

HOLDS: Final = timedelta(seconds=1)

MOST: Final = 4_000
"""Things kept of one age."""


class _Age:
    """What was read since the last write, and when; the next write begins another."""

    def __init__(self, snapshot: str) -> None:
        self.snapshot = snapshot
        self.known: dict[Hashable, tuple[Any, datetime]] = {}
        self._swept: datetime | None = None

    def sweep(self, now: datetime) -> None:
        """Let go of what no longer holds: once a second, and all of it where even that leaves too much."""
        if self._swept is None or not _holds(self._swept, now):
            self._swept = now
            self.known = {key: kept for key, kept in list(self.known.items()) if _holds(kept[1], now)}
        if len(self.known) >= MOST:
            self.known = {}


def _holds(read_at: datetime, now: datetime) -> bool:
    return read_at <= now < read_at + HOLDS


_age = _Age("")

_reading: ContextVar[str | None] = ContextVar("the snapshot that is read in", default=None)


def once[T](key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, read now or since the last write by this process. key: all that it depends on but the rows and the clock.

    It must not be changed afterwards: others get the same. In a transaction, where one sees one's own work too, it is read each time,
    unless that is `one_snapshot`, in which nobody writes.
    """
    return marked(key, read)[0]


@contextmanager
def one_snapshot() -> Iterator[str]:
    """As planned.one_snapshot, under its mark: the same as that of `marked` where nobody has written since."""
    with planned.one_snapshot():
        snapshot = str(planned.value(MARK))
        before = _reading.set(snapshot)
        try:
            yield snapshot
        finally:
            _reading.reset(before)


def marked[T](key: Hashable, read: Callable[[], T]) -> tuple[T, str]:
    """The same as `once`, with the snapshot as of which it holds; in a transaction as of none.

    Who has it before they begin a snapshot of the same mark need not read it again there: nobody wrote between.
    """
    global _age
    snapshot = _reading.get()
    if snapshot is None and connection.in_atomic_block:
        return read(), ""
    snapshot = snapshot or str(planned.value(MARK))
    now, age = clock.now(), _age
    if age.snapshot != snapshot:
        _age = age = _Age(snapshot)
    age.sweep(now)
    kept = age.known.get(key)
    if kept is None or not _holds(kept[1], now):
        kept = read(), now  # two may read it at once; should somebody write meanwhile, nobody comes back to this age
        age.known[key] = kept
    found: T = kept[0]
    return found, snapshot


def forget() -> None:
    """As a process that has just begun."""
    global _age
    _age = _Age("")
