"""Lots that stop, and rates with their intervals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, MoneyOut, Out, Text, WorkedOut


class RecallIn(In):
    reason: Text = Field(min_length=1, max_length=200)


class ClearIn(In):
    """quantity: units that leave the shelf."""

    quantity: int = Field(ge=0, le=9_999_999, strict=True)


class RateOut(Out):
    """count of `of` lines. is_told: there are enough lines to speak of a rate."""

    count: int
    of: int
    low_bp: int
    high_bp: int
    is_told: bool


class QualityOut(Out):
    id: int
    name: str
    rate: RateOut
    units: int


class ScoreFactOut(WorkedOut):
    """worst_bp: the rate worth nothing; points: of 100, counted only when the rate is told."""

    name: str
    rate: RateOut
    points: int
    weight: int
    worst_bp: int

    @staticmethod
    def resolve_name(obj: Any) -> str:
        return str(obj.measure.name)

    @staticmethod
    def resolve_weight(obj: Any) -> int:
        return int(obj.measure.weight)

    @staticmethod
    def resolve_worst_bp(obj: Any) -> int:
        return int(obj.measure.worst_bp)


class ScoreOut(Out):
    """points: of 100, null when too few cases; low to high: what the same facts allow."""

    points: int | None
    low: int
    high: int
    facts: list[ScoreFactOut]


class ScoreShownIn(In):
    is_shown: Flag


class PauseOut(Out):
    """by: empty when complaints passed the threshold, or when it waits for its quality check. held: units kept off sale."""

    reason: str
    is_check: bool
    complaints: int
    handed_over: int
    held: int
    paused_at: datetime
    by: str
    released_at: datetime | None
    released_by: str
    release_reason: str


class CheckIn(In):
    """sampled: units that were opened; flawed: of them. A lot that passes goes on at once."""

    sampled: int = Field(strict=True, ge=1, le=10_000)
    flawed: int = Field(strict=True, ge=0, le=10_000)
    words: Text = Field(min_length=1, max_length=200)
    is_passed: Flag


class CheckOut(Out):
    sampled: int
    flawed: int
    words: str
    is_passed: bool
    checked_at: datetime
    by: str


class RecallOut(Out):
    """lines: order lines that were given goods of the lot; settled: of them."""

    reason: str
    held: int
    started_at: datetime
    by: str
    lines: int
    settled: int
    paid_back: MoneyOut
    finished_at: datetime | None
    cleared_at: datetime | None


class LotPageOut(Out):
    """left: units on the shelf."""

    id: int
    code: str
    product_id: int
    product_name: str
    made_on: date | None
    expires_at: datetime | None
    paused_at: datetime | None
    recalled_at: datetime | None
    left: int
    rate: RateOut
    pauses: list[PauseOut]
    checks: list[CheckOut]
    recall: RecallOut | None
