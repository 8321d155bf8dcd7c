"""Geometry of the picture of a circle that falls apart. Pure: sizes and flows in, coordinates out; `split_map` in splitting.html draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SPOTS = {
    2: ((104.0, 104.0), (256.0, 104.0)),
    3: ((96.0, 76.0), (264.0, 76.0), (180.0, 190.0)),
    4: ((96.0, 72.0), (264.0, 72.0), (96.0, 200.0), (264.0, 200.0)),
}
HEIGHTS = {2: 196, 3: 270, 4: 280}
LARGEST, SMALLEST = 54.0, 26.0
MOST_DOTS = 70
GOLDEN = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True)
class Group:
    """A part: its circle, and a dot for each of its people, or for every few of them."""

    x: float
    y: float
    r: float
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Way:
    """What goes on between two parts: a line and how thick it is; percent: of all interactions."""

    one: int
    other: int
    width: float
    percent: int


@dataclass(frozen=True)
class CutMap:
    """each: how many people one dot stands for."""

    height: int
    groups: tuple[Group, ...]
    ways: tuple[Way, ...]
    each: int


def cut_map(sizes: Sequence[int], flows: Sequence[Sequence[int]]) -> CutMap:
    """Parts side by side on a field 360 wide, their area as their size; two to four of them."""
    most = max(sizes, default=0) or 1
    each = math.ceil(most / MOST_DOTS)
    groups = []
    for (x, y), size in zip(SPOTS[len(sizes)], sizes, strict=True):
        r = max(SMALLEST, LARGEST * math.sqrt(size / most))
        dots = math.ceil(size / each)
        spots = [
            (
                round(x + (r - 6) * math.sqrt((k + 0.5) / dots) * math.cos(k * GOLDEN), 1),
                round(y + (r - 6) * math.sqrt((k + 0.5) / dots) * math.sin(k * GOLDEN), 1),
            )
            for k in range(dots)
        ]
        groups.append(Group(x, y, round(r, 1), tuple(spots)))
    total = sum(flows[a][b] for a in range(len(flows)) for b in range(a + 1)) or 1
    ways = [
        Way(a, b, round(max(1.0, 40 * flows[a][b] / total), 1), round(100 * flows[a][b] / total))
        for a in range(len(flows)) for b in range(a) if flows[a][b]
    ]  # fmt: skip
    return CutMap(HEIGHTS[len(sizes)], tuple(groups), tuple(ways), each)
