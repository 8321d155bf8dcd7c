"""Group buying: which goods somebody will bring together a group for, and whether the group will fill.

What is known of a launch: how often the goods found their group, and how often not (apart: a failure is never a plus); what the
initiator launched and joined; what those did with whom the initiator bought before, their circle. The score of a launch is that of the
initiator times the mean of the circle; as logarithms with learnt weights, a sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logsumexp

from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse, blocks, in_threads

NAMES = (
    "filled", "filled²", "joined", "failed", "filled·failed", "own", "own, far", "own, rare", "own, rare and far", "own known",
    "circle", "circle, far", "circle, rare", "circle, rare and far", "circle known", "circle has it",
)  # fmt: skip


@dataclass(frozen=True)
class History:
    """people × goods: groups launched and filled, groups joined, launches that failed; circle: people who bought together."""

    launched: Sparse
    joined: Sparse
    failed: Sparse
    circle: Sparse

    @property
    def touched(self) -> Sparse:
        """Whatever somebody had to do with, as ones."""
        return _ones(self.launched + self.joined + self.failed)


class LaunchFeatures:
    """What speaks for each pair of an initiator and goods."""

    def __init__(self, history: History, taste: Sparse | None = None) -> None:
        """taste: what people had to do with, where the whole of it would tell the answer."""
        self.history = history
        self.taste = history.touched if taste is None else taste
        self.filled, self.joined, self.failed = (
            np.asarray(part.sum(axis=0), dtype=np.float64).ravel()
            for part in (history.launched, history.joined, history.failed)
        )
        near = np.maximum(np.asarray(history.circle.sum(axis=1)).ravel(), 1)
        self.circle_taste = (sparse.diags_array(1 / near) @ history.circle @ self.taste).tocsr()
        self.alike, self.alike_rare = _alike(self.taste, 0.0), _alike(self.taste, 0.5)

    def of(self, initiators: Ints, goods: Ints) -> Floats:
        """initiators × goods offered to each × NAMES."""
        parts = blocks(np.arange(len(initiators)), 2 * self.taste.shape[1])
        return np.concatenate(list(in_threads(lambda part: self._of(initiators[part], goods[part]), parts)))

    def _of(self, initiators: Ints, goods: Ints) -> Floats:
        filled, joined, failed = (np.log(part + 0.3)[goods] for part in (self.filled, self.joined, self.failed))
        columns = [filled, filled**2, joined, failed, filled * failed]
        for taste in (self.taste[initiators], self.circle_taste[initiators]):
            likings = [self._picked(taste @ alike, goods) for alike in (self.alike, self.alike_rare)]
            columns += [np.log(liking + floor) for liking in likings for floor in (1e-3, 3e-2)]
            columns.append(likings[0] > 0)
        columns.append(self._picked(self.circle_taste[initiators], goods) > 0)
        return np.stack(columns, axis=2).astype(np.float32)

    @staticmethod
    def _picked(rows: Sparse, goods: Ints) -> Floats:
        found: Floats = np.take_along_axis(rows.toarray(), goods, axis=1)
        return found


def _alike(taste: Sparse, rarity: float) -> Sparse:
    """Goods × goods: how often the same people had to do with both, damped by how often with each. rarity: of the second."""
    often = np.maximum(np.asarray(taste.sum(axis=0)).ravel(), 1)
    both = (taste.T @ taste).tocsr()
    both.setdiag(0)
    both.eliminate_zeros()
    return (sparse.diags_array(often**-0.5) @ both @ sparse.diags_array(often**-rarity)).tocsr().astype(np.float32)


def _ones(matrix: Sparse) -> Sparse:
    found = matrix.tocsr().copy()
    found.data = np.ones(len(found.data), dtype=np.float32)
    return found


@dataclass(frozen=True)
class Weights:
    """A learnt sum: centre and spread of each feature, its weight, and a beginning."""

    centre: Floats
    spread: Floats
    weight: Floats
    start: float = 0.0

    def __call__(self, features: Floats) -> Floats:
        found: Floats = ((features - self.centre) / self.spread) @ self.weight + self.start
        return found


def learn_choice(features: Floats, damping: float = 1e-4) -> Weights:
    """Weights by which the first of each row's offers is chosen (conditional logit)."""
    centre, spread = features.mean(axis=(0, 1)), features.std(axis=(0, 1)) + 1e-6
    scaled = (features - centre) / spread

    def loss(weight: Floats) -> tuple[float, Floats]:
        scores = scaled @ weight.astype(np.float32)
        chance = np.exp(scores - logsumexp(scores, axis=1, keepdims=True))
        slope = (np.einsum("nk,nkf->nf", chance, scaled) - scaled[:, 0]).mean(axis=0) + 2 * damping * weight
        return float(-np.log(np.maximum(chance[:, 0], 1e-30)).mean() + damping * weight @ weight), slope.astype(float)

    found = minimize(loss, np.zeros(features.shape[2]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return Weights(centre, spread, found.x)


def learn_chance(features: Floats, came: Floats, damping: float = 1e-6) -> Weights:
    """Weights of the chance that something came about (logistic)."""
    centre, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled, sign = (features - centre) / spread, 2.0 * came - 1

    def loss(both: Floats) -> tuple[float, Floats]:
        scores = (scaled @ both[1:] + both[0]) * sign
        pull = -expit(-scores) * sign / len(sign)
        slope = np.concatenate([[pull.sum()], scaled.T @ pull + 2 * damping * both[1:]])
        return float(-log_expit(scores).mean() + damping * both[1:] @ both[1:]), slope

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return Weights(centre, spread, found.x[1:], float(found.x[0]))


def auc(scores: Floats, came: Floats) -> float:
    """The chance that one that came about scores above one that did not; equals count half."""
    _, place, times = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(times)
    rank = (ends - (times - 1) / 2)[place]
    yes = float(came.sum())
    return float((rank[came > 0].sum() - yes * (yes + 1) / 2) / (yes * (len(came) - yes)))


def calibration_error(chance: Floats, came: Floats, bins: int = 15) -> float:
    """ECE: how far chances are from what came about, in bins of equal width, weighted by how many are in each."""
    place = np.minimum((chance * bins).astype(int), bins - 1)
    gaps = np.bincount(place, chance - came, minlength=bins)
    return float(np.abs(gaps).sum() / len(chance))
