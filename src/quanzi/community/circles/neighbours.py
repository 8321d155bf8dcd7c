"""People of one circle are neighbours: fills the port of `trust`."""

from __future__ import annotations

from collections.abc import Iterable

from quanzi.community.circles.queries import shared_circles


def in_one_circle(viewer_id: int, ids: Iterable[int]) -> set[int]:
    """Those of `ids` who share a circle with the viewer."""
    return set(shared_circles(viewer_id, list(ids)))
