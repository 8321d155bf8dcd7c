"""Counts that all processes of a machine share, in a small file mapped into their memory: no statement, no server.

The file is a table of sets of four places. A place holds a mark of the name (keyed, so that no address can be read back), the
period and the count. In a full set whoever was counted least gives way.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACE = struct.Struct("<QII")
WAYS = 4
SET_BYTES = PLACE.size * WAYS
SETS = 8_192
KEY_BYTES = 16


class SharedCounts:
    """path: the file, made when it is missing; its head is the key of the marks, new with each file. None: this process alone."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._map: mmap.mmap | None = None
        self._file = -1

    def add(self, who: str, n: int, *, period: int) -> int:
        """How many there are in this period, after n more. A period is a number below 2**32 that grows."""
        with self._lock:
            table = self._map or self._open()
            mark = hashlib.blake2b(who.encode(), key=table[:KEY_BYTES], digest_size=8).digest()
            at = KEY_BYTES + int.from_bytes(mark, "little") % SETS * SET_BYTES
            with self._alone(at):
                return _count(table, at, int.from_bytes(mark, "little") or 1, n, period)

    def _open(self) -> mmap.mmap:
        if self._path is None:
            self._map = mmap.mmap(-1, KEY_BYTES + SETS * SET_BYTES)
            return self._map
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        with self._alone(0):
            os.ftruncate(self._file, KEY_BYTES + SETS * SET_BYTES)
            self._map = mmap.mmap(self._file, KEY_BYTES + SETS * SET_BYTES)
            if not any(self._map[:KEY_BYTES]):
                self._map[:KEY_BYTES] = secrets.token_bytes(KEY_BYTES)
        return self._map

    @contextmanager
    def _alone(self, at: int) -> Iterator[None]:
        """Other processes wait; threads of this one hold the lock already."""
        if self._file < 0:
            yield
            return
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, at)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, at)


def _count(table: mmap.mmap, at: int, mark: int, n: int, period: int) -> int:
    places = [PLACE.unpack_from(table, at + way * PLACE.size) for way in range(WAYS)]
    live = [calls if then == period else 0 for _, then, calls in places]
    mine = next((way for way in range(WAYS) if places[way][0] == mark), None)
    if mine is None:
        mine, before = min(range(WAYS), key=live.__getitem__), 0
    else:
        before = live[mine]
    if n:
        PLACE.pack_into(table, at + mine * PLACE.size, mark, period, min(before + n, 2**32 - 1))
    return before + n
