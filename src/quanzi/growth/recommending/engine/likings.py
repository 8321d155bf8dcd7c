"""What somebody will launch next, learnt from everything that anybody launched, joined or failed with.

Each of the goods has two vectors: as something that was had, and as something to be chosen. Who chooses stands for what they and their
circle had: chance of a choice ~ how often the goods are chosen in that role · exp(had · chosen). One pass of steepest descent over all
choices, the choice itself left out of what was had; a second pass only learns the choices by heart (measured on a carve-out). Where it begins and
in which order it goes is chance, and chance does not say the same twice: several starts are added up, so that what they agree on is heard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from quanzi.growth.recommending.engine.launches import History
from quanzi.growth.recommending.engine.matrices import Floats, Ints, Sparse

STARTS, LENGTH, TOGETHER, OTHERS, FAME = 4, 64, 1_024, 1_024, 0.5
"""Starts; numbers in a vector of one; choices learnt from at once; goods that these are held against, drawn by how often each was had, to the
power of FAME: the famous are what stands before the right ones in the end, and evenly they would hardly be drawn."""
STEP, DOUBT, DAMPING, CIRCLE = 0.1, 0.03, 0.01, 0.7
"""DOUBT: squares of slopes that everything begins with, so that goods of which little is known go short steps (else the first step is as long as
any, however little speaks for it). CIRCLE: what the circle had, against what one had oneself."""
LIKING_NAMES = (
    "liking with circle", "liking",
    *(f"{whose}, {habit} × {fame}" for fame in ("filled", "failed") for whose in ("own", "circle") for habit in ("filled", "failed", "known")),
)  # fmt: skip


@dataclass(frozen=True)
class Likings:
    """had, chosen: goods × numbers of all starts; taste, wide: people × goods, oneself alone and with the circle."""

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
        choices = _Choices.of(history, wide)
        starts = [choices.learnt(rng) for _ in range(STARTS)]
        had, chosen = (np.concatenate(parts, axis=1) for parts in zip(*starts, strict=True))
        return cls(history, had, chosen, taste, wide)

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


@dataclass(frozen=True)
class _Choices:
    """What everybody chose. rows: choices × goods, what each had but for what they chose, of length 1; role: launched, failed or joined;
    often: roles × goods, as logarithms; drawn: how likely each of the goods is drawn to hold choices against.
    """

    rows: Sparse
    goods: Ints
    role: Ints
    often: Floats
    drawn: Floats

    @classmethod
    def of(cls, history: History, wide: Sparse) -> _Choices:
        roles = [history.launched.tocoo(), history.failed.tocoo(), history.joined.tocoo()]
        who, goods = (np.concatenate([getattr(role, name) for role in roles]) for name in ("row", "col"))
        role = np.repeat(np.arange(len(roles)), [role.nnz for role in roles])
        often = np.stack([_log_often(role) for role in roles]).astype(np.float32)
        drawn = np.exp(FAME * _log_often(history.touched))
        return cls(_without(wide[who], goods), goods, role, often, drawn / drawn.sum())

    def learnt(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Vectors of the goods, had and chosen, from one start."""
        had, chosen = (_Vectors.drawn(len(self.drawn), rng) for _ in range(2))
        stands_for = -np.log(self.drawn * OTHERS).astype(np.float32)
        order = rng.permutation(len(self.goods))
        for start in range(0, len(order), TOGETHER):
            now = order[start : start + TOGETHER]
            others = rng.choice(len(self.drawn), OTHERS, p=self.drawn)
            goods, role = self.goods[now], self.role[now]
            usual = np.column_stack([self.often[role, goods], (self.often[:, others] + stands_for[others])[role]])
            _step(had, chosen, self.rows[now], goods, others, usual)
        return had.numbers, chosen.numbers


@dataclass
class _Vectors:
    """numbers: one row for each of the goods; steps: squares of its slopes so far, which make its next steps shorter."""

    numbers: Floats
    steps: Floats

    @classmethod
    def drawn(cls, goods: int, rng: np.random.Generator) -> _Vectors:
        numbers = (rng.standard_normal((goods, LENGTH)) * 0.05).astype(np.float32)
        return cls(numbers, np.full(goods, DOUBT, np.float32))

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
    slope = _chances(np.column_stack([true, person @ chosen.numbers[others].T]) + usual)
    slope[:, 0] -= 1
    back = slope[:, 1:] @ chosen.numbers[others] + slope[:, :1] * chosen.numbers[goods]
    each, number = np.unique(np.concatenate([others, goods]), return_inverse=True)
    gathered = sparse.csr_array((np.ones(len(number), np.float32), (number, np.arange(len(number)))))
    chosen.go(each, gathered @ np.concatenate([slope[:, 1:].T @ person, slope[:, :1] * person]))
    turned = rows.T.tocsr()
    known = np.flatnonzero(np.diff(turned.indptr))
    had.go(known, turned[known] @ back)


def _chances(scores: Floats) -> Floats:
    """Softmax of each row, in place, in half of the time that scipy's takes."""
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores


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
