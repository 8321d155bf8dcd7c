"""The engine chooses its own settings: no shop is like another.

A tenth of what people kept is set aside; settings are compared by how well the rest finds it (recall@20 + ndcg@20). The search goes
downhill from several starts, one number at a time, first without ties, then with them; the best few are compared again on more
people. Its order is fixed by the seed, so the same data give the same answer wherever the time suffices; `cut` says when it did not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from quanzi.growth.recommending.engine.kernel import FEW, Kernel
from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse
from quanzi.growth.recommending.engine.measuring import Measured, measure, people_with
from quanzi.growth.recommending.engine.ridge import EXACT_UP_TO, TrustRidge, weighted
from quanzi.growth.recommending.engine.settings import KNOWN, START, Setting
from quanzi.growth.recommending.engine.simple import Popularity

Say = Callable[[str], None]

GRID: dict[str, tuple[float, ...]] = {
    "a": (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5),
    "b": (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
    "l": (0.06, 0.12, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
    "w": (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0),
    "k": (32, 64, 96, 128, 192, 256),
    "c": (0.0, 0.1, 0.2, 0.275, 0.35, 0.45, 0.55, 0.7, 0.85, 1.0),
    "e": (0, 1),
    "power": (0.0, 0.5, 1.0),
    "near": (0.5, 1.0, 2.0, 4.0, 8.0),
}
ORDER = ("l", "c", "k", "e", "b", "a", "w", "power")
SCAN, FINAL, FINALISTS, LEAST = 1_200, 4_000, 3, 30
"""People looked at while searching, and at the end; how many settings reach the end; below how many people nothing is chosen."""


@dataclass(frozen=True)
class Tuned:
    """What was chosen, and what it promises on what was set aside. without: the best setting whose ties weigh nothing.

    people: how many were looked at (0: too few, the start setting stands); tried: settings; cut: the time ran out.
    """

    setting: Setting
    without: Setting
    people: int
    tried: int
    seconds: float
    cut: bool
    found: dict[str, dict[str, float]] = field(default_factory=dict)


def tune(
    kept: Sparse,
    ties: Sparse | None,
    *,
    seed: int = 0,
    seconds: float = 300.0,
    say: Say = lambda words: None,
) -> Tuned:
    """Choose a setting within about so many seconds."""
    began = time.monotonic()
    rest, aside = carve_out(kept, seed)
    people = people_with(aside)
    if len(people) < LEAST:
        return Tuned(
            START.but(w=START.w if ties is not None else 0.0), START.but(w=0.0), 0, 0, time.monotonic() - began, False
        )
    people = np.random.default_rng(seed).permutation(people)
    search = _Search(rest, aside, ties, np.sort(people[:SCAN]), seed, say)
    search.until = began + seconds * (0.45 if ties is not None else 0.85)
    without = search.climb([one.but(w=0.0) for one in KNOWN], frozen={"w"})
    ranked = [without]
    if ties is not None and ties.nnz:
        search.until = began + seconds * 0.85
        starts = [one for one in KNOWN if one.w] + [without.but(w=w) for w in (0.25, 1.0, 4.0)]
        ranked = [search.climb(starts, frozen=set()), without]
    search.until = began + seconds
    return search.decide(ranked, np.sort(people[:FINAL]), began)


def carve_out(kept: Sparse, seed: int, share: float = 0.1) -> tuple[Sparse, Sparse]:
    """What stays, and what is set aside: a share of all entries, but nobody is left with nothing."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.arange(kept.shape[0]), np.diff(kept.indptr))
    aside = rng.random(kept.nnz) < share
    left = np.bincount(rows[~aside], minlength=kept.shape[0])
    aside &= left[rows] > 0
    return _only(kept, ~aside), _only(kept, aside)


def _only(matrix: Sparse, wanted: Floats) -> Sparse:
    found = matrix.copy()
    found.data = np.where(wanted, found.data, 0).astype(np.float32)
    found.eliminate_zeros()
    return found


class _Search:
    """Compares settings on what was set aside; keeps what the next one can use again."""

    def __init__(self, rest: Sparse, aside: Sparse, ties: Sparse | None, people: Ints, seed: int, say: Say) -> None:
        self.rest, self.aside, self.ties, self.people, self.seed, self.say = rest, aside, ties, people, seed, say
        self.until = float("inf")
        self.is_small = rest.shape[0] <= EXACT_UP_TO
        self.is_weighted = bool(np.ptp(rest.data)) if rest.nnz else False
        self.worth: dict[Setting, float] = {}
        self.cut = False
        self._kernel: tuple[tuple[float, ...], Kernel] | None = None
        self._parts: tuple[tuple[float, ...], tuple[Floats, Floats]] | None = None

    def climb(self, starts: Iterable[Setting], frozen: set[str]) -> Setting:
        """The best setting that steps of one number at a time reach from the best of some starts."""
        best = max(self._fitting(starts), key=self.value)
        moved = True
        while moved and not self._is_over():
            moved = False
            for name in ORDER:
                if name not in frozen and self._may_vary(name, best):
                    better = self._along(name, best, lowest=0.1 if "w" not in frozen else 0.0)
                    moved, best = moved or better != best, better
        return best

    def decide(self, ranked: list[Setting], people: Ints, began: float) -> Tuned:
        """The best of the finalists, on more people."""
        pool = sorted(self.worth, key=lambda one: -self.worth[one])
        plain = list(dict.fromkeys([ranked[-1], *[one for one in pool if not one.w]]))[:FINALISTS]
        tied = list(dict.fromkeys([ranked[0], *[one for one in pool if one.w]]))[:FINALISTS] if len(ranked) > 1 else []
        measured = self._finals([*_alternating(tied, plain)], people)
        worth = {one: _worth(figures) for one, figures in measured.items()}
        without = max((one for one in measured if not one.w), key=lambda one: worth[one], default=ranked[-1])
        best = max(measured, key=lambda one: worth[one])
        if best.w and without in measured and not _is_more_than_chance(measured[best], measured[without]):
            best = without
        found = {"engine": measured[best].means(), "popularity": _popularity(self.rest, self.aside, people).means()}
        if without in measured:
            found["without"] = measured[without].means()
        if tied:
            best = self._heard_through_ties(best, people)
        return Tuned(best, without, len(people), len(self.worth), time.monotonic() - began, self.cut, found)

    def _finals(self, settings: list[Setting], people: Ints) -> dict[Setting, Measured]:
        """The first of them at least, the others while there is time."""
        measured: dict[Setting, Measured] = {}
        for one in settings:
            if not measured or not self._is_over():
                measured[one] = measure(self.engine(one), self.rest, self.aside, people)
        return measured

    def engine(self, setting: Setting) -> TrustRidge:
        return TrustRidge.from_parts(self._kernel_of(setting), self._parts_of(setting), setting)

    def value(self, setting: Setting) -> float:
        """recall@20 + ndcg@20 of a setting; worth nothing once the time is over."""
        if setting not in self.worth:
            if self._is_over() and self.worth:
                return -1.0
            self.worth[setting] = _worth(measure(self.engine(setting), self.rest, self.aside, self.people))
            self.say(f"{len(self.worth):3} settings, best {max(self.worth.values()):.4f}")
        return self.worth[setting]

    def _heard_through_ties(self, best: Setting, people: Ints) -> Setting:
        """How much the ties of people with hardly any goods weigh, chosen on such people alone."""
        few = people[np.diff(self.rest.indptr)[people] < FEW]
        if len(few) < LEAST:
            return best
        choices = [best.but(near=near) for near in (0.0, *GRID["near"])]
        worth = {one: _worth(measure(self.engine(one), self.rest, self.aside, few)) for one in choices}
        return max(choices, key=lambda one: worth[one])

    def _along(self, name: str, best: Setting, lowest: float) -> Setting:
        """Walk along one number, in the direction that pays, until it pays no more."""
        grid = [value for value in GRID[name] if name != "w" or value >= lowest]
        for direction in (1, -1):
            while not self._is_over():
                beyond = [v for v in grid if (v - getattr(best, name)) * direction > 1e-9]
                if not beyond:
                    break
                step = best.but(**{name: min(beyond) if direction > 0 else max(beyond)})
                step = step.but(k=int(step.k), e=int(step.e))
                if self.value(step) <= self.value(best):
                    break
                best = step
        return best

    def _may_vary(self, name: str, best: Setting) -> bool:
        if name == "power":
            return self.is_weighted
        return not (name == "k" and best.is_exact) and not (name == "e" and not best.is_exact)

    def _fitting(self, starts: Iterable[Setting]) -> list[Setting]:
        """The starts that this data can hold: no rank near the number of people; the exact form too where it is affordable."""
        ceiling = max(self.rest.shape[0] // 3, 1)
        found = [one.but(k=min(one.k, ceiling)) for one in starts]
        if self.is_small:
            found += [one.but(k=0) for one in found] + [one.but(k=0, e=1, c=0.125) for one in found]
        return _by_kernel(dict.fromkeys(found))

    def _is_over(self) -> bool:
        over = time.monotonic() > self.until
        self.cut |= over
        return over

    def _kernel_of(self, setting: Setting) -> Kernel:
        key = (setting.a, setting.b, setting.power)
        if self._kernel is None or self._kernel[0] != key:
            self._kernel = key, Kernel.of(weighted(self.rest, setting.power), self.ties, a=setting.a, b=setting.b)
        return self._kernel[1]

    def _parts_of(self, setting: Setting) -> tuple[Floats, Floats]:
        """Eigenvectors, enough for every rank of the grid; those of the last kernel are kept."""
        key = (setting.a, setting.b, setting.power, setting.w)
        few = self._parts is not None and not self.is_small and len(self._parts[1][0]) < setting.k
        if self._parts is None or self._parts[0] != key or few:
            kernel = self._kernel_of(setting)
            rank = max(128, setting.k)
            self._parts = key, kernel.all(setting.w) if self.is_small else kernel.strongest(rank, setting.w, self.seed)
        return self._parts[1]


def _alternating(tied: list[Setting], plain: list[Setting]) -> Iterable[Setting]:
    for pair in zip_longest(tied, plain):
        yield from (one for one in pair if one is not None)


def _popularity(kept: Sparse, aside: Sparse, people: Ints) -> Measured:
    return measure(Popularity.fit(kept), kept, aside, people)


def _by_kernel(settings: Iterable[Setting]) -> list[Setting]:
    """In an order in which neighbours share as much work as they can."""
    return sorted(settings, key=lambda one: (one.power, one.a, one.b, one.w, one.k, one.l, one.c, one.e))


def _is_more_than_chance(one: Measured, other: Measured) -> bool:
    """Whether ties earn their place: for the same people the mean gain is above its standard error."""
    gain = (one.recall[20] + one.ndcg[20]) - (other.recall[20] + other.ndcg[20])
    return bool(gain.mean() > gain.std() / np.sqrt(len(gain)))


def _worth(figures: Measured) -> float:
    return float(figures.recall[20].mean() + figures.ndcg[20].mean())
