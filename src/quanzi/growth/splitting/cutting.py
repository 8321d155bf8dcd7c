"""Where a graph of people falls apart, if it does. Pure: numbers in, a cut or the reason why there is none out.

Leiden is run from several seeds, what it finds is joined to two, three or four parts, and the same is done on graphs in which
everybody has as many partners as before, but others (degree-preserving null). A circle is cut only where it separates much better
than chance does, the seeds agree, and the parts are large enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from graspologic_native import leiden
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Way = tuple[float, Ints]
"""A cut and its modularity."""

RESOLUTIONS: Final = (0.5, 1.0)
"""Where Leiden looks: a large, thin graph falls into a hundred pieces at 1 and shows its halves at 0.5."""
SEEDS: Final = 4
NULLS: Final = 16
PARTS: Final = (4, 3, 2)
LEAST_DISTANCE: Final = 5.0
"""How many spreads of the null the modularity must lie above its mean; high, since several numbers of parts are tried."""
LEAST_GAIN: Final = 0.03
"""And by how much at least: in a large graph a hair is significant too, and nobody would feel it."""
LEAST_AGREEMENT: Final = 0.75
"""Mean adjusted Rand index within the better half of what the seeds found; 1: all the same, 0: chance."""
LEAST_SHARE: Final = 0.15
"""The smallest part, counting who clearly belongs to it, of those who talk with anybody."""
CLEAR: Final = 0.55
"""Whoever has less than this share of their interactions in the part they fall into is unclear."""
LEAST_PARTNERS: Final = 2.0
"""Mean partners of each person below which a graph says nothing."""
POLISHES: Final = 12


@dataclass(frozen=True)
class Cut:
    """outcome: "cut", or why there is none: "thin", "whole" (no more separation than chance), "unstable", "lopsided".

    part: of each node, -1 for who is unclear. modularity: of the cut; chance, spread: mean and deviation of what chance allows for as
    many parts.
    """

    outcome: str
    part: Ints
    modularity: float = 0.0
    chance: float = 0.0
    spread: float = 0.0
    agreement: float = 0.0


@dataclass(frozen=True)
class Graph:
    """`nodes` people with ties one–other: each pair once, no loops, weight > 0."""

    nodes: int
    one: Ints
    other: Ints
    weight: Floats

    @property
    def degree(self) -> Ints:
        """How many partners each has."""
        return np.bincount(self.one, minlength=self.nodes) + np.bincount(self.other, minlength=self.nodes)

    @property
    def strength(self) -> Floats:
        """How much each interacts."""
        return np.bincount(self.one, self.weight, self.nodes) + np.bincount(self.other, self.weight, self.nodes)


def cut(graph: Graph, *, seed: int = 0) -> Cut:
    """Where the graph falls apart. The same seed gives the same answer."""
    nobody = np.full(graph.nodes, -1, dtype=np.int64)
    talking = graph.degree > 0
    if talking.sum() < 2 or 2 * len(graph.one) < LEAST_PARTNERS * talking.sum():
        return Cut("thin", nobody)
    rng = np.random.default_rng(seed)
    nulls = [_ways(_null(graph, rng), seed, seeds=1) for _ in range(NULLS)]
    ways = _ways(graph, seed, seeds=SEEDS)
    tried = [_judge(parts, graph, ways[parts], [null[parts] for null in nulls], talking) for parts in PARTS]
    found = [one for one in tried if one.outcome == "cut"]
    best = max(found or tried, key=lambda one: one.modularity - one.chance)
    return best if found else replace(best, part=nobody)


def _judge(parts: int, graph: Graph, ways: Sequence[Way], nulls: Sequence[Sequence[Way]], talking: Bools) -> Cut:
    """What the ways to cut into so many parts are worth."""
    modularity, part = max(ways, key=lambda one: one[0])
    by_chance = [max(one for one, _ in null) for null in nulls]
    chance, spread = float(np.mean(by_chance)), float(np.std(by_chance, ddof=1))
    clear = _without_unclear(part, graph)
    sizes = np.bincount(clear[clear >= 0], minlength=parts)
    better = sorted(ways, key=lambda one: -one[0])[: len(ways) // 2]
    agreement = _agreement([labels[talking] for _, labels in better])
    if modularity - chance < max(LEAST_GAIN, LEAST_DISTANCE * spread):
        outcome = "whole"
    elif sizes.min() < LEAST_SHARE * talking.sum():
        outcome = "lopsided"
    else:
        outcome = "cut" if agreement >= LEAST_AGREEMENT else "unstable"
    return Cut(outcome, clear, modularity, chance, spread, agreement)


def _ways(graph: Graph, seed: int, *, seeds: int) -> dict[int, list[Way]]:
    """Ways to cut the graph, by number of parts: what Leiden found, joined to so many, and polished."""
    ways: dict[int, list[Way]] = {parts: [] for parts in PARTS}
    for resolution in RESOLUTIONS:
        for k in range(seeds):
            labels = _leiden(graph, resolution, seed + k)
            for parts in PARTS:
                labels = _polished(_merged(labels, graph, parts), graph)
                ways[parts].append((_modularity(labels, graph), labels))
    return ways


def _leiden(graph: Graph, resolution: float, seed: int) -> Ints:
    edges = list(zip(map(str, graph.one.tolist()), map(str, graph.other.tolist()), graph.weight.tolist(), strict=True))
    _, found = leiden(edges, resolution=resolution, seed=seed)
    labels = np.full(graph.nodes, -1, dtype=np.int64)
    for name, label in found.items():
        labels[int(name)] = label
    return labels


def _modularity(labels: Ints, graph: Graph) -> float:
    """The share of weight inside the parts, less what chance puts there."""
    known = labels >= 0
    whole = float(graph.weight.sum())
    inside = float(graph.weight[labels[graph.one] == labels[graph.other]].sum())
    strength = np.bincount(labels[known], graph.strength[known])
    return inside / whole - float(((strength / (2 * whole)) ** 2).sum())


def _null(graph: Graph, rng: np.random.Generator) -> Graph:
    """The same degrees, other partners, the same weights in another order."""
    one, other = rewire(graph.one, graph.other, graph.nodes, rng)
    return Graph(graph.nodes, one, other, rng.permutation(graph.weight)[: len(one)])


def rewire(one: Ints, other: Ints, nodes: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """A graph with the same degrees: ends are dealt out anew, and pairs that came twice or met themselves swap with others until none is left.

    The few that still resist after many rounds are left out; in sparse graphs there are none.
    """
    ends = rng.permutation(np.concatenate([one, other]))
    half = len(one)
    left, right = ends[:half].copy(), ends[half:].copy()
    bad = _bad(left, right, nodes)
    for _ in range(100):
        wrong = np.flatnonzero(bad)
        if not len(wrong):
            break
        swap = rng.choice(half, size=len(wrong), replace=False)
        right[wrong], right[swap] = _exchanged(right, wrong, swap)
        bad = _bad(left, right, nodes)
    return left[~bad], right[~bad]


def _exchanged(right: Ints, wrong: Ints, swap: Ints) -> tuple[Ints, Ints]:
    """Values of both places exchanged one pair after the other, so that no end is lost where the places overlap."""
    values = right.copy()
    for a, b in zip(wrong.tolist(), swap.tolist(), strict=True):
        values[a], values[b] = values[b], values[a]
    return values[wrong], values[swap]


def _bad(left: Ints, right: Ints, nodes: int) -> Bools:
    low, high = np.minimum(left, right), np.maximum(left, right)
    key = low * nodes + high
    order = np.argsort(key, kind="stable")
    again: Bools = np.zeros(len(key), dtype=np.bool_)
    again[order[1:]] = key[order[1:]] == key[order[:-1]]
    loops: Bools = left == right
    return again | loops


def _merged(labels: Ints, graph: Graph, parts: int) -> Ints:
    """Join the smallest part with whom it belongs most, as long as there are more than `parts`; the largest becomes number 0."""
    labels = labels.copy()
    count = int(labels.max()) + 1
    between = np.zeros((count, count))
    np.add.at(between, (labels[graph.one], labels[graph.other]), graph.weight)
    between = between + between.T
    sizes = np.bincount(labels[labels >= 0], minlength=count).astype(float)
    alive, whole = sizes > 0, between.sum()
    while alive.sum() > parts:
        least = int(np.where(alive, sizes, np.inf).argmin())
        strength = between.sum(axis=1)
        gain = between[least] / whole - strength[least] * strength / whole**2
        gain[~alive] = gain[least] = -np.inf
        into = int(gain.argmax())
        labels[labels == least] = into
        between[into] += between[least]
        between[:, into] += between[:, least]
        between[least] = between[:, least] = 0
        sizes[into], sizes[least], alive[least] = sizes[into] + sizes[least], 0, False
    ranks = np.full(count + 1, -1, dtype=np.int64)  # the last is what -1 reads
    ranks[sorted(np.flatnonzero(alive), key=lambda k: (-sizes[k], k))] = np.arange(int(alive.sum()))
    return ranks[labels]


def _polished(labels: Ints, graph: Graph) -> Ints:
    """Let people go where they gain most modularity, half of them at a time, until nobody wants to."""
    count, twice, strength = int(labels.max()) + 1, 2 * float(graph.weight.sum()), graph.strength
    turn = np.arange(graph.nodes) % 2 == 0
    for _ in range(POLISHES):
        to = np.zeros((graph.nodes, count))
        np.add.at(to, (graph.one, labels[graph.other]), graph.weight)
        np.add.at(to, (graph.other, labels[graph.one]), graph.weight)
        full = np.bincount(labels[labels >= 0], strength[labels >= 0], count)
        own = np.eye(count)[labels] * strength[:, None]
        wanted = (to - strength[:, None] * (full - own) / twice).argmax(axis=1)
        moving = (wanted != labels) & (labels >= 0) & turn
        if not moving.any() and not ((wanted != labels) & (labels >= 0)).any():
            break
        labels = np.where(moving, wanted, labels)
        turn = ~turn
    return labels


def _without_unclear(part: Ints, graph: Graph) -> Ints:
    """Take those out who talk about as much with others as with their own."""
    same = np.where(part[graph.one] == part[graph.other], graph.weight, 0.0)
    own = np.bincount(graph.one, same, graph.nodes) + np.bincount(graph.other, same, graph.nodes)
    full = graph.strength
    return np.where((full > 0) & (own >= CLEAR * full), part, -1)


def _agreement(runs: Sequence[Ints]) -> float:
    """Mean adjusted Rand index of each run with the first ones; 1 when all are the same."""
    pairs = [adjusted_rand(a, b) for i, a in enumerate(runs) for b in runs[:i]]
    return float(np.mean(pairs)) if pairs else 1.0


def adjusted_rand(a: Ints, b: Ints) -> float:
    """How much two groupings of the same people agree, beyond chance (Hubert and Arabie 1985)."""
    table = np.zeros((int(a.max()) + 1, int(b.max()) + 1))
    np.add.at(table, (a, b), 1)
    both, of_a, of_b = _pairs(table), _pairs(table.sum(axis=1)), _pairs(table.sum(axis=0))
    every = len(a) * (len(a) - 1) / 2
    expected, most = of_a * of_b / every, (of_a + of_b) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def _pairs(counts: Floats) -> float:
    return float((counts * (counts - 1) / 2).sum())
