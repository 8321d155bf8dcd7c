"""From the rows of trust to its map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quanzi.people.trust.queries import TrustedPerson

NEAR_SHOWN, FAR_SHOWN, FAR_OF_ONE = 6, 5, 1


def trust_map_of(people: Sequence[TrustedPerson]) -> dict[str, list[dict[str, Any]]]:
    """The six nearest people and a few behind them; hidden ties are drawn grey."""
    near = [one for one in people if one.steps == 1][:NEAR_SHOWN]
    places = {one.card.id: index for index, one in enumerate(near)}
    far: list[dict[str, Any]] = []
    behind = dict.fromkeys(places, 0)
    for one in people:
        between = one.path[1] if one.steps == 2 else 0
        if between in places and behind[between] < FAR_OF_ONE and len(far) < FAR_SHOWN:
            behind[between] += 1
            far.append({"member": member_of(one), "name": one.card.name, "via": places[between]})
    drawn = [{"member": member_of(one), "name": one.card.name, "level": one.bars, "hidden": one.hidden} for one in near]
    return {"near": drawn, "far": far}


def member_of(one: TrustedPerson) -> dict[str, str]:
    """What an avatar needs."""
    return {"name": one.card.name, "avatar": one.card.avatar_url}
