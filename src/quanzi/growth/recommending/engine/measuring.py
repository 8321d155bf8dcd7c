"""How good an order is: recall and NDCG over all goods that a person does not have yet.

    recall@K = hits among the first K / goods in the test
    ndcg@K   = sum over hits of 1 / log2(place + 1)  /  sum over the first min(goods in the test, K) places of the same

Both are means over people with goods in the test; who has none is left out. Places begin at 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quanzi.growth.recommending.engine.matrices import Floats, Ints, Ranker, Sparse, blocks, in_threads

PLACES = (10, 20)


@dataclass(frozen=True)
class Measured:
    """Figures of each person: rows of `people`. recall, ndcg: by K."""

    people: Ints
    recall: dict[int, Floats]
    ndcg: dict[int, Floats]

    def means(self) -> dict[str, float]:
        """recall@10, recall@20, ndcg@10, ndcg@20."""
        named = {f"recall@{k}": values for k, values in self.recall.items()}
        named |= {f"ndcg@{k}": values for k, values in self.ndcg.items()}
        return {name: float(values.mean()) if len(values) else 0.0 for name, values in named.items()}


def measure(
    ranker: Ranker, kept: Sparse, test: Sparse, people: Ints | None = None, places: Sequence[int] = PLACES
) -> Measured:
    """Rank all goods that each person does not have in `kept`, and look for those of `test`."""
    asked = people_with(test) if people is None else people
    width = kept.shape[1] + kept.shape[0]

    def hits_of(rows: Ints) -> Floats:
        return hits(first(ranker.scores(rows), kept, rows, max(places)), test, rows)

    found = list(in_threads(hits_of, blocks(asked, width)))
    whole = np.concatenate(found) if found else np.zeros((0, max(places)), dtype=bool)
    return _figures(asked, whole, np.diff(test.indptr)[asked], places)


def people_with(test: Sparse) -> Ints:
    """Rows that have goods in the test."""
    return np.flatnonzero(np.diff(test.indptr))


def first(scores: Floats, kept: Sparse, rows: Ints, count: int) -> Ints:
    """The goods with the highest scores that a person does not have, best first. Changes scores."""
    count = min(count, scores.shape[1])
    had = kept[rows]
    scores[np.repeat(np.arange(len(rows)), np.diff(had.indptr)), had.indices] = -np.inf
    top = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    return np.take_along_axis(top, np.argsort(-np.take_along_axis(scores, top, 1), axis=1, kind="stable"), 1)


def hits(order: Ints, test: Sparse, rows: Ints) -> Floats:
    """Whether each place of an order is in the test; padded to K by the caller's count."""
    wanted = test[rows].toarray() > 0
    found: Floats = np.take_along_axis(wanted, order, 1)
    return found


def _figures(people: Ints, found: Floats, wanted: Ints, places: Sequence[int]) -> Measured:
    gain = 1 / np.log2(np.arange(2, max(places) + 2))
    ideal = np.concatenate([[0.0], np.cumsum(gain)])
    recall: dict[int, Floats] = {}
    ndcg: dict[int, Floats] = {}
    for k in places:
        part = found[:, :k]
        recall[k] = part.sum(axis=1) / np.maximum(wanted, 1)
        ndcg[k] = (part * gain[: part.shape[1]]).sum(axis=1) / ideal[np.maximum(np.minimum(wanted, k), 1)]
    return Measured(people, recall, ndcg)


def interval(differences: Floats, seed: int, rounds: int = 2_000, inside: float = 0.95) -> tuple[float, float]:
    """Paired bootstrap: between which two figures the mean difference lies."""
    if not len(differences):
        return 0.0, 0.0
    rng = np.random.default_rng(seed)
    means = [float(differences[rng.integers(0, len(differences), len(differences))].mean()) for _ in range(rounds)]
    low, high = np.quantile(means, [(1 - inside) / 2, (1 + inside) / 2])
    return float(low), float(high)
