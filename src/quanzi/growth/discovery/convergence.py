"""When friends come to the same goods, each by themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Protocol

from quanzi.growth.rings.rules import connected
from quanzi.people.trust.queries import Reached

WINDOW = timedelta(days=90)
LEAST = 2
ADVERTISING = "advertising"
"""The voice of everybody who came to the goods by a link that was passed on and on."""


class Voice(Protocol):
    """Somebody who kept goods. voices: what their word depends on."""

    @property
    def reached(self) -> Reached: ...
    @property
    def kept_at(self) -> datetime | None: ...
    @property
    def voices(self) -> frozenset[str]: ...


def converging[V: Voice](keepers: Sequence[V], *, now: datetime) -> list[V]:
    """Of friends who kept the goods within the window, one for each independent voice, in the order given; nobody for fewer than two.

    A friend is somebody directly tied to the reader. Who earned on another's order, recommended it to them, or shares a browser or a
    door with them speaks with the same voice; so a chain of recommendations counts once. Whoever a chain of links led to the goods has none.
    """
    friends = {
        one.reached.member_id: one
        for one in keepers
        if one.reached.steps == 1
        and one.kept_at is not None
        and now - WINDOW < one.kept_at <= now
        and ADVERTISING not in one.voices
    }
    seen: set[int] = set()
    found = []
    groups = {one: group for group in connected(_bound(friends.values())) for one in group}
    for member_id, one in friends.items():
        if member_id not in seen:
            found.append(one)
            seen.update(groups.get(member_id, (member_id,)))
    return found if len(found) >= LEAST else []


def _bound(friends: Iterable[Voice]) -> list[tuple[int, int]]:
    pairs = combinations(friends, 2)
    return [(one.reached.member_id, other.reached.member_id) for one, other in pairs if one.voices & other.voices]
