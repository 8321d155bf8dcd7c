"""Where a ranked feed goes on: what is left of the order that its first page was cut from.

The order is made once, of a window of the newest posts, and travels with the reader. So the next page neither repeats nor drops
anything, whatever was written, liked or kept meanwhile; whether its posts may still be seen is asked each time. Pure.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 400
"""Ids in one; more were not written by this shop."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """ids: the posts that come next, in their order; below: then a window of posts with smaller ids, None at the end; seen: of those,
    which were shown already."""

    ids: tuple[int, ...]
    below: int | None
    seen: tuple[int, ...] = ()


def written(go: GoOn) -> str:
    """Short, and safe in an address: differences, for ids of one window are near each other."""
    numbers = [go.below or 0, len(go.ids), *_steps(go.ids, go.below or 0), *_steps(go.seen, go.below or 0)]
    return base64.urlsafe_b64encode(b"".join(map(_bytes, numbers))).decode().rstrip("=")


def read(text: str | None) -> GoOn | None:
    """The same again; None for anything else."""
    if not text or len(text) > 4 * MOST:
        return None
    try:
        numbers = _numbers(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    if len(numbers) < 2 or not 0 <= numbers[1] <= len(numbers) - 2 or len(numbers) > MOST:
        return None
    below, count, *steps = numbers
    ids, seen = _sums(steps[:count], below), _sums(steps[count:], below)
    return GoOn(ids, below or None, seen) if all(0 < one < 2**62 for one in (*ids, *seen, below or 1)) else None


def _steps(ids: Sequence[int], start: int) -> Iterable[int]:
    return (one - before for before, one in zip((start, *ids), ids, strict=False))


def _sums(steps: Sequence[int], start: int) -> tuple[int, ...]:
    found = []
    for step in steps:
        start += step
        found.append(start)
    return tuple(found)


def _bytes(number: int) -> bytes:
    """Seven bits each, the sign first (zigzag)."""
    rest, found = number * 2 if number >= 0 else -number * 2 - 1, bytearray()
    while rest > 127:
        found.append(rest & 127 | 128)
        rest >>= 7
    return bytes((*found, rest))


def _numbers(data: bytes) -> list[int]:
    """Raises ValueError when the last number has no end, or one is too long."""
    found, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 127) << shift
        shift += 7
        if shift > 70:
            raise ValueError("too long")
        if byte < 128:
            found.append(number // 2 if number % 2 == 0 else -(number + 1) // 2)
            number = shift = 0
    if shift:
        raise ValueError("no end")
    return found
