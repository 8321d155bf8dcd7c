"""Geometry of the charts that pages draw as SVG. Pure: numbers in, coordinates out; macros in charts.html draw them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MIN_TICK_COUNT = 2


def shares(values: Sequence[int | float], *, whole: int = 100) -> list[int]:
    """Whole percentages that add up to `whole` (largest remainder); all zero when nothing is there."""
    total = sum(values)
    if total <= 0:
        return [0 for _ in values]
    exact = [value * whole / total for value in values]
    floors = [int(each) for each in exact]
    spare = whole - sum(floors)
    by_rest = sorted(range(len(values)), key=lambda index: (floors[index] - exact[index], index))
    for index in by_rest[:spare]:
        floors[index] += 1
    return floors


def nice_top(largest: float, *, ticks: int = 2) -> int:
    """A round upper end of an axis that starts at zero and has `ticks` equal steps, at least the largest value."""
    step = 1
    bases, power = (1, 2, 5), 1
    while step * ticks < largest:
        for base in bases:
            step = base * power
            if step * ticks >= largest:
                break
        power *= 10
    return step * ticks


@dataclass(frozen=True)
class Bar:
    """One bar: position and size in the chart's units, its label and value, and whether it is final."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: float
    final: bool


def day_bars(
    values: Sequence[float], labels: Sequence[str], *, width: float, height: float, top: float, open_days: int = 0
) -> list[Bar]:
    """Bars from zero, left to right; the last `open_days` are not final and are hatched."""
    if not values:
        return []
    slot = width / len(values)
    gap = min(4.0, slot * 0.25)
    bars = []
    for index, value in enumerate(values):
        tall = round(height * value / top, 2) if top else 0.0
        x, y = round(index * slot + gap / 2, 2), round(height - tall, 2)
        final = index < len(values) - open_days
        bars.append(Bar(x, y, round(slot - gap, 2), tall, labels[index], value, final))
    return bars


@dataclass(frozen=True)
class Spark:
    """A small line: SVG points and the last point."""

    points: str
    x: float
    y: float


def spark(values: Sequence[float], *, width: float = 80, height: float = 20, top: float | None = None) -> Spark | None:
    """A line over its own range, or from zero to `top` when given; None when there are fewer than two values."""
    if len(values) < MIN_TICK_COUNT:
        return None
    low, high = (0.0, top) if top is not None else (float(min(values)), float(max(values)))
    room = (high - low) or 1.0
    pad = 3.0
    places = [
        (
            round(pad + index * (width - 2 * pad) / (len(values) - 1), 1),
            round(height - pad - (value - low) / room * (height - 2 * pad), 1),
        )
        for index, value in enumerate(values)
    ]
    return Spark(" ".join(f"{x},{y}" for x, y in places), *places[-1])


@dataclass(frozen=True)
class Block:
    """One source's share in one column of the flow."""

    source: int
    x: float
    y: float
    height: float
    percent: int


@dataclass(frozen=True)
class Ribbon:
    """The band of one source between two neighbouring columns."""

    source: int
    path: str


@dataclass(frozen=True)
class Flow:
    """A share flow: every column is 100 % of its step, so unlike units may stand side by side."""

    columns: tuple[float, ...]
    blocks: tuple[tuple[Block, ...], ...]
    ribbons: tuple[Ribbon, ...]
    width: float
    height: float
    bar: float


def share_flow(steps: Sequence[Sequence[int]], *, width: float, height: float, bar: float = 12, gap: float = 4) -> Flow:
    """steps[column][source] are non-negative amounts; sources keep their order in all columns."""
    count = len(steps)
    xs = tuple(round(index * (width - bar) / max(1, count - 1), 1) for index in range(count))
    blocks = tuple(_column(step, x=xs[index], height=height, gap=gap) for index, step in enumerate(steps))
    ribbons = []
    for left, right in pairwise(blocks):
        for before, after in zip(left, right, strict=True):
            if before.height or after.height:
                ribbons.append(Ribbon(before.source, _ribbon(before, after, bar=bar)))
    return Flow(xs, blocks, tuple(ribbons), width, height, bar)


def _column(step: Sequence[int], *, x: float, height: float, gap: float) -> tuple[Block, ...]:
    total = sum(step)
    room = height - gap * (len(step) - 1)
    parts = shares(step)
    blocks, y = [], 0.0
    for source, amount in enumerate(step):
        tall = round(room * amount / total, 2) if total else 0.0
        blocks.append(Block(source, x, round(y, 2), tall, parts[source]))
        y += tall + gap
    return tuple(blocks)


def _ribbon(before: Block, after: Block, *, bar: float) -> str:
    x0, x1 = before.x + bar, after.x
    mid = (x0 + x1) / 2
    return (
        f"M{x0:g} {before.y:g}C{mid:g} {before.y:g} {mid:g} {after.y:g} {x1:g} {after.y:g}"
        f"V{after.y + after.height:g}C{mid:g} {after.y + after.height:g} {mid:g} {before.y + before.height:g} "
        f"{x0:g} {before.y + before.height:g}Z"
    )


def spread_labels(ys: Sequence[float], *, room: float, least: float, bottom: float) -> list[float]:
    """Move labels apart so that neighbours are `least` apart and none falls below `bottom`; order is kept."""
    placed: list[float] = []
    for y in ys:
        placed.append(max(y, placed[-1] + least) if placed else max(y, room))
    limit = bottom
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - least
    return [round(y, 1) for y in placed]


def middles(blocks: Sequence[Block], *, least: float, bottom: float) -> list[float]:
    """Heights for the names beside a column: the middle of each block, moved apart where they would touch."""
    wanted = [block.y + block.height / 2 for block in blocks]
    return spread_labels(wanted, room=6, least=least, bottom=bottom - 4)


def bridge(values: Sequence[int], kinds: Sequence[str], *, height: float) -> list[Bar]:
    """Bars of a bridge: a start from zero, steps that hang between the sums before and after, an end from zero."""
    sums: list[tuple[float, float]] = []
    at = 0.0
    for value, kind in zip(values, kinds, strict=True):
        before = at if kind == "step" else 0.0
        at = before + value
        sums.append((before, at))
    top = max((max(pair) for pair in sums), default=0.0) or 1.0
    slot = 100 / max(1, len(values))
    bars = []
    for index, (before, after) in enumerate(sums):
        high, low = max(before, after), max(0.0, min(before, after))
        y, tall = height * (1 - high / top), height * (high - low) / top
        bars.append(
            Bar(
                round(index * slot + slot * 0.14, 2),
                round(y, 2),
                round(slot * 0.72, 2),
                round(tall, 2),
                "",
                values[index],
                True,
            )
        )
    return bars


@dataclass(frozen=True)
class TrustMap:
    """Places of people around the reader: near ones on the inner ring, far ones outside their go-between."""

    near: tuple[tuple[float, float], ...]
    far: tuple[tuple[float, float], ...]


# With five or six people a start at -150 degrees would put one right above or below the reader, on top of a name.
MAP_START = {5: -126, 6: -120}
MAP_TURNS = (0, -14, 14, -28, 28, -42, 42, -56, 56)
NAME_ROOM, DISC_ROOM = 50.0, 56.0


def trust_map(near: int, via: Sequence[int]) -> TrustMap:
    """Positions on a field of 360 by 232 with the reader at its middle; via[i] is the near person of far person i.

    Each far person stands on the outer ring as straight behind their go-between as leaves discs and names apart.
    """
    start = MAP_START.get(near, -150)
    angles = [start + index * 360 / max(1, near) for index in range(near)]
    places = tuple(_on_ring(angle, 98, 74, 112) for angle in angles)
    far: list[tuple[float, float]] = []
    for index in via:
        taken = ((180.0, 112.0), *places, *far)
        spots = [_on_ring(angles[index] + turn, 158, 92, 110) for turn in MAP_TURNS]
        far.append(max(spots, key=lambda spot: min(1.0, _room(spot, taken))))  # the first that has room, else the best
    return TrustMap(places, tuple(far))


def _on_ring(angle: float, wide: float, high: float, middle: float) -> tuple[float, float]:
    return round(180 + wide * math.cos(math.radians(angle)), 1), round(middle + high * math.sin(math.radians(angle)), 1)


def _room(spot: tuple[float, float], taken: Sequence[tuple[float, float]]) -> float:
    """At least 1 when neither disc nor name at this spot touches any of the others."""
    return min(max(abs(spot[0] - x) / NAME_ROOM, abs(spot[1] - y) / DISC_ROOM) for x, y in taken)
