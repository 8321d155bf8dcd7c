"""People in circles with tastes, made up from a seed: what a good engine has to find, and ties that help or do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Planted:
    kept: Any
    test: Any
    ties: Any
    wrong_ties: Any


def planted(people: int, goods: int, entries: int, *, circles: int = 40, ties: int = 8, seed: int = 1) -> Planted:
    """Each person belongs to a circle with its tastes; eight in ten ties stay inside. wrong_ties: the same, people exchanged."""
    rng = np.random.default_rng(seed)
    circle = rng.integers(0, circles, people)
    fame = 1 / (1 + np.arange(goods)) ** 0.8
    taste = rng.gamma(0.08, 1.0, (circles, goods)) * fame
    taste /= taste.sum(axis=1, keepdims=True)
    busy = rng.pareto(1.6, people) + 0.4
    counts = np.maximum(2, (busy / busy.sum() * entries)).astype(int)
    rows, columns = [], []
    for group in range(circles):
        members = np.flatnonzero(circle == group)
        total = int(counts[members].sum())
        own = rng.choice(goods, total, p=taste[group])
        other = rng.choice(goods, total, p=fame / fame.sum())
        columns.append(np.where(rng.random(total) < 0.7, own, other))
        rows.append(np.repeat(members, counts[members]))
    row, column = np.concatenate(rows), np.concatenate(columns)
    whole = sparse.coo_array((np.ones(len(row), np.float32), (row, column)), shape=(people, goods)).tocsr()
    whole.data[:] = 1
    held = rng.random(whole.nnz) < 0.2
    kept, test = whole.copy(), whole.copy()
    kept.data, test.data = np.where(held, 0, 1).astype(np.float32), np.where(held, 1, 0).astype(np.float32)
    kept.eliminate_zeros()
    test.eliminate_zeros()
    graph = _ties(circle, people * ties // 2, rng)
    mixed = rng.permutation(people)
    return Planted(kept, test, graph, graph[mixed][:, mixed].tocsr())


def _ties(circle: Any, count: int, rng: np.random.Generator) -> Any:
    order = np.argsort(circle, kind="stable")
    place = np.empty(len(circle), int)
    place[order] = np.arange(len(circle))
    one = rng.integers(0, len(circle), count)
    near = order[(place[one] + rng.integers(1, 12, count)) % len(circle)]
    other = np.where(rng.random(count) < 0.8, near, rng.integers(0, len(circle), count))
    apart = one != other
    graph = sparse.coo_array(
        (np.ones(apart.sum(), np.float32), (one[apart], other[apart])), shape=(len(circle),) * 2
    ).tocsr()
    graph = (graph + graph.T).tocsr()
    graph.data[:] = 1
    return graph
