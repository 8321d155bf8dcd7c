"""Freight by area, weight and count. Pure arithmetic over areas; codes are those of GB/T 2260."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WEIGHT, COUNT = "weight", "count"


@dataclass(frozen=True, slots=True)
class Area:
    """What sending costs within some regions (none named: everywhere else).

    by: "weight" (grams) or "count" (units). Up to `first` it costs first_minor, each further `step` begun costs step_minor.
    free_from_minor: goods of the template paid from which it is nothing; None: never. is_served: False: not sent there.
    """

    regions: tuple[str, ...] = ()
    by: str = WEIGHT
    first: int = 1_000
    first_minor: int = 0
    step: int = 1_000
    step_minor: int = 0
    free_from_minor: int | None = None
    is_served: bool = True


def area_of(values: Mapping[str, Any]) -> Area:
    """An area as it stands in the database."""
    return Area(**{**values, "regions": tuple(values.get("regions", ()))})


def stem(code: str) -> str:
    """What all places within a region begin with: 330000 → 33, 330100 → 3301."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def area_for(areas: Sequence[Area], region_code: str) -> Area | None:
    """The area with the narrowest region around the place; else the one for everywhere else; None when there is neither.

    Without a place (nobody chose an address yet) it is the one for everywhere else, or the first that is served.
    """
    found: tuple[int, Area] | None = None
    for area in areas:
        for code in area.regions:
            begins = stem(code)
            if region_code.startswith(begins) and (found is None or len(begins) > found[0]):
                found = (len(begins), area)
    if found is not None:
        return found[1]
    elsewhere = next((area for area in areas if not area.regions), None)
    if not region_code and (elsewhere is None or not elsewhere.is_served):
        return next((area for area in areas if area.is_served), None)
    return elsewhere


def charge_minor(area: Area, *, weight_g: int, units: int, goods_minor: int) -> int:
    """What sending these goods costs; a step that has begun is paid whole."""
    if area.free_from_minor is not None and goods_minor >= area.free_from_minor:
        return 0
    over = (weight_g if area.by == WEIGHT else units) - area.first
    steps = -(-over // area.step) if over > 0 else 0
    return area.first_minor + steps * area.step_minor
