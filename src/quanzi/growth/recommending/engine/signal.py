"""Do ties say anything about goods? Friends of the same data have more in common than people exchanged at random.

The same graph with people exchanged for others who are as busy is the control: where the true one is not clearly above it, its ids
most likely do not belong to these people, and no trust should be built on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse
from quanzi.growth.recommending.engine.simple import popularity

ENOUGH = 1.1
"""Below this ratio, or within the controls' own spread, ties carry no signal."""


@dataclass(frozen=True)
class Signal:
    """lift: goods in common, of friends against people exchanged (rarer goods count more); spread: of the controls; ties: looked at."""

    lift: float
    spread: float
    ties: int

    @property
    def is_there(self) -> bool:
        return self.lift >= ENOUGH and self.lift - 1 > 3 * self.spread


def signal_of(kept: Sparse, ties: Sparse, *, seed: int = 0, controls: int = 8, most: int = 100_000) -> Signal:
    """Compare friends with people exchanged."""
    rng = np.random.default_rng(seed)
    pairs = sparse.triu(ties, k=1).tocoo()
    chosen = rng.permutation(pairs.nnz)[:most]
    one, other = pairs.row[chosen], pairs.col[chosen]
    rare = 1 / np.sqrt(np.maximum(popularity(kept), 1))
    scaled = ((kept > 0).astype(np.float32) @ sparse.diags_array(rare)).tocsr()
    true = _in_common(scaled, one, other)
    others = []
    for _ in range(controls):
        exchanged = _exchange(np.diff(kept.indptr), rng)
        others.append(_in_common(scaled, exchanged[one], exchanged[other]))
    usual = float(np.mean(others))
    if not len(one) or usual == 0:
        return Signal(1.0 if true == 0 else float("inf"), 0.0, len(one))
    return Signal(true / usual, float(np.std(others)) / usual, len(one))


def _in_common(scaled: Sparse, one: Ints, other: Ints) -> float:
    return float(scaled[one].multiply(scaled[other]).sum()) if len(one) else 0.0


def _exchange(busy: Floats, rng: np.random.Generator) -> Ints:
    """For each person somebody about as busy."""
    order = np.lexsort((rng.random(len(busy)), busy))
    found = np.empty(len(busy), dtype=int)
    for band in np.array_split(order, max(1, len(busy) // 50)):
        found[band] = rng.permutation(band)
    return found
