"""Words beside a long transaction: how far it is, which others read while it sees and changes nothing until its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connections

Say = Callable[[str, Sequence[int | str | datetime]], None]


@contextmanager
def aside() -> Iterator[Say]:
    """`say(sql, params)` runs a statement over a connection of its own, at once. It waits for rows that the transaction has locked."""
    side = connections.create_connection(DEFAULT_DB_ALIAS)

    def say(sql: str, params: Sequence[int | str | datetime]) -> None:
        with side.cursor() as cursor:
            cursor.execute(sql, params)

    try:
        yield say
    finally:
        side.close()
