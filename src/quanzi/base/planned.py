"""Statements that are said all day and planned once for each connection.

PostgreSQL plans what it is asked anew each time unless it was prepared, and for a long statement planning costs many times
its run. Django sends text with the values written in; here the values travel beside it. Write small fixed numbers, LIMIT above all, into
the text: with a parameter there the planner cannot know that a page is short.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from psycopg import ClientCursor, Connection, RawCursor

from quanzi.base import prepared

PARAMETER = re.compile(r"%\((\w+)\)s|%s|%%")


def rows(sql: str, params: Mapping[str, Any] | Sequence[Any] = (), *, anew: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a read. anew: plan it for these very values, where they decide how to look.

    Counted and shown like any other statement where Django counts them (tests, the benchmark).
    """
    wrapper = connections[DEFAULT_DB_ALIAS]  # each look at `connection` goes through a stand-in
    wrapper.ensure_connection()
    raw = wrapper.connection
    started = time.monotonic()
    with wrapper.wrap_database_errors:
        if anew:
            found = ClientCursor(raw).execute(sql, params).fetchall()
        else:
            numbered, order = _numbered(sql)
            values = [params[name] for name in order] if isinstance(params, Mapping) else params
            ask = prepared.rows if settings.QUANZI_PLANS_STATEMENTS else _unprepared
            found = ask(raw, numbered, values)
    wrapper.health_check_done = True  # type: ignore[attr-defined]  # it has just answered; Django need not ask if it lives
    if wrapper.queries_logged:
        said = ClientCursor(raw).mogrify(sql, params)
        wrapper.queries_log.append({"sql": said, "time": f"{time.monotonic() - started:.3f}"})
    return found


def _unprepared(raw: Connection[Any], sql: str, values: Sequence[Any]) -> prepared.Rows:
    return RawCursor(raw).execute(sql, values).fetchall()


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The statement with $1, $2 for its parameters, and their names in that order.

    The driver does this for each execution, and keeps it for short statements only.
    """
    order: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return f"${order.setdefault(found[1] or str(len(order)), len(order) + 1)}"

    numbered = PARAMETER.sub(number, sql)
    return numbered, tuple(order)


@contextmanager
def joined() -> Iterator[None]:
    """The caller's transaction, or where there is none, one of its own; also as a decorator.

    Unlike `atomic` it sets no savepoint: for services of one statement, since what a failed one wrote before stays.
    """
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        yield


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Everything read inside is of one moment. Not inside another transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def value(sql: str, params: Mapping[str, Any] | Sequence[Any] = ()) -> Any:
    """The first column of the first row; None without one."""
    found = rows(sql, params)
    return found[0][0] if found else None


def moment(text: str | None) -> datetime | None:
    """A time out of a column of JSON, where times are text."""
    return datetime.fromisoformat(text) if text else None
