"""Pure rules of the relation ledger: how credit is shared, and how sure a small number is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import sqrt

from quanzi.kernel.money import split

WHOLE = 10_000
"""One person is this many shares, so that a person can be shared among sources without losing a crumb."""

FEW = 30
"""Below this many people a percentage says more about chance than about the source."""

LEAST_SHOWN = 5
"""Sums about fewer people are not shown to anybody but the operator: one could guess who they were."""

Z95 = 1.959964


class Model(StrEnum):
    """How one person's credit is shared among the sources that touched them before they joined."""

    FIRST = "first"
    LAST = "last"
    EVEN = "even"
    INVITED = "invited"


@dataclass(frozen=True)
class Arrival:
    """One touch: through which source, when, and whether a member's own link brought it."""

    source_id: int
    at: datetime
    personal: bool


def shares(arrivals: Sequence[Arrival], model: Model) -> dict[int, int]:
    """WHOLE shared among the sources of these arrivals (oldest first); empty for none.

    first, last: all to that touch. even: equally to each touch. invited: to the first personal touch, else to the first.
    """
    if not arrivals:
        return {}
    if model == Model.EVEN:
        credit: dict[int, int] = {}
        for arrival, share in zip(arrivals, split(WHOLE, [1] * len(arrivals)), strict=True):
            credit[arrival.source_id] = credit.get(arrival.source_id, 0) + share
        return credit
    if model == Model.LAST:
        return {arrivals[-1].source_id: WHOLE}
    if model == Model.INVITED:
        chosen = next((arrival for arrival in arrivals if arrival.personal), arrivals[0])
        return {chosen.source_id: WHOLE}
    return {arrivals[0].source_id: WHOLE}


def count_interval(count: int) -> tuple[float, float]:
    """95 % interval of a Poisson count, by Byar's approximation (within 1 % of the exact one from a count of 2).

    Source: Breslow and Day, Statistical Methods in Cancer Research II (1987), p. 69.
    """
    low = 0.0
    if count:
        low = count * (1 - 1 / (9 * count) - Z95 / (3 * sqrt(count))) ** 3
    above = count + 1
    high = above * (1 - 1 / (9 * above) + Z95 / (3 * sqrt(above))) ** 3
    return low, high


@dataclass(frozen=True)
class CostInterval:
    """What one lasting relation cost, in minor units: the best guess, and where it lies in 95 of 100 cases.

    high_minor None: so few relations that no upper end can be given.
    """

    minor: int
    low_minor: int
    high_minor: int | None


def cost_per_relation(*, spend_minor: int, relation_shares: int) -> CostInterval | None:
    """Spend divided by relations won; None where nothing was spent or nothing won, for there is no such number."""
    relations = relation_shares / WHOLE
    if spend_minor <= 0 or relations <= 0:
        return None
    low, high = count_interval(round(relations))
    return CostInterval(
        round(spend_minor / relations), round(spend_minor / high), round(spend_minor / low) if low > 0 else None
    )


def percentages(parts: Sequence[int]) -> list[int]:
    """Whole percentages that add up to exactly 100 (largest remainder); all zero for nothing."""
    total = sum(parts)
    if total <= 0:
        return [0] * len(parts)
    floors = [part * 100 // total for part in parts]
    by_rest = sorted(range(len(parts)), key=lambda at: (-(parts[at] * 100 % total), at))
    for at in by_rest[: 100 - sum(floors)]:
        floors[at] += 1
    return floors


def share_interval(count: int, of: int) -> tuple[float, float]:
    """95 % interval of a share, by Wilson's score; (0, 1) of nobody. Source: Wilson, JASA 22 (1927)."""
    if of <= 0:
        return 0.0, 1.0
    share, z2 = count / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    wide = Z95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - wide), min(1.0, middle + wide)
