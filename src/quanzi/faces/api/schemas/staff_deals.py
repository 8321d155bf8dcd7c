"""Group deals and their teams as the staff sees and changes them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, Day, In, MoneyOut, Out, Ref, Slug, Text
from quanzi.faces.api.schemas.goods import LadderStepOut


class DealStepIn(In):
    """From so many people on, one unit costs this."""

    people: int = Field(strict=True, ge=3, le=100)
    price_minor: AmountMinor


class DealIn(In):
    """circle: slug; without one the deal is open to everybody. ends_on: its last day.

    steps: a ladder beyond team_size and price_minor, which everybody pays first; newcomers_only: whoever joins never bought before.
    """

    sku_id: Ref
    circle: Slug | None = None
    team_size: int = Field(strict=True, ge=2, le=100)
    price_minor: AmountMinor
    window_minutes: int = Field(strict=True, ge=1, le=43_200)
    per_member_limit: int = Field(default=1, strict=True, ge=1, le=10_000)
    max_per_seat: int = Field(default=1, strict=True, ge=1, le=99)
    steps: list[DealStepIn] = Field(default_factory=list, max_length=4)
    newcomers_only: bool = Field(default=False, strict=True)
    refund_rule: Literal["until_handover", "fault_only"] = "until_handover"
    reason_zh: Text = Field(default="", max_length=60)
    reason_en: Text = Field(default="", max_length=80)
    ends_on: Day | None = None


class DealTotalsOut(Out):
    forming: int
    succeeded: int
    failed: int


class StaffDealOut(Out):
    """standing: open, later, over or stopped."""

    id: int
    sku_id: int
    product_name: str
    team_size: int
    price: MoneyOut
    steps: list[LadderStepOut]
    newcomers_only: bool
    standing: str
    starts_at: datetime
    ends_at: datetime | None
    stopped_at: datetime | None
    totals: DealTotalsOut


class StaffTeamOut(Out):
    """paid_minor: of live paid seats, as their orders were charged; final_minor: the price that a ladder reached."""

    id: int
    code: str
    deal_id: int
    standing: str
    team_size: int
    most_seats: int
    final_minor: int | None
    missing: int
    paid_minor: int
    people: list[str]
    deadline: datetime
