"""What was read is read again only when somebody has written, or a second has passed.

A snapshot names the transactions whose work it sees. While it stays the same nothing in the database can have changed, so what was read
under it is what would be read now. Asking for it costs a tenth of a long statement; where more people read than write, most pages
cost no more than that (docs/adr/0020). The second is for rules that look at the clock: a deal that ends at noon is gone a second later
at most, whoever writes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, Final

from django.db import connection

from quanzi.base import planned
from quanzi.kernel import clock

MARK: Final = "SELECT pg_current_snapshot()::text"

MOST: Final = 4_000
"""Things kept of one age."""


class _Age:
    """What was read since the last write; the next write begins another."""

    def __init__(self, mark: tuple[str, datetime] | None) -> None:
        self.mark = mark
        self.known: dict[Hashable, Any] = {}


_age = _Age(None)


def once[T](key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, read now or since the last write by this process. key: all that it depends on but the rows and the clock.

    It must not be changed afterwards: others get the same. In a transaction, where one sees one's own work too, it is read each time.
    """
    global _age
    if connection.in_atomic_block:
        return read()
    mark = (planned.value(MARK), clock.now().replace(microsecond=0))
    age = _age
    if age.mark != mark or len(age.known) >= MOST:
        _age = age = _Age(mark)
    if key not in age.known:  # two may read it at once; should somebody write meanwhile, nobody comes back to this age
        age.known[key] = read()
    found: T = age.known[key]
    return found


def forget() -> None:
    """As a process that has just begun."""
    global _age
    _age = _Age(None)
