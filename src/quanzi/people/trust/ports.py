"""What upper rooms may fill: who else is near somebody, without being tied to them."""

from __future__ import annotations

from collections.abc import Iterable
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
