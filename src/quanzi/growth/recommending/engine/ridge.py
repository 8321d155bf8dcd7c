"""TrustRidge: scores of goods for people, in closed form, from what they kept and whom they trust.

    exact:     A = (G + l m I)^-1 ;  score(u, j) = -(A Rn)_uj * d_j^c / q_j^e ,  q_j = 1 - rn_j' A rn_j
    low rank:  G ~ U diag(s) U' (the k largest) ; mu = s_k + l m ; f(s) = s / (s + l m)
               score = [U diag(f(s) - s / mu) U' + G / mu] Rn * d_j^c

On goods that a person does not have, both are `G M Rn` times a weight of the goods (and times l m, which orders nothing): the row of
a person in G, smoothed by a matrix M of people. Hence one way to score, whatever the form; new people need only a row of G;
and the part of a score that a friend carries is one term of that sum. M is A, or U diag((f(s) - s / mu) / s) U' + I / mu.

A row of G is `own Rn' + tied`, hardly anything beside all people. With few vectors it is never written out: `own Rn' U` is
`own (Rn' U)`, and `own Rn' Rn` is `own (Rn' Rn)`, both of goods alone, so a score costs the vectors times the goods.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, sparse

from quanzi.growth.recommending.engine.kernel import FEW, Kernel, Rows, damping
from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse, blocks
from quanzi.growth.recommending.engine.settings import Setting
from quanzi.growth.recommending.engine.simple import popularity

EXACT_UP_TO = 3_000
"""People up to whom the exact form is affordable: it is cubic."""


@dataclass(frozen=True)
class Smoother:
    """The matrix M: vectors diag(shares) vectors' + rest I.

    The exact form has two makings of the same: eigenvectors, from which every amount of smoothing follows at once, and the
    inverse of a Cholesky factor (A = L^-T L^-1), ten times as quick for a single one.
    """

    vectors: Floats
    shares: Floats
    rest: float

    @classmethod
    def exact(cls, values: Floats, vectors: Floats, smoothing: float) -> Smoother:
        return cls(_single(vectors), _single(1 / (values + smoothing)), 0.0)

    @classmethod
    def solved(cls, dense: Floats, smoothing: float) -> Smoother:
        """The exact form from G itself, which is used up."""
        dense[np.diag_indices(len(dense))] += smoothing
        factor = linalg.cholesky(dense, lower=True, overwrite_a=True, check_finite=False)
        inverse, failed = linalg.get_lapack_funcs("trtri", (factor,))(factor, lower=1, overwrite_c=1)
        if failed:
            raise np.linalg.LinAlgError(f"singular at {failed}")
        return cls(_single(np.tril(inverse).T), np.ones(len(dense), np.float32), 0.0)

    @classmethod
    def low_rank(cls, values: Floats, vectors: Floats, smoothing: float) -> Smoother:
        edge = float(values[-1]) + smoothing
        return cls(_single(vectors), _single(1 / (values + smoothing) - 1 / edge), 1 / edge)

    def times(self, rows: Floats) -> Floats:
        """rows M, for dense rows over people."""
        found: Floats = ((rows @ self.vectors) * self.shares) @ self.vectors.T
        return found + np.float32(self.rest) * rows if self.rest else found

    def of(self, people: Ints) -> Floats:
        """The rows of M themselves."""
        found: Floats = (self.vectors[people] * self.shares) @ self.vectors.T
        found[np.arange(len(people)), people] += np.float32(self.rest)
        return found


@dataclass(frozen=True)
class TrustRidge:
    """A fitted engine. goods_weight: d^c / q^e of each; kept_by: how many kept it, which decides between equals."""

    setting: Setting
    kernel: Kernel
    smoother: Smoother
    goods_weight: Floats
    kept_by: Floats

    @classmethod
    def fit(cls, kept: Sparse, ties: Sparse | None, setting: Setting, *, seed: int = 0) -> TrustRidge:
        matrix = weighted(kept, setting.power)
        kernel = Kernel.of(matrix, ties, a=setting.a, b=setting.b)
        w = setting.w if ties is not None else 0.0
        if setting.is_exact:
            return cls._of(kernel, Smoother.solved(kernel.dense(w), setting.l * kernel.scale), setting)
        parts = kernel.all(w) if setting.k >= kernel.people // 3 else kernel.strongest(setting.k, w, seed)
        return cls.from_parts(kernel, parts, setting)

    @classmethod
    def from_parts(cls, kernel: Kernel, parts: tuple[Floats, Floats], setting: Setting) -> TrustRidge:
        """The engine of a setting from eigenvalues and vectors that are already known (at least as many as it asks for)."""
        values, vectors = parts
        smoothing = setting.l * kernel.scale
        if setting.is_exact:
            smoother = Smoother.exact(values, vectors, smoothing)
        else:
            smoother = Smoother.low_rank(values[: setting.k], vectors[:, : setting.k], smoothing)
        return cls._of(kernel, smoother, setting)

    @classmethod
    def _of(cls, kernel: Kernel, smoother: Smoother, setting: Setting) -> TrustRidge:
        return cls(setting, kernel, smoother, goods_weight(kernel, smoother, setting), popularity(kernel.kept))

    @property
    def w(self) -> float:
        return self.setting.w if self.kernel.ties is not None else 0.0

    def scores(self, rows: Ints) -> Floats:
        """Scores of all goods for people of the fit; who kept nothing is heard through ties, else gets what most kept."""
        return self._from_rows(self.kernel.rows(rows, self.w, self.setting.near))

    def scores_of_new(self, kept: Sparse, ties: Sparse | None) -> Floats:
        """Scores for people who were not there: their goods (rows × goods) and ties to those who were (rows × people)."""
        return self._from_rows(self.rows_of_new(kept, ties))

    def scores_and_ties(self, rows: Ints) -> tuple[Floats, Floats | None]:
        """Scores, and the part of each that ties carry (None where they carry nothing)."""
        return self._with_ties(self.kernel.rows(rows, self.w, self.setting.near), self.tie_rows(rows))

    def scores_and_ties_of_new(self, kept: Sparse, ties: Sparse | None) -> tuple[Floats, Floats | None]:
        """The same for people who were not there."""
        return self._with_ties(self.rows_of_new(kept, ties), self._ties_of_new(kept, ties))

    def _with_ties(self, rows: Rows, tied: Sparse | None) -> tuple[Floats, Floats | None]:
        part = None
        if tied is not None and tied.nnz:
            nothing = sparse.csr_array(rows.own.shape, dtype=np.float32)
            part = self._in_goods(Rows(nothing, tied)) * self.goods_weight
        return self._from_rows(rows), part

    def rows_of_new(self, kept: Sparse, ties: Sparse | None) -> Rows:
        """The rows that new people would have in G."""
        matrix = weighted(kept, self.setting.power)
        sums = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
        own = self._damped(matrix, damping(sums, self.kernel.a), self.kernel.goods_damping)
        return Rows(own, self._ties_of_new(kept, ties))

    def _ties_of_new(self, kept: Sparse, ties: Sparse | None) -> Sparse | None:
        if ties is None:
            return None
        weights = np.where(np.diff(kept.indptr) < FEW, max(self.w, self.setting.near), self.w) * self.kernel.scale
        near = damping(np.asarray(ties.sum(axis=1), dtype=np.float64).ravel(), 0.5)
        return self._damped(ties, weights * near, self.kernel.ties_damping)

    def carried(self, row: Floats, friends: Ints, goods: Ints) -> Floats:
        """The part of a score that each entry of a row of G stands for: friends × goods.

        row: that of the person in G, or only its part that ties made. The parts of all people add up to the score.
        """
        likings = self.smoother.of(friends) @ self.kernel.kept[:, goods].toarray()
        found: Floats = row[friends][:, None] * likings * self.goods_weight[goods]
        return found

    def tie_rows(self, people: Ints) -> Sparse | None:
        """What ties give to rows of G; None without ties."""
        if self.kernel.ties is None:
            return None
        weights = np.where(self.kernel.has[people] < FEW, max(self.w, self.setting.near), self.w) * self.kernel.scale
        return (sparse.diags_array(weights) @ self.kernel.ties[people]).tocsr().astype(np.float32)

    def tie_row(self, person: int) -> Floats:
        """What ties give to a person's row of G."""
        found = self.tie_rows(np.array([person]))
        return np.zeros(self.kernel.people, np.float32) if found is None else found.toarray().ravel()

    def _from_rows(self, rows: Rows) -> Floats:
        found = self._in_goods(rows) * self.goods_weight
        settle(found, self.kept_by)
        return found

    def _in_goods(self, rows: Rows) -> Floats:
        """rows M Rn, dense."""
        smoother, kernel = self.smoother, self.kernel
        if not smoother.rest:  # as many vectors as people: the goods' side of them would be the larger one
            return in_goods(kernel, smoother.times(rows.whole(kernel)))
        along, beside = rows.own @ self._goods_vectors, rows.own @ kernel.beside
        if rows.tied is not None:
            along, beside = along + rows.tied @ smoother.vectors, beside + rows.tied @ kernel.kept
        found: Floats = (along * smoother.shares) @ self._goods_vectors.T
        found += np.float32(smoother.rest) * beside.toarray()
        return found

    @cached_property
    def _goods_vectors(self) -> Floats:
        """goods × vectors: Rn' U."""
        return _single(self.kernel.turned @ self.smoother.vectors)

    @staticmethod
    def _damped(matrix: Sparse, by_row: Floats, by_column: Floats) -> Sparse:
        return (sparse.diags_array(by_row) @ matrix @ sparse.diags_array(by_column)).tocsr().astype(np.float32)


def in_goods(kernel: Kernel, rows: Floats) -> Floats:
    """rows Rn: from people to goods, dense."""
    found: Floats = np.ascontiguousarray((kernel.turned @ np.ascontiguousarray(rows.T)).T)
    return found


def settle(scores: Floats, kept_by: Floats) -> None:
    """Equal scores are ordered by how many kept the goods; a row without any becomes that order. In place."""
    reach = np.maximum(scores.max(axis=1, keepdims=True), -scores.min(axis=1, keepdims=True))
    top = max(float(kept_by.max(initial=0)), 1.0)
    scores += np.where(reach > 0, reach * np.float32(1e-6), 1) * (kept_by / top)


def goods_weight(kernel: Kernel, smoother: Smoother, setting: Setting) -> Floats:
    """d_j^c / q_j^e."""
    known = np.asarray(kernel.turned.astype(bool).sum(axis=1), dtype=np.float64).ravel()
    weight = np.where(known > 0, np.maximum(known, 1) ** setting.c, 0)
    if setting.e and setting.is_exact:
        weight = weight / np.maximum(_rest_of_goods(kernel, smoother), 1e-3)
    return _single(weight)


def _rest_of_goods(kernel: Kernel, smoother: Smoother) -> Floats:
    """q_j = 1 - rn_j' A rn_j: what is left of a good when the others have spoken for it."""
    found = np.ones(kernel.turned.shape[0])
    for part in blocks(np.arange(len(found)), kernel.people):
        seen = kernel.turned[part] @ smoother.vectors
        found[part] = 1 - np.einsum("ij,ij,j->i", seen, seen, smoother.shares)
    return found


def weighted(kept: Sparse, power: float) -> Sparse:
    """kept with its weights raised to a power; 0 makes each of them one."""
    found = kept.copy()
    found.data = np.ones_like(found.data) if power == 0 else found.data**power
    return found


def _single(numbers: Floats) -> Floats:
    return np.ascontiguousarray(numbers, dtype=np.float32)
