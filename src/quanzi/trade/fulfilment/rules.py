"""Choosing lots, free of the database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CODE_LENGTH = 6
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class LotFacts:
    """left: units of the lot that movements say are on the shelf, less what left in parcels whose line is not complete yet.

    at_supplier: they lie at a supplier's and go from there. is_counted: goods came in under it; of another nobody knows how many there are.
    """

    id: int
    sku_id: int
    expires_at: datetime | None
    recalled_at: datetime | None
    left: int
    at_supplier: bool = False
    paused_at: datetime | None = None
    is_counted: bool = True


def is_fit(lot: LotFacts, now: datetime) -> bool:
    """May be handed over: neither recalled nor paused, and not past its expiry."""
    return lot.recalled_at is None and lot.paused_at is None and (lot.expires_at is None or lot.expires_at > now)


def choose_lot(lots: Sequence[LotFacts], *, quantity: int, now: datetime) -> LotFacts | None:
    """The fit lot that expires first; one with enough left before others, and one in the house before one at a supplier's. None: no lot is fit."""
    fit = [lot for lot in lots if is_fit(lot, now)]
    return min(fit, key=lambda lot: (lot.left < quantity, lot.at_supplier, lot.expires_at or FAR, lot.id), default=None)


def spread(
    lots: Sequence[LotFacts], *, quantity: int, loose: int, now: datetime
) -> list[tuple[int | None, int]] | None:
    """Lots and units for one line: one lot that has enough, else several, what expires first before the rest, in the house
    before at a supplier's; then a lot that is not counted, then `loose` units that came in under no lot (None).

    None: no lot is fit, or all of it together is not enough.
    """
    best = choose_lot(lots, quantity=quantity, now=now)
    if best is None:
        return None
    if best.left >= quantity:
        return [(best.id, quantity)]
    parts: list[tuple[int | None, int]] = []
    rest = quantity
    fit = [lot for lot in lots if is_fit(lot, now)]
    for lot in sorted(fit, key=lambda lot: (lot.at_supplier, lot.expires_at or FAR, lot.id)):
        units = min(max(lot.left, 0), rest) if lot.is_counted else 0
        if units:
            parts.append((lot.id, units))
            rest -= units
    if rest:
        uncounted = choose_lot([lot for lot in fit if not lot.is_counted], quantity=rest, now=now)
        if uncounted is None and loose < rest:
            return None
        parts.append((uncounted.id if uncounted else None, rest))
    return parts


@dataclass(frozen=True)
class Place:
    """Where a driver stops. key: whose it is; area: the district's code and name, empty when only the address may tell; due_at: None for a door."""

    key: str
    area: str
    area_name: str
    address: str
    due_at: datetime | None = None


def in_order(places: Sequence[Place]) -> list[str]:
    """Keys in the order of the way: an area with something due soonest first, then by area; in it what is due first, then street and house.

    A place without an area belongs to the one whose name its address holds; where none fits it is an area of its own.
    """
    named = {one.area: one.area_name for one in places if one.area and one.area_name}
    areas = {one.key: one.area or _area_in(one.address, named) or f"~{one.address}" for one in places}
    soonest: dict[str, datetime] = {}
    for one in places:
        area = areas[one.key]
        soonest[area] = min(soonest.get(area, FAR), one.due_at or FAR)
    return [
        one.key
        for one in sorted(
            places, key=lambda one: (soonest[areas[one.key]], areas[one.key], one.due_at or FAR, _street(one.address))
        )
    ]


def _area_in(address: str, named: Mapping[str, str]) -> str:
    """The area whose last word ("浙江省 杭州市 西湖区") stands in the address."""
    return next((code for code, name in sorted(named.items()) if name.split()[-1] in address), "")


def _street(detail: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.split(r"(\d+)", detail)
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts if part)


WINDOW = timedelta(hours=2)
HALF_HOUR = timedelta(minutes=30)


def windows(*, starts_at: datetime, ends_at: datetime, stops: int) -> list[tuple[datetime, datetime]]:
    """What each buyer is told: two hours on the half hour around the expected moment, inside the run; `[from, to)`.

    The stops share the run's time evenly. A run of less than two hours is its own window.
    """
    step = (ends_at - starts_at) / max(stops, 1)
    found = []
    for n in range(stops):
        expected = starts_at + step * n + step / 2
        first = starts_at + ((expected - WINDOW / 2 - starts_at) // HALF_HOUR) * HALF_HOUR
        first = max(first, starts_at)
        last = min(first + WINDOW, ends_at)
        found.append((max(last - WINDOW, starts_at), last))
    return found
