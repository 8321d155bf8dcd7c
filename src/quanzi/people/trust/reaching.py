"""Who is within three steps, found once for as long as the facts it was found from stand.

Walking three steps reads hundreds of people, and a page asks several times. So a process keeps what it found for the
people who read last, beside the mark of all facts that were read on the way; the mark is asked for each time, and any tie
made, withdrawn or hidden, any block, any person gone makes another one. Strength also fades with time, by a hundred-thousandth in ten
minutes, after which the walk is made again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any

from django.db import connection

from quanzi.base import planned

PEOPLE = 200
"""Whose reach a process keeps; one takes about 200 kB."""

CROWD = 2_000
"""Somebody near a thousand people each of whom knows many is walked for anew: to check would cost as much."""

NEAREST = 60
"""How many are the nearest: of whom a page looks at what each of them did."""

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody within three steps. path: ids from the viewer to them; strength: of the strongest path, 0 to 1.

    is_used: whether things may be recommended through it; false for somebody whom the viewer, or who, left the tie out.
    """

    member_id: int
    steps: int
    strength: float
    path: tuple[int, ...]
    is_used: bool = True

    @property
    def nearness(self) -> tuple[int, float, int]:
        """Of two people the nearer one sorts first."""
        return (self.steps, -self.strength, self.member_id)


@dataclass(frozen=True, slots=True)
class _Walk:
    """people: through whom things may be recommended, nearest: the strongest of them, through: whose ties were read.

    All written as PostgreSQL writes arrays, which is dear for a thousand ids.
    """

    found: Mapping[int, Reached]
    people: str
    nearest: str
    through: str
    mark: int
    at: datetime


WALK = "SELECT member_id, steps, strength, path, is_used FROM trust_reach(%s, %s, %s)"

# Whose ties a walk may have read: the viewer's, those of the people next to them, and of the people next to these.
THROUGH = """
WITH first AS (SELECT target_id AS id FROM trust_edge WHERE source_id = %(viewer)s)
SELECT %(viewer)s::bigint UNION SELECT id FROM first
UNION SELECT e.target_id FROM first JOIN trust_edge e ON e.source_id = first.id
"""

MARK = """coalesce((SELECT bit_xor(hashint8extended(e.version, 0)) FROM trust_edge e WHERE e.source_id = ANY(%(through)s::bigint[])), 0)
     # coalesce((SELECT bit_xor(hashint8extended(b.id, 3)) FROM safety_block b WHERE b.member_id = ANY(%(through)s::bigint[])), 0)
     # coalesce((SELECT bit_xor(hashint8extended(b.id, 4)) FROM safety_block b WHERE b.other_id = ANY(%(through)s::bigint[])), 0)"""

TRIES = 3
"""How often a page reads again because a tie changed while it read; then it is of the moment before."""

_walks: OrderedDict[tuple[int, int], _Walk] = OrderedDict()
_lock = threading.Lock()


def reached(member_id: int, steps: int, now: datetime) -> Mapping[int, Reached]:
    """Everybody within `steps` by the strongest path, by id."""
    if connection.in_atomic_block:  # what is written around us is not final, and may be our own
        return _walk(member_id, steps, now)
    kept = _young(member_id, steps, now)
    if kept is not None and _mark(kept.through) == kept.mark:
        return kept.found
    return _keep(member_id, steps, now).found


def read_with_reach(
    member_id: int, steps: int, now: datetime, sql: str, params: Mapping[str, Any]
) -> tuple[tuple[Any, ...], Mapping[int, Reached]]:
    """The only row of a statement (empty without one), and who is reached, of one moment. Not inside a transaction.

    sql: may use %(people)s, the ids of everybody reached through whom things may be recommended, and %(nearest)s, those of the
    strongest of them; its last column is MARK, which proves the walk in the same statement.
    """
    walk = _young(member_id, steps, now) or _keep(member_id, steps, now)
    for _ in range(TRIES):
        known = {"people": walk.people, "nearest": walk.nearest, "through": walk.through}
        found = planned.rows(sql, {**params, **known})
        if not found or found[0][-1] == walk.mark:
            break
        walk = _keep(member_id, steps, now)
    return found[0][:-1] if found else (), walk.found


def forget() -> None:
    """As a process that has just begun."""
    with _lock:
        _walks.clear()


def _young(member_id: int, steps: int, now: datetime) -> _Walk | None:
    kept = _walks.get((member_id, steps))
    return kept if kept is not None and abs(now - kept.at) < LASTS else None


def _keep(member_id: int, steps: int, now: datetime) -> _Walk:
    with planned.one_snapshot():  # the mark is of the very facts that were read
        found = _walk(member_id, steps, now)
        ids = [row[0] for row in planned.rows(THROUGH, {"viewer": member_id})]
        is_kept = len(ids) <= CROWD
        through = _array(ids if is_kept else ())
        used = _array(one.member_id for one in found.values() if one.is_used)
        walk = _Walk(found, used, _array(nearest_of(found)), through, _mark(through), now)
    if is_kept:
        with _lock:
            _walks[member_id, steps] = walk
            _walks.move_to_end((member_id, steps))
            while len(_walks) > PEOPLE:
                _walks.popitem(last=False)
    return walk


def nearest_of(found: Mapping[int, Reached]) -> list[int]:
    """The strongest through whom things may be recommended, at most NEAREST."""
    used = (one for one in found.values() if one.is_used)
    return [one.member_id for one in nsmallest(NEAREST, used, key=lambda one: (-one.strength, one.member_id))]


def _array(ids: Iterable[int]) -> str:
    return f"{{{','.join(map(str, ids))}}}"


def _walk(member_id: int, steps: int, now: datetime) -> dict[int, Reached]:
    rows = planned.rows(WALK, [member_id, steps, now])
    return {row[0]: reached_of(row) for row in rows}


def reached_of(row: tuple[Any, ...]) -> Reached:
    """A row of trust_reach or trust_path."""
    return Reached(row[0], row[1], row[2], tuple(row[3]), row[4])


def _mark(through: str) -> int:
    return int(planned.value(f"SELECT {MARK}", {"through": through}))
