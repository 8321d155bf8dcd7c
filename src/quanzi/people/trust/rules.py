"""How strong a tie is. Pure: the database computes the same (migration 0002), and a test holds the two together.

One fact weighs between 0 and 1, by its kind and its age:

    weight = base * (stays + (1 - stays) * 2 ** (-age / half_life))

`stays` is the share that never fades: what people declared stays whole, what they once did fades. Facts about a
pair add up like independent reasons, so more facts never weaken a tie and it never passes 1:

    strength = 1 - (1 - weight_1) * (1 - weight_2) * ...

A path multiplies the strengths of its ties, halved for each step after the first, and ends after three steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, prod

from quanzi.people.trust.models import TieKind

MAX_STEPS = 3
STEP_FACTOR = 0.5
BARS = 5


@dataclass(frozen=True)
class Weight:
    """base: weight of a fresh fact; stays: the share of it that never fades; half_life: of the rest."""

    base: float
    stays: float = 1.0
    half_life: timedelta = timedelta(days=365)


WEIGHTS: dict[str, Weight] = {
    TieKind.FAMILY: Weight(0.80),
    TieKind.FRIEND: Weight(0.60),
    TieKind.INVITED: Weight(0.35, stays=0.5),
    TieKind.BOUGHT_TOGETHER: Weight(0.20, stays=0.25),
    TieKind.FOLLOW: Weight(0.15),
}

MUTUAL = frozenset({TieKind.FAMILY, TieKind.FRIEND, TieKind.INVITED, TieKind.BOUGHT_TOGETHER})
"""Kinds that hold in both directions, as two rows; only following is one-sided."""

DECLARED = frozenset({TieKind.FAMILY, TieKind.FRIEND})
"""Kinds to which both people agreed."""


def weight(kind: str, age: timedelta) -> float:
    """The weight of one fact; 0 before it happened."""
    if age < timedelta(0):
        return 0.0
    rule = WEIGHTS[kind]
    fading: float = 2.0 ** (-age.total_seconds() / rule.half_life.total_seconds())
    return rule.base * (rule.stays + (1 - rule.stays) * fading)


def strength(facts: Iterable[tuple[str, timedelta]]) -> float:
    """The strength of a pair from its live facts, each a kind and an age; 0 without any."""
    return 1.0 - prod(1.0 - weight(kind, age) for kind, age in facts)


def path_strength(ties: Sequence[float]) -> float:
    """The strength of a path from the strengths of its ties; 0 for none, and beyond three steps."""
    if not ties or len(ties) > MAX_STEPS:
        return 0.0
    return float(prod(ties)) * STEP_FACTOR ** (len(ties) - 1)


def bars(value: float) -> int:
    """How many of five bars to fill; one at least for any tie."""
    return min(BARS, max(1, ceil(round(value * BARS, 6)))) if value > 0 else 0


def word_of(value: float) -> str:
    """ "strong", "medium" or "weak" (English sources), for the bars."""
    filled = bars(value)
    return "strong" if filled >= 4 else "medium" if filled == 3 else "weak"
