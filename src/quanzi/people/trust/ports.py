"""What upper rooms may fill: who else is near somebody without being tied to them, and which deeds tie people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Neighbours(Protocol):
    """Tells which of `ids` are near the viewer, for instance in the same circle."""

    def __call__(self, viewer_id: int, ids: Iterable[int]) -> set[int]:
        """Those of `ids` who are near; the viewer may know of it."""
        ...


_neighbours: list[Neighbours] = []


def register_neighbours(neighbours: Neighbours) -> None:
    """Add a way of being near; called while apps get ready."""
    if neighbours not in _neighbours:
        _neighbours.append(neighbours)


def near(viewer_id: int, ids: Iterable[int]) -> set[int]:
    """Everybody of `ids` whom any registered room calls near."""
    wanted = set(ids)
    found: set[int] = set()
    for ask in _neighbours:
        if wanted - found:
            found |= ask(viewer_id, wanted - found)
    return found


@dataclass(frozen=True)
class Deeds:
    """Facts of another room that tie people. The same statement makes one tie when its fact happens, and all of them in a rebuild.

    kind: of the tie; word: of its evidence, "word:about"; facts: SELECT about, source_id, target_id, made_at, one row for each
    directed pair and `about`, with {only} where a condition on `about` goes; about: that column, as the condition names it.
    """

    kind: str
    word: str
    about: str
    facts: str

    def of(self, *, some: bool) -> str:
        """The statement, for the facts about %(about)s or for all."""
        return self.facts.format(only=f"AND {self.about} = ANY(%(about)s::bigint[])" if some else "")


_deeds: dict[tuple[str, str], Deeds] = {}


def register_deeds(deeds: Deeds) -> None:
    """Say where ties of a kind come from, beside others that say so of the same kind; called while apps get ready."""
    _deeds[deeds.kind, deeds.word] = deeds


def all_deeds() -> list[Deeds]:
    """In the order of their kinds and words."""
    return [_deeds[one] for one in sorted(_deeds)]
