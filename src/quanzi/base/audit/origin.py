"""From where a change comes: filled by whoever meets the caller, read by every audit row of that request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """ip: the caller's address; session: which login or token ("session:12", "token:7"); request_id: ties rows of one request."""

    ip: str = ""
    session: str = ""
    request_id: str = ""


NOWHERE = Origin()
_here: ContextVar[Origin] = ContextVar("audit_origin", default=NOWHERE)


def here() -> Origin:
    """Where the running request comes from; nothing for jobs and commands."""
    return _here.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Rows written inside come from there."""
    token = _here.set(origin)
    try:
        yield
    finally:
        _here.reset(token)


def note_session(session: str) -> None:
    """The caller is known better now: which login, which token."""
    before = _here.get()
    _here.set(Origin(before.ip, session[:40], before.request_id))


_written: ContextVar[int] = ContextVar("audit_written", default=0)


def written() -> int:
    """How many audit rows this request (or job) has written so far; a face sees by it whether an act left one."""
    return _written.get()


def count_one() -> None:
    """Called for each row."""
    _written.set(_written.get() + 1)
