"""The two plain methods that every engine has to beat: what most people kept, and what goes with what one kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse, blocks


@dataclass(frozen=True)
class Popularity:
    """The same order for everybody: how many people kept it."""

    kept_by: Floats

    @classmethod
    def fit(cls, kept: Sparse) -> Popularity:
        return cls(popularity(kept))

    def scores(self, rows: Ints) -> Floats:
        return np.tile(self.kept_by, (len(rows), 1))


def popularity(kept: Sparse) -> Floats:
    """How many people kept each of the goods."""
    return np.asarray((kept > 0).sum(axis=0), dtype=np.float32).ravel()


@dataclass(frozen=True)
class ItemNeighbours:
    """Goods that resemble what one kept: cosine of their buyers, the nearest of each."""

    kept: Sparse
    near: Sparse

    @classmethod
    def fit(cls, kept: Sparse, neighbours: int = 200) -> ItemNeighbours:
        ones = (kept > 0).astype(np.float32)
        norm = np.sqrt(np.maximum(np.asarray(ones.sum(axis=0)).ravel(), 1))
        unit = (ones @ sparse.diags_array(1 / norm)).tocsr()
        turned = unit.T.tocsr()
        pieces = [
            _nearest((turned[part] @ unit), part, neighbours)
            for part in blocks(np.arange(unit.shape[1]), unit.shape[1])
        ]
        return cls(ones, sparse.vstack(pieces).tocsr())

    def scores(self, rows: Ints) -> Floats:
        found: Floats = (self.kept[rows] @ self.near).toarray()
        return found


def _nearest(likeness: Sparse, part: Ints, neighbours: int) -> Sparse:
    """Rows of likeness with their highest entries only, and never the goods themselves."""
    dense = likeness.toarray()
    dense[np.arange(len(part)), part] = 0
    if dense.shape[1] > neighbours:
        edge = -np.partition(-dense, neighbours - 1, axis=1)[:, neighbours - 1 : neighbours]
        dense[dense < edge] = 0
    return sparse.csr_array(dense.astype(np.float32))
