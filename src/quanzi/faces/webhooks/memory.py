"""Which kinds somebody wants to hear, remembered for a moment by each process.

It is asked whenever an event is stored, so it must cost nothing while nobody listens: what is not wanted is neither awaited nor
told. A new endpoint therefore hears what happens from `GOOD_FOR_S` later on.
"""

from __future__ import annotations

import time

from django.db import connection
from psycopg import Cursor

GOOD_FOR_S = 5.0

_wanted: frozenset[str] = frozenset()
_good_until = 0.0


def is_wanted(kind: str) -> bool:
    """Whether any endpoint chose this kind."""
    global _wanted, _good_until
    if time.monotonic() >= _good_until:
        _wanted, _good_until = _read(), time.monotonic() + GOOD_FOR_S
    return kind in _wanted


def forget() -> None:
    """Look again the next time: an endpoint was made, changed or removed here."""
    global _good_until
    _good_until = 0.0


def _read() -> frozenset[str]:
    """Not counted with the statements of whichever request it falls into."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute("SELECT DISTINCT jsonb_array_elements_text(kinds) FROM webhooks_endpoint")
        return frozenset(row[0] for row in cursor.fetchall())
