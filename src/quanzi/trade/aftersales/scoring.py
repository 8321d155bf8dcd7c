"""A score made of facts, each with its interval, and the formula in one place; without a database.

Each fact is a rate of something bad. It is worth 100 points at none of it and 0 at `worst_bp` and above, in between in
proportion. The score is the mean of the facts that are told, by weight. Below ten cases a fact is not told and counts for
nothing. The interval takes every fact at the end of its own interval, so it is never too narrow; where it is wider than 75 points
there is no score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quanzi.trade.aftersales.rules import Rate, rate


@dataclass(frozen=True)
class Measure:
    """weight: of the fact in the mean; worst_bp: the rate that is worth nothing, in basis points."""

    name: str
    weight: int
    worst_bp: int


COMPLAINTS = Measure("complaints", 4, 1_000)
RECALLS = Measure("recalls", 3, 1_000)
LATE = Measure("late", 2, 3_000)
SHORT = Measure("short", 2, 3_000)
RETURNS = Measure("returns", 1, 2_000)
UNCOUNTED = Measure("uncounted", 2, 3_000)
MISSED = Measure("missed", 1, 3_000)


@dataclass(frozen=True)
class Fact:
    measure: Measure
    rate: Rate

    @property
    def is_told(self) -> bool:
        return self.rate.is_told

    @property
    def points(self) -> int:
        return round(_points(self.rate.count / self.rate.of * 10_000 if self.rate.of else 0, self.measure))


@dataclass(frozen=True)
class Score:
    """Points of 100, with the least and the most that the same facts allow; None when nothing can be told."""

    facts: tuple[Fact, ...]
    points: int | None
    low: int
    high: int


@dataclass(frozen=True)
class Evidence:
    """One case behind a fact. ref: where it leads, such as "order:2611…", "lot:7", "purchase:3"."""

    ref: str
    title: str
    second: str
    at: datetime


def fact(measure: Measure, count: int, of: int) -> Fact:
    return Fact(measure, rate(count, of))


WIDEST = 75
"""Points between the least and the most; where the facts allow more than that, a number would say nothing."""


def score(facts: Sequence[Fact]) -> Score:
    told = [one for one in facts if one.is_told]
    whole = sum(one.measure.weight for one in told)
    if not whole:
        return Score(tuple(facts), None, 0, 100)
    middle = sum(one.measure.weight * _points(one.rate.count / one.rate.of * 10_000, one.measure) for one in told)
    low = sum(one.measure.weight * _points(one.rate.high_bp, one.measure) for one in told)
    high = sum(one.measure.weight * _points(one.rate.low_bp, one.measure) for one in told)
    least, most = int(low // whole), -int(-high // whole)
    return Score(tuple(facts), round(middle / whole) if most - least <= WIDEST else None, least, most)


def _points(rate_bp: float, measure: Measure) -> float:
    return 100 * (1 - min(rate_bp / measure.worst_bp, 1.0))
