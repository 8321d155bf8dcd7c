"""Stations and rounds as members and leaders see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from quanzi.faces.api.schemas.cart import LineIn
from quanzi.faces.api.schemas.common import In, Moment, MoneyOut, Out, Quantity, Ref, Text, Word
from quanzi.faces.api.schemas.orders import OrderingIn

Degrees = Annotated[
    str, Field(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,6})?$", max_length=12, description='Such as "31.2304"')
]
Capacity = Annotated[int, Field(strict=True, ge=1, le=2000)]


class StationOut(Out):
    """distance_m: from `at`, null when none was given or the station has no coordinates."""

    id: int
    code: str
    point_id: int
    name: str
    area: str
    address: str
    hours: str
    leader_name: str
    brings_to_door: bool
    is_open: bool
    distance_m: int | None


class RoundGoodOut(Out):
    """left: units that nobody has ordered; missing: paid units still needed for it to come; is_made: null before the cut-off."""

    sku_id: int
    product_slug: str
    title: str
    price: MoneyOut
    list_price: MoneyOut
    most: int
    left: int
    minimum: int
    paid: int
    missing: int
    is_made: bool | None
    comes_later: bool


class RoundOut(Out):
    """Orders in [opens_at, cut_off_at), pickup in [pickup_from, pickup_until)."""

    id: int
    title: str
    state: str
    opens_at: datetime
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    takes_orders: bool
    goods: list[RoundGoodOut]


class StationPageOut(StationOut):
    rounds: list[RoundOut]


class RoundOrderIn(OrderingIn):
    """method and pickup_point_id are those of the station, whatever is said. to_door: where its leader carries the goods."""

    station_id: Ref
    lines: list[LineIn] = Field(max_length=50)
    to_door: Text = Field(default="", max_length=120)


class ApplicationIn(In):
    name: Text = Field(max_length=40)
    area: Text = Field(max_length=60)
    address: Text = Field(max_length=120)
    hours: Text = Field(max_length=60)
    capacity: Capacity
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    note: Text = Field(default="", max_length=300)


class ApplicationOut(Out):
    id: int
    name: str
    area: str
    address: str
    hours: str
    capacity: int
    note: str
    state: str
    answer: str
    asked_at: datetime
    decided_at: datetime | None


class StopDayOut(Out):
    """One round at a station, in orders: ready to be fetched, waiting for goods, handed over, missed, to_door."""

    stop_id: int
    round_id: int
    title: str
    state: str
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    orders: int
    units: int
    ready: int
    waiting: int
    handed: int
    missed: int
    to_door: int
    lots: int


class DayOut(Out):
    """kept, returned: lines of the last four weeks."""

    at_work: StopDayOut | None
    selling: list[StopDayOut]
    before: list[StopDayOut]
    kept: int
    returned: int


class PickLineOut(Out):
    title: str
    units: int


class PickOut(Out):
    entry_id: int
    order_number: str
    buyer_name: str
    to_door: str
    state: str
    missed_at: datetime | None
    reminded_at: datetime | None
    lines: list[PickLineOut]


class LotToCountOut(Out):
    """Degrees in tenths. to_come: units of its goods that are not counted in any lot yet; arrived: null until it is counted."""

    lot_id: int
    code: str
    title: str
    expires_at: datetime | None
    storage: str
    is_fit: bool
    expected: int
    to_come: int
    arrived: int | None
    damaged: int
    temperature_tenths: int | None


class ArrivalSheetOut(Out):
    stop_id: int
    round_title: str
    lots: list[LotToCountOut]


class FreshOut(Out):
    """Fresh goods of one line that nobody fetched. decide_by: when somebody has to say what becomes of them; waits_until: on the shop's word."""

    line_id: int
    order_number: str
    buyer_name: str
    title: str
    quantity: int
    station_id: int
    point: str
    storage: str
    pickup_until: datetime
    decide_by: datetime
    waits_until: datetime | None
    note: str


class KeepFreshIn(In):
    until: Moment
    note: Text = Field(default="", max_length=200)


class CountArrivalIn(In):
    stop_id: Ref
    lot_id: Ref
    arrived: Quantity
    damaged: Quantity = 0
    temperature_tenths: int | None = Field(default=None, strict=True, ge=-600, le=800)
    note: Text = Field(default="", max_length=200)
    picture_ids: list[Ref] = Field(default_factory=list, max_length=9)


class CountedOut(Out):
    """missing: units that were expected and are not fit or not here; told: buyers whose goods are all here now."""

    arrival_id: int
    missing: int
    told: int


class StationCodeIn(In):
    code: Word = Field(description="What the buyer says or shows")


class StationHandedOut(Out):
    order_number: str
    buyer_name: str


class ReminderOut(Out):
    """was_asked: false when they had been asked before."""

    was_asked: bool


class LeaderRecordOut(Out):
    """What counts for the level, of the last ninety days."""

    orders: int
    lines: int
    returned: int
    claims: int
    rounds: int
    in_time: int
    missed: int


class LeaderPayOut(Out):
    payable: MoneyOut
    waiting: MoneyOut
    level: str
    record: LeaderRecordOut


class RoundEarningOut(Out):
    id: int
    title: str
    order_number: str
    paid: MoneyOut
    rate_bp: int
    money: MoneyOut
    made_at: datetime
    payable_at: datetime | None
    is_settled: bool
