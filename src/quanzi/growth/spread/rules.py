"""Pure rules: how likely a word goes over a tie, who came through whom, and what may be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

STEPS = 3
ASSUMED_BP = 1_000
"""Chance, in basis points, that a tie of full strength passes a word on, until the shop has seen enough: one in ten."""

ENOUGH_TIES = 100.0
"""Sum of strengths of ties over which something could have been passed on, below which nothing is learnt from what was."""

ASK_AGAIN = timedelta(days=30)
CALL_AGAIN = timedelta(days=90)
LEAST_DAYS, MOST_DAYS = 7, 180
RESERVES = 2
"""Chosen for each sample, so that there is somebody to ask when somebody says no."""

FEW_ARRIVALS, FEW_SEEDS = 10, 3
"""Below this many, what came is chance more than knowledge."""

LEAST_NEAR = 10
"""Whose circle is smaller is told no number: one could read single ties from it."""


def telling_bp(*, arrivals: int, strengths: float) -> tuple[int, int]:
    """What a tie of full strength passed on in this shop, in basis points, and the arrivals behind it.

    The assumed value and 0 when too little was seen. strengths: over all ties by which a shared link could have been passed on, their sum.
    """
    if strengths < ENOUGH_TIES:
        return ASSUMED_BP, 0
    return max(1, min(10_000, round(10_000 * arrivals / strengths))), arrivals


@dataclass(frozen=True)
class Came:
    """Somebody who came: through whom of those who began, in which step, by whose link. person: a member, or below zero a browser."""

    person: int
    seed: int
    step: int


def followed(seeds: Iterable[int], arrivals: Iterable[tuple[int, int]]) -> list[Came]:
    """Who came through whom. arrivals: (person, whose link), oldest first. The first arrival decides, and nobody is counted twice.

    A chain ends after three steps; whoever began is nobody's guest.
    """
    origin = {one: (one, 0) for one in seeds}
    found = []
    for person, owner in arrivals:
        if person in origin or owner not in origin or origin[owner][1] >= STEPS:
            continue
        seed, step = origin[owner]
        origin[person] = (seed, step + 1)
        found.append(Came(person, seed, step + 1))
    return found


def steps_of(came: Sequence[Came]) -> list[int]:
    """How many came in step 1, 2, 3."""
    return [sum(one.step == step for one in came) for step in range(1, STEPS + 1)]


def verdict(*, sent: int, seen: int, low: float, high: float) -> str:
    """What may be said of forecast and arrivals: "few", "below", "within" or "above"."""
    if sent < FEW_SEEDS or (seen < FEW_ARRIVALS and high >= FEW_ARRIVALS):
        return "few"
    return "below" if seen < low else "above" if seen > high else "within"


def rounded(count: int) -> tuple[int, int]:
    """A number of people as a span that hides a single one: 37 is 30 to 40, 412 is 400 to 450."""
    for step in (10, 50, 100, 500, 1_000, 5_000, 10_000):
        if count < step * 10:
            break
    low = count // step * step
    return low, low + step


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """Where a share lies in 95 of 100 cases (Wilson); 0 to 1 for a whole of nothing."""
    if whole <= 0:
        return 0.0, 1.0
    z, p = 1.96, part / whole
    middle, width = p + z * z / (2 * whole), z * sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    return max(0.0, (middle - width) / (1 + z * z / whole)), min(1.0, (middle + width) / (1 + z * z / whole))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Facts about somebody who might look after a station. Counts are of people, never of acts, so that nobody gets far by one friend."""

    helped: int = 0
    kept_advice: int = 0
    good_voices: int = 0
    circles: tuple[str, ...] = ()
    neighbours: int = 0

    @property
    def weight(self) -> float:
        """The order of suggestions, nothing else: people helped and people who kept their advice count most, what they keep themselves less."""
        return 3 * self.helped + 3 * self.kept_advice + self.good_voices + 2 * len(self.circles)

    def as_json(self) -> Mapping[str, object]:
        return {
            "helped": self.helped, "kept_advice": self.kept_advice, "good_voices": self.good_voices,
            "circles": list(self.circles), "neighbours": self.neighbours,
        }  # fmt: skip


LEAST_WEIGHT = 3.0
"""Somebody of whom less is known is not suggested."""
