"""What is wrong with what came, and what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import In, MoneyOut, Out, PictureOut, Ref, Text


class ClaimIn(In):
    reason: Literal["spoiled", "missing", "other_goods", "return", "other"]
    note: Text = Field(default="", max_length=2000)
    picture_ids: list[Ref] = Field(default_factory=list, max_length=50)


class ClaimOut(Out):
    """A buyer asks for money back for one line."""

    id: int
    line_id: int
    order_number: str
    title: str
    buyer_id: int
    buyer_name: str
    reason: str
    reason_label: str
    note: str
    state: str
    state_label: str
    answer: str
    opened_at: datetime
    decided_at: datetime | None
    left: MoneyOut
    pictures: list[PictureOut]
