"""From kept lines and ties to a shelf for each member: what the engine is given, and what becomes of its answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Max

from quanzi.growth.recommending.engine.matrices import Sparse, matrix_of
from quanzi.growth.recommending.engine.ridge import TrustRidge
from quanzi.growth.recommending.engine.settings import Setting
from quanzi.growth.recommending.engine.tuning import Tuned, tune
from quanzi.growth.recommending.models import CircleShelf, Shelf, Training
from quanzi.growth.recommending.shelving import Facts, Shelving
from quanzi.people.trust.queries import ties_in_use

LINES = """
SELECT line.member_id, line.product_id, CASE WHEN bool_or(line.kept_at IS NOT NULL) THEN 1.0 ELSE 0.5 END
FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id
JOIN accounts_member m ON m.id = line.member_id AND m.is_active
WHERE o.paid_at IS NOT NULL AND o.origin <> 'replay' AND o.state NOT IN ('cancelled', 'refunded')
  AND line.returned_at IS NULL AND line.dropped_at IS NULL
  AND NOT EXISTS (SELECT FROM recommending_choice c WHERE c.member_id = line.member_id AND NOT c.is_personal)
  AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = line.member_id AND r.left_out)
  {narrowed}
GROUP BY line.member_id, line.product_id ORDER BY line.member_id, line.product_id
"""
"""What people kept; what is paid and not kept yet counts half. Returned, cancelled and failed is nothing; wishes and looks stay private."""

AGREED = """
SELECT p.member_id FROM contact_permission p
WHERE p.purpose = 'recommendation' AND p.granted
  AND NOT EXISTS (SELECT FROM recommending_choice c WHERE c.member_id = p.member_id AND NOT c.is_personal)
"""
CHANGED = """
SELECT line.member_id FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id
WHERE o.paid_at > %(since)s OR line.kept_at > %(since)s OR line.returned_at > %(since)s
UNION SELECT p.member_id FROM contact_permission p JOIN contact_consent c ON c.id = p.consent_id
    WHERE p.purpose = 'recommendation' AND p.granted AND c.decided_at > %(since)s
UNION SELECT c.member_id FROM recommending_choice c WHERE c.is_personal AND c.changed_at > %(since)s
"""
"""Whose goods or agreements changed since."""

AGAIN = """
INSERT INTO recommending_again (product_id, days, people)
SELECT product_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days), count(DISTINCT member_id)
FROM (SELECT line.product_id, line.member_id,
             extract(epoch FROM o.paid_at - lag(o.paid_at) OVER (PARTITION BY line.member_id, line.product_id ORDER BY o.paid_at)) / 86400 AS days
      FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id AND o.paid_at IS NOT NULL AND o.origin <> 'replay'
      WHERE line.kept_at IS NOT NULL) AS gaps
WHERE days >= 3 GROUP BY product_id HAVING count(DISTINCT member_id) >= 3
"""
"""After how many days people have the same goods again: the median, where three people at least did."""

MOST_KEPT = """
SELECT line.product_id FROM sales_orderline line JOIN catalogue_product p ON p.id = line.product_id AND p.state = 'on_sale'
WHERE line.kept_at IS NOT NULL GROUP BY line.product_id ORDER BY count(DISTINCT line.member_id) DESC, line.product_id LIMIT 200
"""
OVERLAP = timedelta(minutes=5)
"""What was committed a moment late is read again."""

CIRCLES = "SELECT circle_id, member_id FROM circles_membership WHERE state = 'joined' ORDER BY circle_id"


def facts(now: datetime) -> Facts:
    """What the engine may know. A tie counts where both people agreed that their ties recommend."""
    with connection.cursor() as cursor:
        cursor.execute(LINES.format(narrowed=""))
        lines = cursor.fetchall()
        agreed = _agreed()
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


def _agreed() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(AGREED)
        return {row[0] for row in cursor.fetchall()}


def train(
    *, now: datetime, seconds: float = 120.0, seed: int = 0, say: Callable[[str], None] = lambda words: None
) -> Training:
    """Read, choose the setting, fit, and put new shelves in place of the old ones. Safe to repeat; seconds: for the choice."""
    began = time.monotonic()
    known = facts(now)
    say(f"{len(known.people)} people, {len(known.goods)} goods, {known.kept.nnz} lines")
    tuned = tune(known.kept, known.ties, seed=seed, seconds=seconds, say=say)
    if not known.kept.nnz:
        return _exchange(known, tuned, [], [], now, began)
    made = Shelving(TrustRidge.fit(known.kept, known.ties, tuned.setting, seed=seed), known, now)
    training = _exchange(known, tuned, list(made.of_everybody()), list(made.of_circles(_joined())), now, began)
    _keep(training, made)
    return training


def _joined() -> Iterable[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(CIRCLES)
        return [(circle, member) for circle, member in cursor.fetchall()]


def fold_in(*, now: datetime) -> int:
    """Shelves for those who came, bought, kept or gave back since, without waiting for the night; answers how many.

    The engine of the last training takes them in; where this process does not have it, it is fitted again with the setting found then.
    Safe to repeat.
    """
    last = Training.objects.order_by("-trained_at").first()
    if last is None or not last.lines:
        return 0
    newest = Shelf.objects.aggregate(at=Max("trained_at"))["at"] or last.trained_at
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, {"since": max(newest, last.trained_at) - OVERLAP})
        changed = {row[0] for row in cursor.fetchall()}
    if not changed:
        return 0
    kept, members, ties = _rows_of(changed, made := _engine_of(last, now), now)
    shelves = list(replace(made, at=now).of_new(members, kept, ties))
    with transaction.atomic():
        # Whoever trains waits, so that nothing older stands in the place of what the night found.
        if Training.objects.select_for_update().order_by("-trained_at").first() != last:
            return 0
        Shelf.objects.filter(member__in=changed).delete()
        Shelf.objects.bulk_create(shelves)
    return len(shelves)


_made: dict[int, Shelving] = {}
"""The engine of the last training, by its row; lost with the process."""


def _engine_of(last: Training, now: datetime) -> Shelving:
    if last.pk not in _made:
        known = facts(now)
        _keep(last, Shelving(TrustRidge.fit(known.kept, known.ties, Setting(**last.setting)), known, now))
    return _made[last.pk]


def _keep(training: Training, made: Shelving) -> None:
    _made.clear()
    _made[training.pk] = made


def _rows_of(changed: set[int], made: Shelving, now: datetime) -> tuple[Sparse, list[int], Sparse | None]:
    """What these people kept of the goods that the engine knows, who of them may have a shelf, and their ties to people it knows."""
    with connection.cursor() as cursor:
        cursor.execute(LINES.format(narrowed="AND line.member_id = ANY(%s)"), [list(changed)])
        lines = cursor.fetchall()
        agreed = _agreed()
    known, good = ({one: place for place, one in enumerate(ids)} for ids in (made.known.people, made.known.goods))
    near: dict[tuple[int, int], float] = {}
    for one, other, weight in ties_in_use(now, of=list(changed)):
        for pair in ((one, other), (other, one)):
            if pair[0] in changed and pair[1] in known and one in agreed and other in agreed:
                near[pair] = max(near.get(pair, 0.0), weight)
    members = sorted({line[0] for line in lines} | {pair[0] for pair in near})
    row = {one: place for place, one in enumerate(members)}
    kept = matrix_of([(row[a], good[b], float(w)) for a, b, w in lines if b in good], (len(members), len(good)))
    size = (len(members), len(known))
    return kept, members, matrix_of([(row[a], known[b], w) for (a, b), w in near.items()], size) if near else None


@transaction.atomic
def _exchange(
    known: Facts, tuned: Tuned, shelves: list[Shelf], circles: list[CircleShelf], now: datetime, began: float
) -> Training:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM recommending_training ORDER BY trained_at DESC LIMIT 1 FOR UPDATE")
        cursor.execute("DELETE FROM recommending_again")
        cursor.execute(AGAIN)
        cursor.execute(MOST_KEPT)
        most_kept = [row[0] for row in cursor.fetchall()]
    Shelf.objects.all().delete()
    Shelf.objects.bulk_create(shelves, batch_size=2_000)
    CircleShelf.objects.all().delete()
    CircleShelf.objects.bulk_create(circles, batch_size=2_000)
    carve_out: dict[str, Any] = {"people": tuned.people, "tried": tuned.tried, "cut": tuned.cut, **tuned.found}
    return Training.objects.create(
        trained_at=now, seconds=round(time.monotonic() - began, 1), people=len(known.people), goods=len(known.goods),
        lines=known.kept.nnz, ties=known.ties.nnz if known.ties is not None else 0, setting=tuned.setting.as_dict(),
        carve_out=carve_out, most_kept=most_kept,
    )  # fmt: skip
