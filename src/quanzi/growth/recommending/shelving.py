"""From scores to shelves: of people whom the engine knows, of those who came or bought since, and of circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from quanzi.growth.recommending.engine.matrices import Flags, Floats, Ints, Sparse, blocks
from quanzi.growth.recommending.engine.measuring import first
from quanzi.growth.recommending.engine.ridge import TrustRidge
from quanzi.growth.recommending.models import CircleShelf, Shelf

PLACES, CIRCLE_PLACES = 60, 20


@dataclass(frozen=True)
class Facts:
    """Rows of kept and ties are `people`, columns of kept `goods`; offered: whether goods are on sale."""

    people: list[int]
    goods: list[int]
    kept: Sparse
    ties: Sparse | None
    offered: Flags


@dataclass(frozen=True)
class Shelving:
    """A fitted engine, what it was fitted from, and when."""

    engine: TrustRidge
    known: Facts
    at: datetime

    def of_everybody(self) -> Iterator[Shelf]:
        """A shelf for each person of the fit."""
        for rows in blocks(np.arange(len(self.known.people)), self._width):
            scores, tied = self.engine.scores_and_ties(rows)
            yield from self._shelves([self.known.people[one] for one in rows], self.known.kept[rows], scores, tied)

    def of_new(self, members: Sequence[int], kept: Sparse, ties: Sparse | None) -> Iterator[Shelf]:
        """A shelf for people as they are now. kept: members × goods; ties: members × people, or None."""
        for rows in blocks(np.arange(len(members)), self._width):
            some = ties[rows] if ties is not None else None
            scores, tied = self.engine.scores_and_ties_of_new(kept[rows], some)
            yield from self._shelves([members[one] for one in rows], kept[rows], scores, tied)

    def of_circles(self, joined: Iterable[tuple[int, int]]) -> Iterator[CircleShelf]:
        """What stands well with most people of a circle: the mean of their places, each person counting the same."""
        place = {one: number for number, one in enumerate(self.known.people)}
        members: dict[int, list[int]] = {}
        for circle, member in joined:
            if member in place:
                members.setdefault(circle, []).append(place[member])
        for circle, rows in members.items():
            if len(rows) < 3:
                continue
            scores = self.engine.scores(np.array(rows[:500]))
            liked = (scores / np.maximum(np.abs(scores).max(axis=1, keepdims=True), 1e-9)).mean(axis=0)
            liked[~self.known.offered] = -np.inf
            best = np.argsort(-liked, kind="stable")[:CIRCLE_PLACES]
            goods = [self.known.goods[one] for one in best if self.known.offered[one]]
            yield CircleShelf(circle_id=circle, goods=goods, trained_at=self.at)

    @property
    def _width(self) -> int:
        return len(self.known.people) + len(self.known.goods)

    @cached_property
    def _both(self) -> Sparse:
        """Goods × goods: how many people kept both, where these are two at least."""
        whole = (self.known.kept >= 1).astype(np.float32)
        both = (whole.T @ whole).tocsr()
        both.setdiag(0)
        both.data[both.data < 2] = 0
        both.eliminate_zeros()
        return both

    def _shelves(self, members: Sequence[int], kept: Sparse, scores: Floats, tied: Floats | None) -> Iterator[Shelf]:
        scores[:, ~self.known.offered] = -np.inf
        order = first(scores, kept, np.arange(len(members)), PLACES)
        for row, wanted in enumerate(order):
            own = kept[[row]].indices
            places = wanted[self.known.offered[wanted] & np.isin(wanted, own, invert=True)]
            share = _percent(tied[row, places], scores[row, places]) if tied is not None else [0] * len(places)
            said = zip([self.known.goods[one] for one in places], self._because(own, places), share, strict=True)
            yield Shelf(member_id=members[row], places=[[*one] for one in said], trained_at=self.at)

    def _because(self, own: Ints, places: Ints) -> list[int]:
        """For each place the goods of the person's own that most people kept beside it; 0 where fewer than two did."""
        if not len(own) or not len(places):
            return [0] * len(places)
        counts = self._both[places][:, own].toarray()
        best = counts.argmax(axis=1)
        return [self.known.goods[own[one]] if counts[place, one] else 0 for place, one in enumerate(best)]


def _percent(part: Floats, whole: Floats) -> list[int]:
    share = np.where(whole > 0, 100 * part / np.where(whole > 0, whole, 1), 0)
    return [int(one) for one in np.clip(np.round(share), 0, 100)]
