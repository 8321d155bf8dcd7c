"""What somebody will launch next, learnt from everything that anybody launched, joined or failed with.

Each of the goods has two short vectors: as something that was had, and as something to be chosen. Who chooses stands for what they and their
circle had: chance of a choice ~ how often the goods are chosen in that role · exp(had · chosen). One pass of steepest descent over all
choices, the choice itself left out of what was had; a second pass only learns the choices by heart (measured on a carve-out).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import softmax

from quanzi.growth.recommending.engine.launches import History
from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse

LENGTH, TOGETHER, OTHERS, FAME = 32, 1_024, 1_024, 0.5
"""Numbers in a vector; choices learnt from at once; goods that these are held against, drawn by how often each was had, to the power
of FAME: the famous are what stands before the right ones in the end, and evenly they would hardly be drawn."""
STEP, DAMPING, CIRCLE = 0.08, 0.01, 0.7
"""CIRCLE: what the circle had, against what one had oneself."""
LIKING_NAMES = (
    "liking with circle", "liking",
    *(f"{whose}, {habit} × {fame}" for fame in ("filled", "failed") for whose in ("own", "circle") for habit in ("filled", "failed", "known")),
)  # fmt: skip


@dataclass(frozen=True)
class Likings:
    """had, chosen: goods × LENGTH; taste, wide: people × goods, oneself alone and with the circle."""

    history: History
    had: Floats
    chosen: Floats
    taste: Sparse
    wide: Sparse

    @classmethod
    def learn(cls, history: History, *, seed: int) -> Likings:
        rng = np.random.default_rng(seed)
        taste = history.touched
        wide = (taste + CIRCLE * _of_circle(history, taste)).tocsr().astype(np.float32)
        had, chosen = (_Vectors.drawn(taste.shape[1], rng) for _ in range(2))
        roles = [history.launched.tocoo(), history.failed.tocoo(), history.joined.tocoo()]
        who, goods = (np.concatenate([getattr(role, name) for role in roles]) for name in ("row", "col"))
        part = np.repeat(np.arange(len(roles)), [role.nnz for role in roles])
        often = np.stack([_log_often(role) for role in roles]).astype(np.float32)
        drawn = np.exp(FAME * _log_often(taste))
        drawn /= drawn.sum()
        stands_for = -np.log(drawn * OTHERS).astype(np.float32)
        order = rng.permutation(len(who))
        for start in range(0, len(order), TOGETHER):
            now = order[start : start + TOGETHER]
            others = rng.choice(len(drawn), OTHERS, p=drawn)
            usual = often[part[now]]
            usual = np.column_stack([usual[np.arange(len(now)), goods[now]], usual[:, others] + stands_for[others]])
            _step(had, chosen, _without(wide[who[now]], goods[now]), goods[now], others, usual)
        return cls(history, had.numbers, chosen.numbers, taste, wide)

    def of(self, initiators: Ints, goods: Ints) -> Floats:
        """initiators × goods offered to each × what speaks for the pair: both likings, and how each takes to what is famous."""
        likings = [
            np.stack([self.chosen[some] @ one for some, one in zip(goods, _unit(rows[initiators]) @ self.had, strict=True)])
            for rows in (self.wide, self.taste)
        ]  # fmt: skip
        fame = [_log_often(part)[goods] for part in (self.history.launched, self.history.failed)]
        habits = self._habits(initiators)
        crossed = [known[:, None, :] * habits[:, :, None] for known in fame]
        return np.stack([*likings, *np.concatenate(crossed, axis=1).transpose(1, 0, 2)], axis=2).astype(np.float32)

    def _habits(self, people: Ints) -> Floats:
        """people × how famous things are that they, or their circle, had (against what is usual), and how many."""
        usual = np.asarray(self.taste.sum(axis=0)).ravel() / max(self.taste.sum(), 1)
        fame = [_log_often(part) for part in (self.history.launched, self.history.failed)]
        columns = []
        for rows in (self.taste[people], _of_circle(self.history, self.taste)[people]):
            count = np.asarray(rows.sum(axis=1)).ravel()
            columns += [(rows @ known - known @ usual * count) / (count + 1) for known in fame] + [np.log1p(count)]
        return np.stack(columns, axis=1)


@dataclass
class _Vectors:
    """numbers: one row for each of the goods; steps: squares of its slopes so far, which make its next steps shorter."""

    numbers: Floats
    steps: Floats

    @classmethod
    def drawn(cls, goods: int, rng: np.random.Generator) -> _Vectors:
        numbers = (rng.standard_normal((goods, LENGTH)) * 0.05).astype(np.float32)
        return cls(numbers, np.full(goods, 1e-8, np.float32))

    def go(self, rows: Ints, slope: Floats) -> None:
        """One step downhill for these rows, each named once."""
        slope = slope + DAMPING * self.numbers[rows]
        self.steps[rows] += (slope**2).mean(axis=1)
        self.numbers[rows] -= STEP * slope / np.sqrt(self.steps[rows])[:, None]


def _step(had: _Vectors, chosen: _Vectors, rows: Sparse, goods: Ints, others: Ints, usual: Floats) -> None:
    """Raise the chance of the goods that were chosen against others. rows: what each had, of length 1; usual: of the goods, then of the
    others, the logarithm of how often they are chosen anyway (and for how many each of the others stands)."""
    person = rows @ had.numbers
    true = (person * chosen.numbers[goods]).sum(axis=1)
    slope = softmax(np.column_stack([true, person @ chosen.numbers[others].T]) + usual, axis=1)
    slope[:, 0] -= 1
    back = slope[:, 1:] @ chosen.numbers[others] + slope[:, :1] * chosen.numbers[goods]
    each, number = np.unique(np.concatenate([others, goods]), return_inverse=True)
    gathered = sparse.csr_array((np.ones(len(number), np.float32), (number, np.arange(len(number)))))
    chosen.go(each, gathered @ np.concatenate([slope[:, 1:].T @ person, slope[:, :1] * person]))
    turned = rows.T.tocsr()
    known = np.flatnonzero(np.diff(turned.indptr))
    had.go(known, turned[known] @ back)


def _without(rows: Sparse, goods: Ints) -> Sparse:
    """What each had but for the goods that are asked about."""
    rows.data[rows.indices == np.repeat(goods, np.diff(rows.indptr))] = 0
    rows.eliminate_zeros()
    return _unit(rows)


def _unit(rows: Sparse) -> Sparse:
    sums = np.maximum(np.asarray(rows.sum(axis=1)).ravel(), 0.5)
    return (sparse.diags_array(sums**-0.5) @ rows).tocsr().astype(np.float32)


def _of_circle(history: History, taste: Sparse) -> Sparse:
    near = np.maximum(np.asarray(history.circle.sum(axis=1)).ravel(), 1)
    return (sparse.diags_array(1 / near) @ history.circle @ taste).tocsr()


def _log_often(role: Sparse) -> Floats:
    found: Floats = np.log(np.asarray(role.sum(axis=0), dtype=np.float64).ravel() + 0.3)
    return found
