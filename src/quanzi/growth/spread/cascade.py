"""How far a word goes, and whose first word would take it farthest. numpy alone; ids are places in arrays.

**The cascade.** A word goes once, by chance, from somebody who has it to each person who listens to them (independent cascade), and
ends after three steps. `choose` looks for K people from whom the expected number of people who get it, themselves included, is largest.

**The guarantee.** That number grows by less and less with each person (it is submodular), so taking the best next one is at least
1 - 1/e (63 %) of the best that K people could do, if the number is known. It is not, so it is sampled: a *sample* is everybody from
whom the word would come to one person drawn by lot, and people who are in many samples reach many. One half of the samples chooses, the
other half, which the choice has never seen, bounds it from below; the first bounds the best possible choice from above. Samples are
doubled until the quotient is at least 1 - 1/e - epsilon, with probability at least 1 - delta. Source: Tang, Tang, Xiao and Yuan,
Online Processing Algorithms for Influence Maximization (SIGMOD 2018), there for unlimited steps; the argument needs only that one draw
of ties tells for every choice whom it reaches, which three steps do too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, e, log, log2, sqrt

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STEPS = 3
PIECE = 4_096
"""Samples drawn at once; memory grows with it, the result hangs on it only through the order of draws."""


@dataclass(frozen=True)
class Graph:
    """Ties in the order of the person who stands first. Of `heard` ties: whom each listens to; `turned`: who listens to each.

    starts[i]:starts[i + 1] are the ties of person i; chance: that a word goes over the tie, 0 to 1.
    """

    starts: Ints
    others: NDArray[np.int32]
    chance: NDArray[np.float32]

    @property
    def people(self) -> int:
        return len(self.starts) - 1

    @property
    def ties(self) -> int:
        return len(self.others)

    def turned(self) -> Graph:
        """The same ties from the other end."""
        first = np.repeat(np.arange(self.people, dtype=np.int32), np.diff(self.starts))
        return graph_of(self.others, first, self.chance, self.people)


def graph_of(first: NDArray[np.int32], other: NDArray[np.int32], chance: NDArray[np.float32], people: int) -> Graph:
    """A graph of ties in any order; a tie to oneself, and one without a chance, is left out."""
    is_tie = (first != other) & (chance > 0)
    first, other, chance = first[is_tie], other[is_tie], chance[is_tie]
    order = np.argsort(first, kind="stable")
    starts = np.zeros(people + 1, dtype=np.int64)
    np.cumsum(np.bincount(first, minlength=people), out=starts[1:])
    return Graph(starts, other[order].astype(np.int32), chance[order].astype(np.float32))


@dataclass(frozen=True)
class Choice:
    """chosen: places, the best first. reach: people expected to get the word, themselves included; `low` holds with the probability asked
    for. adds: what each one added in samples that the choice has not seen. guarantee: the least share of the best possible that it is.
    """

    chosen: tuple[int, ...]
    reach: float
    low: float
    adds: tuple[float, ...]
    guarantee: float
    samples: int


class Samples:
    """Who would have told it to people drawn by lot: one set of places for each draw."""

    def __init__(self, heard: Graph, *, random: np.random.Generator) -> None:
        self.heard, self.random, self.count = heard, random, 0
        self._sets: list[Ints] = []
        self._places: list[Ints] = []

    def draw(self, count: int) -> None:
        """More of them, until there are `count`."""
        while self.count < count:
            size = min(PIECE, count - self.count)
            roots = self.random.integers(0, self.heard.people, size)
            keys = np.concatenate(
                walk(self.heard, np.arange(size, dtype=np.int64) * self.heard.people + roots, self.random)
            )
            self._sets.append(keys // self.heard.people + self.count)
            self._places.append(keys % self.heard.people)
            self.count += size

    @property
    def pairs(self) -> tuple[Ints, Ints]:
        """(set, place) of all samples."""
        if len(self._sets) > 1:
            self._sets, self._places = [np.concatenate(self._sets)], [np.concatenate(self._places)]
        return self._sets[0], self._places[0]

    def met(self, chosen: Sequence[int]) -> list[int]:
        """How many samples each further person meets that none before them met."""
        sets, places = self.pairs
        rank = np.full(self.heard.people, len(chosen), dtype=np.int64)
        rank[np.array(chosen[::-1], dtype=np.int64)] = np.arange(len(chosen))[::-1]
        first = np.full(self.count, len(chosen), dtype=np.int64)
        np.minimum.at(first, sets, rank[places])
        return [int(one) for one in np.bincount(first, minlength=len(chosen) + 1)[: len(chosen)]]

    def reach(self, chosen: Sequence[int]) -> tuple[float, float, float]:
        """People expected to get the word from these, and where that lies in 95 of 100 cases (Wilson).

        Fair for people chosen without these samples.
        """
        share, n, z = sum(self.met(chosen)) / self.count, self.count, 1.96
        middle, width = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        low, high = (middle - width) / (1 + z * z / n), (middle + width) / (1 + z * z / n)
        return share * self.heard.people, max(0.0, low) * self.heard.people, high * self.heard.people


def walk(graph: Graph, begin: Ints, random: np.random.Generator, *, steps: int = STEPS) -> list[Ints]:
    """Who is met in each step by many walks at once. begin and result: keys, walk x people + place. Each tie is tried once in a walk."""
    people = graph.people
    seen = layer = np.unique(begin)
    layers = [layer]
    for _ in range(steps):
        place = layer % people
        many = graph.starts[place + 1] - graph.starts[place]
        total = int(many.sum())
        if not total:
            break
        tie = np.arange(total, dtype=np.int64) + np.repeat(graph.starts[place] - (np.cumsum(many) - many), many)
        goes = random.random(total, dtype=np.float32) < graph.chance[tie]
        met = np.unique(np.repeat(layer - place, many)[goes] + graph.others[tie[goes]])
        known = np.searchsorted(seen, met)
        layer = met[(known == len(seen)) | (seen[np.minimum(known, len(seen) - 1)] != met)]
        if not len(layer):
            break
        layers.append(layer)
        seen = np.sort(np.concatenate((seen, layer)), kind="stable")
    return layers


def cover(samples: Samples, among: Flags, most: int) -> tuple[list[int], int, float]:
    """The best next person, again and again: places, samples met by them, and more than anybody could meet with as many."""
    sets, places = samples.pairs
    by_set, set_starts = places[np.argsort(sets, kind="stable")], _starts(sets, samples.count)
    by_place, place_starts = sets[np.argsort(places, kind="stable")], _starts(places, len(among))
    gain = np.where(among, np.diff(place_starts), 0)
    is_met = np.zeros(samples.count, dtype=bool)
    chosen: list[int] = []
    met, bound = 0, float("inf")
    for _ in range(most):
        bound = min(bound, met + float(np.partition(gain, -most)[-most:].sum() if most < len(gain) else gain.sum()))
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            break
        chosen.append(best)
        new = by_place[place_starts[best] : place_starts[best + 1]]
        new = new[~is_met[new]]
        is_met[new] = True
        met += len(new)
        many = set_starts[new + 1] - set_starts[new]
        at = np.arange(int(many.sum())) + np.repeat(set_starts[new] - (np.cumsum(many) - many), many)
        gain = gain - np.where(among, np.bincount(by_set[at], minlength=len(gain)), 0)
    return chosen, met, min(bound, met + float(gain[np.argsort(gain)[-most:]].sum()))


def choose(
    heard: Graph,
    among: Flags,
    most: int,
    *,
    epsilon: float = 0.1,
    delta: float = 0.01,
    seed: int = 0,
    limit: int = 1 << 20,
    say: Callable[[int], None] = lambda percent: None,
) -> tuple[Choice, Samples]:
    """The `most` people of `among` from whom a word goes farthest, and the samples that the choice has never seen.

    limit: samples of one half at most; what is guaranteed then is what they bear out, and `guarantee` says how much. say: percent done.
    """
    random = np.random.default_rng(seed)
    first, second = Samples(heard, random=random), Samples(heard, random=random)
    most = min(most, int(among.sum()))
    count = min(limit, 1 << 12)
    rounds = max(1, ceil(log2(limit / count)) + 1)
    doubt = log(3 * rounds / delta)
    for number in range(rounds):
        first.draw(count)
        second.draw(count)
        chosen, _, bound = cover(first, among, most)
        fresh = second.met(chosen) if chosen else []
        low = (sqrt(sum(fresh) + 2 * doubt / 9) - sqrt(doubt / 2)) ** 2 - doubt / 18 if chosen else 0.0
        high = (sqrt(bound + doubt / 2) + sqrt(doubt / 2)) ** 2
        guarantee = max(0.0, min(1.0, low / high)) if high else 1.0
        say(min(99, round(100 * (number + 1) / rounds)))
        if not chosen or guarantee >= 1 - 1 / e - epsilon or count >= limit:
            break
        count = min(limit, count * 2)
    people = heard.people / second.count
    return Choice(
        tuple(chosen), sum(fresh) * people, max(0.0, low) * people, tuple(one * people for one in fresh), guarantee, 2 * count
    ), second  # fmt: skip


def by_steps(
    turned: Graph, seeds: Sequence[int], *, runs: int = 400, seed: int = 0, steps: int = STEPS
) -> NDArray[np.int64]:
    """People met newly in step 1, 2, 3 from these, in so many tries: runs x steps."""
    random, found = np.random.default_rng(seed), np.zeros((runs, steps), dtype=np.int64)
    at_once = max(1, min(runs, PIECE // max(1, len(seeds))))
    for begin in range(0, runs, at_once):
        size = min(at_once, runs - begin)
        keys = (np.arange(size, dtype=np.int64)[:, None] * turned.people + np.array(seeds, dtype=np.int64)).ravel()
        for step, layer in enumerate(walk(turned, keys, random, steps=steps)[1:]):
            found[begin : begin + size, step] = np.bincount(layer // turned.people, minlength=size)
    return found


def within(turned: Graph, place: int, *, steps: int = STEPS) -> int:
    """How many others stand within three steps at all, whatever the chance."""
    seen = layer = np.array([place], dtype=np.int64)
    for _ in range(steps):
        ties = [turned.others[turned.starts[one] : turned.starts[one + 1]] for one in layer]
        layer = np.setdiff1d(np.concatenate(ties) if ties else seen[:0], seen)
        seen = np.union1d(seen, layer)
    return len(seen) - 1


def _starts(sorted_by: Ints, size: int) -> Ints:
    starts = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(sorted_by, minlength=size), out=starts[1:])
    return starts
