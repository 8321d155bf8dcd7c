"""What is measured. Each module offers JOURNEYS, a list in the order of the report."""

from __future__ import annotations

from bench.journeys import buying, reading
from bench.journeys.journey import Journey

JOURNEYS: list[Journey] = [*reading.JOURNEYS, *buying.JOURNEYS]


def chosen(keys: str) -> list[Journey]:
    """The journeys named, separated by commas; all for an empty text. Raises KeyError for an unknown one."""
    known = {one.key: one for one in JOURNEYS}
    return [known[key] for key in keys.split(",")] if keys else JOURNEYS
