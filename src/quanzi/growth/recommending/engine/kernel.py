"""How alike people are: by what they kept, and by their ties. Never written out as a whole; asked for in blocks of rows.

Rn = Du^-a R Di^-b       T = Ds^-1/2 S Ds^-1/2       m = mean diagonal of Rn Rn'
G  = Rn Rn' + w m (T + I)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse

FEW = 5
"""People who kept fewer goods than this are heard through their ties more."""


def damping(sums: Floats, power: float) -> Floats:
    """sums ** -power, and 0 where there is nothing."""
    found: Floats = np.zeros(len(sums))
    found[sums > 0] = sums[sums > 0] ** -power
    return found


@dataclass(frozen=True)
class Rows:
    """Rows of G by what they are made of: own Rn' + tied. own: people × goods, damped; tied: people × people, or None."""

    own: Sparse
    tied: Sparse | None

    def whole(self, kernel: Kernel) -> Floats:
        """Written out, dense."""
        found: Floats = (self.own @ kernel.turned).toarray()
        return found if self.tied is None else found + self.tied.toarray()


@dataclass(frozen=True)
class Kernel:
    """kept: people × goods, damped; ties: people × people, damped, or None; scale: m of the formula.

    goods_damping, ties_damping: to treat new people alike. has: how many goods each person kept.
    """

    kept: Sparse
    ties: Sparse | None
    scale: float
    goods_damping: Floats
    ties_damping: Floats
    a: float
    has: Floats

    @classmethod
    def of(cls, matrix: Sparse, ties: Sparse | None, *, a: float, b: float) -> Kernel:
        by_person = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
        goods_damping = damping(np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel(), b)
        kept = scaled(matrix, damping(by_person, a), goods_damping)
        own = np.asarray(kept.multiply(kept).sum(axis=1)).ravel()
        scale = float(own[by_person > 0].mean()) if np.any(by_person > 0) else 1.0
        has = np.diff(matrix.indptr)
        ties_damping = np.ones(matrix.shape[0])  # whoever has no tie yet may get one by somebody new
        if ties is not None:
            sums = np.asarray(ties.sum(axis=1), dtype=np.float64).ravel()
            ties_damping = np.where(sums > 0, damping(sums, 0.5), 1.0)
            ties = scaled(ties, ties_damping, ties_damping)
        return cls(kept, ties, scale, goods_damping, ties_damping, a, has)

    @property
    def people(self) -> int:
        return int(self.kept.shape[0])

    @cached_property
    def turned(self) -> Sparse:
        """goods × people, in rows of goods."""
        return self.kept.T.tocsr()

    def times(self, vector: Floats, w: float) -> Floats:
        """G times a vector, or some columns."""
        found: Floats = self.kept @ (self.turned @ vector)
        if w and self.ties is not None:
            found = found + np.float32(w * self.scale) * (self.ties @ vector + vector)
        return found

    def rows(self, wanted: Ints, w: float, near: float) -> Rows:
        """Rows of G. near: at least this weight for the ties of people who kept hardly anything."""
        own, weights = self.kept[wanted], np.where(self.has[wanted] < FEW, max(w, near), w)
        if self.ties is None or not np.any(weights):
            return Rows(own, None)
        oneself = sparse.csr_array(
            (np.full(len(wanted), w * self.scale), (np.arange(len(wanted)), wanted)), shape=(len(wanted), self.people)
        )
        tied = sparse.diags_array(weights * self.scale) @ self.ties[wanted] + oneself
        return Rows(own, tied.tocsr().astype(np.float32))

    @cached_property
    def beside(self) -> Sparse:
        """goods × goods: Rn' Rn."""
        return (self.turned @ self.kept).tocsr()

    def strongest(self, k: int, w: float, seed: int) -> tuple[Floats, Floats]:
        """The k largest eigenvalues of G, falling, and their vectors as columns."""
        start = np.random.default_rng(seed).standard_normal(self.people).astype(np.float32)
        whole = LinearOperator((self.people, self.people), matvec=lambda x: self.times(x.ravel(), w), dtype=np.float32)
        values, vectors = eigsh(whole, k=k, which="LA", v0=start, tol=1e-3)
        order = np.argsort(-values)
        return values[order], np.ascontiguousarray(vectors[:, order])

    def dense(self, w: float) -> Floats:
        """G as a whole: quadratic in people."""
        found: Floats = (self.kept @ self.turned).toarray()
        if w and self.ties is not None:
            found += np.float32(w * self.scale) * (self.ties.toarray() + np.eye(self.people, dtype=np.float32))
        return found

    def all(self, w: float) -> tuple[Floats, Floats]:
        """Every eigenvalue and eigenvector of G: cubic in people.

        Without ties there are no more of them than goods, and one zero (with no direction) stands for all others.
        """
        if (not w or self.ties is None) and 2 * self.kept.shape[1] <= self.people:
            left, singular, _ = linalg.svd(
                self.kept.toarray(), full_matrices=False, overwrite_a=True, check_finite=False
            )
            return np.pad(singular**2, (0, 1)), np.pad(left, ((0, 0), (0, 1)))
        values, vectors = linalg.eigh(self.dense(w), driver="evd", overwrite_a=True, check_finite=False)
        return np.maximum(values[::-1], 0), np.ascontiguousarray(vectors[:, ::-1])


def scaled(matrix: Sparse, by_row: Floats, by_column: Floats) -> Sparse:
    """Rows and columns multiplied; single precision."""
    return (sparse.diags_array(by_row) @ matrix @ sparse.diags_array(by_column)).tocsr().astype(np.float32)
