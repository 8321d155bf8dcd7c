"""Finished pieces of pages, kept by this process under the versions of the rows they show (docs/adr/0020).

A key holds everything that a piece depends on, so nothing is ever taken back: a change makes another key, and pieces that
nobody asks for fall out at the end.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

ROOM_BYTES: Final = int(os.environ.get("QUANZI_PIECES_MB", "") or 64) * 1024 * 1024
"""Of each web process; a page takes 30 to 60 kB."""

OLDEST_S: Final = 3600.0
"""Versions are transaction ids, which come round again after four thousand million; an hour is far from that."""


class Remembered:
    """The pieces used last, up to `room` bytes. Safe for threads; each process has its own."""

    def __init__(self, room: int = ROOM_BYTES, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._room, self._clock = room, clock
        self._kept: OrderedDict[Hashable, tuple[float, int, tuple[bytes, ...]]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> tuple[bytes, ...] | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None or self._clock() - found[0] > OLDEST_S:
                return None
            self._kept.move_to_end(key)
            return found[2]

    def put(self, key: Hashable, parts: tuple[bytes, ...]) -> None:
        with self._lock:
            self._drop(key)
            size = _size(key, parts)
            self._kept[key] = (self._clock(), size, parts)
            self._size += size
            while self._size > self._room and self._kept:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _drop(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._size -= found[1]


def _size(key: Hashable, parts: tuple[bytes, ...]) -> int:
    return sum(map(len, parts)) + 4 * len(repr(key)) + 500  # a character takes up to four bytes; the entry, roughly


pieces = Remembered()
"""Of this process."""
