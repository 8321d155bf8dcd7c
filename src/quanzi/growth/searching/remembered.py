"""What visitors found is found again only when the index has changed: most of what is written changes nothing in it.

Whoever changes an entry or a word leaves a number in the same transaction (`models.Change`). Which of these numbers one sees is the state
of the index: they are only ever added, and taken away by the worker, never put back; so the same numbers are the same index.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final

from quanzi.base import planned

if TYPE_CHECKING:
    from quanzi.growth.searching.queries import Found

STATE: Final = "SELECT md5(string_agg(id::text, ' ' ORDER BY id)) FROM searching_change"

MOST: Final = 500
"""Searches kept by a process; one is up to 20 kB."""

_known: dict[tuple[Hashable, object], Found] = {}
_lock = threading.Lock()


def once(key: Hashable, find: Callable[[], Found]) -> Found:
    """What `find` gives in this state of the index. key: all that it depends on besides. It must not be changed afterwards."""
    state = planned.value(STATE)
    found = _known.get((key, state))
    if found is None:
        found = find()
        if planned.value(STATE) == state:  # nothing was changed while it was looked for
            with _lock:
                _known[key, state] = found
                while len(_known) > MOST:
                    del _known[next(iter(_known))]
    return found


def forget() -> None:
    """As a process that has just begun."""
    with _lock:
        _known.clear()
