"""How strong a tie is. Pure: the database computes the same (migration 0005), and a test holds the two together.

One fact weighs between 0 and 1, by its kind and its age. It is counted by its mass, `-ln(1 - base)`, of which a share never fades:

    mass(age) = -ln(1 - base) * (stays + (1 - stays) * 2 ** (-age / 365 days))
    weight    = 1 - exp(-mass(age))

What people declared stays whole, what they once did fades. Masses add up, which is to say that facts about a pair add up like
independent reasons: more facts never weaken a tie and it never passes 1:

    strength = 1 - (1 - weight_1) * (1 - weight_2) * ... = 1 - exp(-(mass_1 + mass_2 + ...))

All fade at one pace, so two numbers tell the strength of a pair at any moment: the mass that stays, and the mass that fades as of EPOCH.
A path multiplies the strengths of its ties, halved for each step after the first, and ends after three steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, exp, log, prod

from quanzi.people.trust.models import TieKind

MAX_STEPS = 3
STEP_FACTOR = 0.5
BARS = 5
HALF_LIFE = timedelta(days=365)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Weight:
    """base: weight of a fresh fact; stays: the share of its mass that never fades."""

    base: float
    stays: float = 1.0


WEIGHTS: dict[str, Weight] = {
    TieKind.FAMILY: Weight(0.80),
    TieKind.FRIEND: Weight(0.60),
    TieKind.INVITED: Weight(0.35, stays=0.5),
    TieKind.HELPED: Weight(0.30, stays=0.25),
    TieKind.KEPT_ADVICE: Weight(0.25, stays=0.25),
    TieKind.BOUGHT_TOGETHER: Weight(0.20, stays=0.25),
    TieKind.FOLLOW: Weight(0.15),
    TieKind.REPLIED: Weight(0.05, stays=0.0),
}

MUTUAL = frozenset({TieKind.FAMILY, TieKind.FRIEND, TieKind.INVITED, TieKind.BOUGHT_TOGETHER})
"""Kinds that hold in both directions, as two rows; the others tie only the one who did it."""

DECLARED = frozenset({TieKind.FAMILY, TieKind.FRIEND})
"""Kinds to which both people agreed."""


def weight(kind: str, age: timedelta) -> float:
    """The weight of one fact; 0 before it happened."""
    if age < timedelta(0):
        return 0.0
    rule = WEIGHTS[kind]
    fading: float = 2.0 ** (-age.total_seconds() / HALF_LIFE.total_seconds())
    return 1.0 - exp(log(1.0 - rule.base) * (rule.stays + (1 - rule.stays) * fading))


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
