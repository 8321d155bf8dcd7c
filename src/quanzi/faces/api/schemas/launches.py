"""Launches, places in their queues, brand days."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.cart import LineIn
from quanzi.faces.api.schemas.common import AmountMinor, In, Moment, MoneyOut, Out, PictureOut, Quantity, Ref, Text
from quanzi.faces.api.schemas.orders import OrderingIn


class LaunchOut(Out):
    """state: planned, selling, over, called_off; end_reason: sold_out, time or called_off.

    units: set aside; sold: paid; taken: in turns and orders; entered, waiting, turns: people. seed_hash: sha256 of the seed, told
    from the first day; seed: told when the lot is drawn, empty before. turn_minutes: to order, and as many to pay.
    """

    id: int
    code: str
    title: str
    state: str
    end_reason: str
    product_slug: str
    product_name: str
    sku_id: int
    variant: str
    picture: PictureOut | None
    price: MoneyOut
    list_price: MoneyOut
    units: int
    limit_each: int
    entry_opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    drawn_at: datetime | None
    ended_at: datetime | None
    turn_minutes: int
    seed_hash: str
    seed: str
    taken: int
    sold: int
    entered: int
    waiting: int
    turns: int


class MyLaunchPlaceOut(Out):
    """state: waiting, turn, ordered, ended, passed, left, unserved. position: null until the lot is drawn; before: people ahead who wait.

    granted: units of the turn; minutes: a wait at the pace of the last ten minutes, null when that cannot be said.
    """

    code: str
    state: str
    position: int | None
    before: int
    minutes: int | None
    wanted: int
    granted: int
    turn_until: datetime | None
    order_number: str
    is_paid: bool
    pay_by: datetime | None


class LaunchPageOut(Out):
    launch: LaunchOut
    mine: MyLaunchPlaceOut | None
    takes_entries: bool
    may_enter: bool


class EnterIn(In):
    wanted: Quantity = Field(default=1, description="Units, at most what one member may buy")


class TurnOrderIn(OrderingIn):
    quantity: Quantity = 1


class LotTicketOut(Out):
    """ticket: sha256 of "seed:code"; the least goes first."""

    position: int
    code: str
    ticket: str


class SealedLotOut(Out):
    """Everything that somebody needs to draw the lot again; empty before it is drawn."""

    seed_hash: str
    seed: str
    places: list[LotTicketOut]


class BrandDayOut(Out):
    """phase: ahead, open, past, called_off. goods: how many."""

    id: int
    slug: str
    title: str
    story: str
    maker_name: str
    maker_slug: str
    portrait: PictureOut | None
    starts_at: datetime
    ends_at: datetime
    phase: str
    goods: int
    is_reminded: bool


class DayGoodOut(Out):
    """was: really charged before the day and higher, the only price that may stand struck through; else null."""

    sku_id: int
    product_slug: str
    title: str
    picture: PictureOut | None
    price: MoneyOut
    list_price: MoneyOut
    was: MoneyOut | None
    free: int


class BrandDayPageOut(Out):
    """launches: of the same maker, within the hours of the day."""

    day: BrandDayOut
    goods: list[DayGoodOut]
    launches: list[LaunchOut]


class CalendarDayOut(Out):
    on: str
    days: list[BrandDayOut]
    launches: list[LaunchOut]


class CalendarOut(Out):
    """What begins, by date: brand days and launches that are not over, the next first; and the last two weeks, the newest first."""

    ahead: list[CalendarDayOut]
    past: list[CalendarDayOut]


class DayOrderIn(OrderingIn):
    lines: list[LineIn] = Field(min_length=1, max_length=100)


class LaunchIn(In):
    title: Text = Field(max_length=200)
    sku_id: Ref
    price_minor: AmountMinor
    units: Quantity
    limit_each: Quantity = 1
    entry_opens_at: Moment
    starts_at: Moment
    ends_at: Moment
    turn_minutes: Quantity = 5


class DayGoodIn(In):
    sku_id: Ref
    price_minor: AmountMinor


class BrandDayIn(In):
    maker_id: Ref
    title: Text = Field(max_length=200)
    story: Text = Field(default="", max_length=4000)
    starts_at: Moment
    ends_at: Moment
    goods: list[DayGoodIn] = Field(max_length=100)
