"""Registering invariants and checking them."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction

Rows = Sequence[Mapping[str, Any]]
"""Violations, each as named values; empty when all is well."""

Check = Callable[[], str | Rows]
Fix = Callable[[], object]

SAMPLE = 5
"""Violations shown as examples."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Invariant:
    id: str
    title: str
    check: Check
    fix: Fix | None = None


@dataclass(frozen=True)
class Result:
    """violations: how many rows broke the invariant (after the repair, when there was one);
    sample: the first of them; fixed: how many the repair took away; error: why it could not be checked."""

    id: str
    title: str
    violations: int
    sample: tuple[dict[str, Any], ...] = ()
    fixed: int = 0
    can_fix: bool = False
    error: str = ""

    @property
    def is_well(self) -> bool:
        return self.violations == 0 and not self.error


_registered: dict[str, Invariant] = {}


def invariant[F: Check](id: str, title: str, *, fix: Fix | None = None) -> Callable[[F], F]:
    """Register a function that returns SQL, or rows, which must be empty.

    id: as documented ("L1", or "S1.lots" for one of several parts); fix: a repair from the facts, safe to repeat.
    """

    def register(check: F) -> F:
        known = _registered.get(id)
        if known is not None and known.check is not check:
            raise ValueError(f"two invariants are called {id}")
        _registered[id] = Invariant(id, title, check, fix)
        return check

    return register


def registered() -> list[Invariant]:
    """Every invariant, by id."""
    return [_registered[key] for key in sorted(_registered, key=_natural)]


def run(*, fix: bool = False, only: Iterable[str] | None = None) -> list[Result]:
    """Check every invariant, or `only` those named; with `fix`, repair what can be repaired and check again."""
    wanted = None if only is None else set(only)
    return [_examine(one, fix) for one in registered() if wanted is None or one.id in wanted]


def rows_of(sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> list[dict[str, Any]]:
    """Run a query and return its rows as named values."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _examine(one: Invariant, fix: bool) -> Result:
    result = _check(one)
    if not fix or one.fix is None or result.is_well or result.error:
        return result
    try:
        with transaction.atomic():
            one.fix()
    except Exception as error:
        log.exception("The repair of %s failed.", one.id)
        return replace(result, error=f"repair failed: {type(error).__name__}")
    after = _check(one)
    return replace(after, fixed=max(result.violations - after.violations, 0))


def _check(one: Invariant) -> Result:
    """One invariant in its own transaction, so that a broken query does not hide the others."""
    try:
        with transaction.atomic():
            answer = one.check()
            rows = rows_of(answer) if isinstance(answer, str) else list(answer)
    except Exception as error:
        log.exception("Invariant %s could not be checked.", one.id)
        return Result(
            one.id,
            one.title,
            0,
            can_fix=one.fix is not None,
            error=f"{type(error).__name__}: {error}",
        )
    sample = tuple(dict(row) for row in rows[:SAMPLE])
    return Result(one.id, one.title, len(rows), sample, can_fix=one.fix is not None)


def _natural(id: str) -> tuple[str, int, str]:
    """Sort L2 before L10."""
    letters = id.rstrip("0123456789.abcdefghijklmnopqrstuvwxyz_-") or id[:1]
    number = "".join(ch for ch in id[len(letters) :].split(".")[0] if ch.isdigit())
    return letters, int(number or 0), id
