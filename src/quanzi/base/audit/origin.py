"""From where a change comes: filled by whoever meets the caller, read by every audit row of that request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache


@dataclass(frozen=True)
class Origin:
    """ip: the caller's address; session: which login or token ("session:12", "token:7"); request_id: ties rows of one request."""

    ip: str = ""
    session: str = ""
    request_id: str = ""


def _nowhere() -> Origin:
    return Origin()


_here: ContextVar[Callable[[], Origin]] = ContextVar("audit_origin", default=_nowhere)


def here() -> Origin:
    """Where the running request comes from; nothing for jobs and commands."""
    return _here.get()()


@contextmanager
def coming_from(look: Callable[[], Origin]) -> Iterator[None]:
    """Rows written inside come from there. look: asked once, by the first row, since hardly any request writes one."""
    token = _here.set(cache(look))
    try:
        yield
    finally:
        _here.reset(token)


def note_session(session: str) -> None:
    """The caller is known better now: which login, which token."""
    before = _here.get()
    _here.set(lambda: replace(before(), session=session[:40]))


_written: ContextVar[int] = ContextVar("audit_written", default=0)


def written() -> int:
    """How many audit rows this request (or job) has written so far; a face sees by it whether an act left one."""
    return _written.get()


def count_one() -> None:
    """Called for each row."""
    _written.set(_written.get() + 1)
