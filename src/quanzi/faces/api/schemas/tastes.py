"""What one cares for in goods."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import In, Out

TasteKey = Literal[
    "by_hand", "small_batch", "old_way", "near", "mountains", "sea", "wood", "clay", "cotton", "nothing_added",
    "little_sugar", "for_children",
]  # fmt: skip


class TasteOut(Out):
    key: TasteKey
    name: str
    goods: int
    is_mine: bool


class PickIn(In):
    tastes: list[TasteKey] = Field(max_length=12)
