"""Stations and rounds as the staff plans and settles them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, Flag, In, Moment, MoneyOut, Out, Quantity, Ref, Text
from quanzi.faces.api.schemas.stations import ApplicationOut, Capacity, RoundGoodOut


class StaffStationOut(Out):
    id: int
    code: str
    name: str
    area: str
    address: str
    hours: str
    hours_en: str
    leader_id: int
    leader_name: str
    capacity: int
    brings_to_door: bool
    is_open: bool
    rounds: int
    orders: int


class StaffStationIn(In):
    name: Text = Field(max_length=40)
    area: Text = Field(max_length=60)
    address: Text = Field(max_length=120)
    hours: Text = Field(max_length=60)
    hours_en: Text = Field(default="", max_length=80)
    capacity: Capacity
    brings_to_door: Flag
    is_open: Flag = True


class StaffApplicationOut(ApplicationOut):
    member_id: int


class ApplicationAnswerIn(In):
    answer: Text = Field(default="", max_length=200)


class RoundGoodIn(In):
    """leader_bp: the leader's part in basis points; comes_later: ordered first, bought after the cut-off."""

    sku_id: Ref
    price_minor: AmountMinor
    most: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    minimum: Quantity = 0
    leader_bp: Annotated[int, Field(strict=True, ge=0, le=5000)] = 0
    comes_later: Flag = False


class RoundIn(In):
    title: Text = Field(max_length=40)
    opens_at: Moment
    cut_off_at: Moment
    pickup_from: Moment
    pickup_until: Moment
    goods: list[RoundGoodIn] = Field(max_length=100)
    station_ids: list[Ref] = Field(max_length=500)


class StaffRoundRowOut(Out):
    """orders: that live; paid: that ever were; back: of these, whose money all went back."""

    id: int
    title: str
    state: str
    opens_at: datetime
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    stations: int
    orders: int
    paid: int
    back: int
    money: MoneyOut
    missed: int


class RoundStopOut(Out):
    """lots: counted there; warm: of these, outside the range of their storage; back: paid orders whose money all went back."""

    stop_id: int
    station_id: int
    name: str
    leader_name: str
    capacity: int
    taken: int
    lots: int
    warm: int
    handed: int
    waiting: int
    unserved: int
    back: int


class StaffRoundOut(StaffRoundRowOut):
    goods: list[RoundGoodOut]
    stops: list[RoundStopOut]


class RoundReasonIn(In):
    reason: Text = Field(max_length=200, min_length=1)


class LeaderDueOut(Out):
    leader_id: int
    name: str
    money: MoneyOut
    lines: int


class SettleLeaderIn(In):
    reference: Text = Field(min_length=1, max_length=64, description="Of the transfer, which was made outside")


class SettlementOut(Out):
    id: int
    money: MoneyOut
    reference: str
    made_at: datetime
    leader_name: str
