"""Looks for rings."""

from __future__ import annotations

from datetime import datetime

from quanzi.growth.rings.rules import rings
from quanzi.growth.rings.signs import all_signs
from quanzi.people.trust.rings import FoundRing, keep_rings


def look(*, now: datetime) -> int:
    """Find rings in the facts and put new ones before the moderators; returns how many are new."""
    signs = all_signs()
    found = []
    for people in rings(signs):
        inside = set(people)
        rows = tuple(
            {"one": pair[0], "other": pair[1], **kinds}
            for pair, kinds in sorted(signs.items())
            if inside.issuperset(pair)
        )
        found.append(FoundRing(people, rows))
    return keep_rings(found, now=now)
