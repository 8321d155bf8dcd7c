"""Finished pieces of pages, kept by this process under the versions of the rows they show (docs/adr/0020).

A key holds everything that a piece depends on, so nothing is ever taken back: a change makes another key, and pieces that
nobody asks for fall out at the end. Pages of one kind are alike, so each is kept squeezed against one of its kind, in a tenth of its
room; those that were asked for last stand ready besides.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

ROOM_BYTES: Final = int(os.environ.get("QUANZI_PIECES_MB", "") or 64) * 1024 * 1024
"""Of each web process; a page takes 3 to 6 kB squeezed, 30 to 60 kB ready."""

READY: Final = 8
"""One part in so many of the room is for pieces that stand ready."""

OLDEST_S: Final = 3600.0
"""Versions are transaction ids, which come round again after four thousand million; an hour is far from that."""

SPAN, AROUND = 12 * 1024, 9 * 1024
"""A squeezed text can point 32 kB back, into the other page too; so pages are squeezed span by span, each against what stands around there."""

Parts = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Squeezed:
    """Parts of a page in spans, with the page of its kind that is needed to read them."""

    spans: tuple[bytes, ...]
    like: bytes

    @classmethod
    def of(cls, parts: Parts, like: bytes) -> Squeezed:
        lengths = array("I", [len(parts), *map(len, parts)]).tobytes()
        text, spans = lengths + b"".join(parts), []
        for start in range(0, len(text), SPAN):
            maker = zlib.compressobj(6, wbits=-15, zdict=_near(like, start))
            spans.append(maker.compress(text[start : start + SPAN]) + maker.flush())
        return cls(tuple(spans), like)

    def parts(self) -> Parts:
        read = []
        for number, span in enumerate(self.spans):
            reader = zlib.decompressobj(-15, zdict=_near(self.like, number * SPAN))
            read.append(reader.decompress(span) + reader.flush())
        text = b"".join(read)
        size = array("I").itemsize
        count = array("I", text[:size])[0]
        ends = [(count + 1) * size]
        for length in array("I", text[size : ends[0]]):
            ends.append(ends[-1] + length)
        return tuple(text[start:end] for start, end in pairwise(ends))


def _near(like: bytes, start: int) -> bytes:
    """What of a page of the same kind stands around this place of it, near enough to be pointed at."""
    first = max(0, min(start - AROUND, len(like) - SPAN - AROUND))
    return like[first : start + SPAN + AROUND]


class Shelf[T]:
    """What was asked for last, up to so many bytes."""

    def __init__(self, room: int) -> None:
        self._room, self._size = room, 0
        self._kept: OrderedDict[Hashable, tuple[float, int, T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> tuple[float, T] | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0], found[2]

    def put(self, key: Hashable, made_at: float, size: int, piece: T) -> None:
        self._drop(key)
        self._kept[key] = (made_at, size, piece)
        self._size += size
        while self._size > self._room and self._kept:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._size -= found[1]


class Remembered:
    """The pieces used last, up to `room` bytes. Safe for threads; each process has its own."""

    def __init__(self, room: int = ROOM_BYTES, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._room, self._clock = room, clock
        self._lock = threading.Lock()
        self.clear()

    def __len__(self) -> int:
        return len(self._squeezed)

    def clear(self) -> None:
        with self._lock:
            self._ready: Shelf[Parts] = Shelf(self._room // READY)
            self._squeezed: Shelf[Squeezed] = Shelf(self._room - self._room // READY)
            self._likes: dict[Hashable, tuple[float, bytes]] = {}

    def get(self, key: Hashable) -> Parts | None:
        with self._lock:
            ready, squeezed = self._ready.get(key), self._squeezed.get(key)
        found = ready or squeezed
        if found is None or self._clock() - found[0] > OLDEST_S:
            return None
        if ready is not None:
            return ready[1]
        assert squeezed is not None
        parts = squeezed[1].parts()
        with self._lock:
            self._ready.put(key, found[0], _weight(key, *parts), parts)
        return parts

    def put(self, key: Hashable, parts: Parts, *, like: Hashable = "") -> None:
        """like: pieces of which kind are much like this one, a page's template for instance."""
        now = self._clock()
        squeezed = Squeezed.of(parts, self._like(like, parts, now))
        with self._lock:
            self._squeezed.put(key, now, _weight(key, *squeezed.spans), squeezed)
            self._ready.put(key, now, _weight(key, *parts), parts)

    def _like(self, kind: Hashable, parts: Parts, now: float) -> bytes:
        """The piece of that kind that came first, of the last hour; itself, where it is the first."""
        found = self._likes.get(kind)
        if found is None or now - found[0] > OLDEST_S:
            found = self._likes[kind] = (now, b"".join(parts) or b" ")
        return found[1]


def key_of(look: Hashable, edition: str) -> Hashable:
    """Of an edition, which is long, its digest is enough."""
    return look, hashlib.sha256(edition.encode()).digest()


def _weight(key: Hashable, *texts: bytes) -> int:
    return sum(map(len, texts)) + len(repr(key)) + 500  # the key and the entry, roughly


pieces = Remembered()
"""Of this process."""
