"""From kept lines and ties to a shelf for each member: what the engine is given, and what becomes of its answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction

from quanzi.growth.recommending.engine.matrices import Flags, Ints, Sparse, blocks, matrix_of
from quanzi.growth.recommending.engine.measuring import first
from quanzi.growth.recommending.engine.ridge import TrustRidge
from quanzi.growth.recommending.engine.tuning import Tuned, tune
from quanzi.growth.recommending.models import CircleShelf, Shelf, Training
from quanzi.people.trust.queries import ties_in_use

PLACES, CIRCLE_PLACES = 60, 20
LINES = """
SELECT line.member_id, line.product_id, CASE WHEN bool_or(line.kept_at IS NOT NULL) THEN 1.0 ELSE 0.5 END
FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id
JOIN accounts_member m ON m.id = line.member_id AND m.is_active
WHERE o.paid_at IS NOT NULL AND o.origin <> 'replay' AND o.state NOT IN ('cancelled', 'refunded')
  AND line.returned_at IS NULL AND line.dropped_at IS NULL
  AND NOT EXISTS (SELECT FROM recommending_choice c WHERE c.member_id = line.member_id AND NOT c.is_personal)
  AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = line.member_id AND r.left_out)
GROUP BY line.member_id, line.product_id ORDER BY line.member_id, line.product_id
"""
"""What people kept; what is paid and not kept yet counts half. Returned, cancelled and failed is nothing; wishes and looks stay private."""

AGREED = """
SELECT p.member_id FROM contact_permission p
WHERE p.purpose = 'recommendation' AND p.granted
  AND NOT EXISTS (SELECT FROM recommending_choice c WHERE c.member_id = p.member_id AND NOT c.is_personal)
"""
CIRCLES = "SELECT circle_id, member_id FROM circles_membership WHERE state = 'joined' ORDER BY circle_id"


@dataclass(frozen=True)
class Facts:
    """Rows of kept and ties are `people`, columns of kept `goods`; offered: whether goods are on sale."""

    people: list[int]
    goods: list[int]
    kept: Sparse
    ties: Sparse | None
    offered: Flags


def facts(now: datetime) -> Facts:
    """What the engine may know. A tie counts where both people agreed that their ties recommend."""
    with connection.cursor() as cursor:
        cursor.execute(LINES)
        lines = cursor.fetchall()
        cursor.execute(AGREED)
        agreed = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT id FROM catalogue_product WHERE state = 'on_sale' ORDER BY id")
        on_sale = {row[0] for row in cursor.fetchall()}
    found = [(one, other, weight) for one, other, weight in ties_in_use(now) if one in agreed and other in agreed]
    people = sorted({row[0] for row in lines} | {one for pair in found for one in pair[:2]})
    goods = sorted({row[1] for row in lines})
    person, good = ({one: place for place, one in enumerate(ids)} for ids in (people, goods))
    kept = matrix_of([(person[a], good[b], float(weight)) for a, b, weight in lines], (len(people), len(goods)))
    size = (len(people), len(people))
    graph = matrix_of([(person[a], person[b], weight) for a, b, weight in found], size, added=False) if found else None
    ties = graph.maximum(graph.T).tocsr() if graph is not None else None
    return Facts(people, goods, kept, ties, np.array([one in on_sale for one in goods], dtype=bool))


def train(
    *, now: datetime, seconds: float = 120.0, seed: int = 0, say: Callable[[str], None] = lambda words: None
) -> Training:
    """Read, choose the setting, fit, and put new shelves in place of the old ones. Safe to repeat; seconds: for the choice."""
    began = time.monotonic()
    known = facts(now)
    say(f"{len(known.people)} people, {len(known.goods)} goods, {known.kept.nnz} lines")
    tuned = tune(known.kept, known.ties, seed=seed, seconds=seconds, say=say)
    shelves: list[Shelf] = []
    circles: list[CircleShelf] = []
    if known.kept.nnz:
        engine = TrustRidge.fit(known.kept, known.ties, tuned.setting, seed=seed)
        shelves = list(_shelves(engine, known, now))
        circles = list(_circles(engine, known, now))
    return _exchange(known, tuned, shelves, circles, now, began)


@transaction.atomic
def _exchange(
    known: Facts, tuned: Tuned, shelves: list[Shelf], circles: list[CircleShelf], now: datetime, began: float
) -> Training:
    Shelf.objects.all().delete()
    Shelf.objects.bulk_create(shelves, batch_size=2_000)
    CircleShelf.objects.all().delete()
    CircleShelf.objects.bulk_create(circles, batch_size=2_000)
    carve_out: dict[str, Any] = {"people": tuned.people, "tried": tuned.tried, "cut": tuned.cut, **tuned.found}
    return Training.objects.create(
        trained_at=now, seconds=round(time.monotonic() - began, 1), people=len(known.people), goods=len(known.goods),
        lines=known.kept.nnz, ties=known.ties.nnz if known.ties is not None else 0, setting=tuned.setting.as_dict(),
        carve_out=carve_out,
    )  # fmt: skip


def _shelves(engine: TrustRidge, known: Facts, now: datetime) -> Iterable[Shelf]:
    alike = _bought_by_the_same(known.kept)
    for rows in blocks(np.arange(len(known.people)), len(known.people) + len(known.goods)):
        scores = engine.scores(rows)
        scores[:, ~known.offered] = -np.inf
        order = first(scores, known.kept, rows, PLACES)
        for row, wanted in zip(rows, order, strict=True):
            places = wanted[known.offered[wanted] & np.isin(wanted, known.kept[[row]].indices, invert=True)]
            said = zip(
                [known.goods[one] for one in places],
                _because(known, alike, row, places),
                _tied(engine, row, places),
                strict=True,
            )
            yield Shelf(member_id=known.people[row], places=[[*one] for one in said], trained_at=now)


def _bought_by_the_same(kept: Sparse) -> Sparse:
    """Goods × goods: how many people kept both, where these are two at least."""
    whole = (kept >= 1).astype(np.float32)
    both = (whole.T @ whole).tocsr()
    both.setdiag(0)
    both.data[both.data < 2] = 0
    both.eliminate_zeros()
    return both


def _because(known: Facts, alike: Sparse, row: int, places: Ints) -> list[int]:
    """For each place the goods of the person's own that most people kept beside it; 0 where fewer than two did."""
    own = known.kept[[row]].indices
    if not len(own) or not len(places):
        return [0] * len(places)
    counts = alike[places][:, own].toarray()
    best = counts.argmax(axis=1)
    return [known.goods[own[one]] if counts[place, one] else 0 for place, one in enumerate(best)]


def _tied(engine: TrustRidge, row: int, places: Ints) -> list[int]:
    """How much of each score ties carry, in percent."""
    tie_row = engine.tie_row(row)
    friends = np.flatnonzero(tie_row)
    if not len(friends) or not len(places):
        return [0] * len(places)
    carried = engine.carried(tie_row, friends, places).sum(axis=0)
    whole = engine.scores(np.array([row]))[0][places]
    share = np.where(whole > 0, 100 * carried / np.where(whole > 0, whole, 1), 0)
    return [int(one) for one in np.clip(np.round(share), 0, 100)]


def _circles(engine: TrustRidge, known: Facts, now: datetime) -> Iterable[CircleShelf]:
    """What stands well with most people of a circle: the mean of their places, each person counting the same."""
    place = {one: number for number, one in enumerate(known.people)}
    members: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(CIRCLES)
        for circle, member in cursor.fetchall():
            if member in place:
                members.setdefault(circle, []).append(place[member])
    for circle, rows in members.items():
        if len(rows) < 3:
            continue
        scores = engine.scores(np.array(rows[:500]))
        liked = (scores / np.maximum(np.abs(scores).max(axis=1, keepdims=True), 1e-9)).mean(axis=0)
        liked[~known.offered] = -np.inf
        best = np.argsort(-liked, kind="stable")[:CIRCLE_PLACES]
        yield CircleShelf(
            circle_id=circle, goods=[known.goods[one] for one in best if known.offered[one]], trained_at=now
        )
