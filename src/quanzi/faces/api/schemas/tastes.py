"""What one cares for in goods."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import In, Out, WorkedOut

TasteKey = Literal[
    "by_hand", "small_batch", "old_way", "near", "mountains", "sea", "wood", "clay", "cotton", "nothing_added",
    "little_sugar", "for_children",
]  # fmt: skip


class TasteOut(Out):
    key: TasteKey
    name: str
    goods: int
    is_mine: bool


class OwnGoodsOut(WorkedOut):
    """taken_away: what the shop took away; only the shop can tick it again."""

    id: int
    name: str
    slug: str
    traits: list[TasteKey]
    taken_away: list[TasteKey]

    @staticmethod
    def resolve_traits(obj: Any) -> list[str]:
        return sorted(obj.traits)

    @staticmethod
    def resolve_taken_away(obj: Any) -> list[str]:
        return sorted(obj.taken_away)


class PickIn(In):
    tastes: list[TasteKey] = Field(max_length=12)
