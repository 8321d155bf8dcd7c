"""Sign-up chains, prices that are asked for together, and what helps to judge a price."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from quanzi.faces.api.schemas.common import (
    AmountMinor,
    Day,
    In,
    Moment,
    MoneyOut,
    Out,
    PictureOut,
    Quantity,
    Ref,
    Slug,
    Text,
    WorkedOut,
)
from quanzi.faces.api.schemas.orders import WithoutReturn


class ChainGoodIn(In):
    """price_minor: below the list price, for staff who edit goods; without it the list price."""

    sku_id: Ref
    price_minor: AmountMinor | None = None


class ChainIn(In):
    """pay_hours: how long after the closing a payment may come."""

    title: Text = Field(max_length=60)
    note: Text = Field(default="", max_length=300)
    goods: list[ChainGoodIn] = Field(min_length=1, max_length=20)
    pickup_point_id: Ref
    closes_at: Moment
    pay_hours: int = Field(default=24, strict=True, ge=1, le=72)


class WantedIn(In):
    sku_id: Ref
    quantity: Quantity


class SignUpIn(In):
    """words: beside the name, read by people of the circle; expected_amount_minor: what the buyer saw."""

    lines: list[WantedIn] = Field(min_length=1, max_length=20)
    words: Text = Field(default="", max_length=60)
    expected_amount_minor: AmountMinor | None = None
    without_return: WithoutReturn = Field(default_factory=list)


class ChainRowOut(Out):
    """people: who is in the list now; takes_people: one may sign up now."""

    id: int
    code: str
    title: str
    opener_name: str
    circle_name: str
    circle_slug: str
    state: str
    closes_at: datetime
    people: int
    takes_people: bool


class ChainGoodOut(Out):
    """wanted: units in the whole list; mine: those of the reader."""

    sku_id: int
    title: str
    product_slug: str
    picture: PictureOut | None
    price: MoneyOut
    single_price: MoneyOut
    wanted: int
    mine: int


class SignedLineOut(Out):
    title: str
    quantity: int


class SignedOut(WorkedOut):
    """name: empty where a block stands between the two."""

    number: int
    name: str
    words: str
    lines: list[SignedLineOut]
    is_paid: bool
    is_mine: bool

    @staticmethod
    def resolve_lines(obj: object) -> list[dict[str, object]]:
        return [{"title": title, "quantity": quantity} for title, quantity in obj.lines]  # type: ignore[attr-defined]


class MySignUpOut(Out):
    number: int
    order_number: str
    order_state: str
    amount: MoneyOut
    words: str


class ChainOut(Out):
    """paid: how many have paid; may_keep: the reader reminds and calls off."""

    card: ChainRowOut
    note: str
    point_name: str
    point_address: str
    opened_at: datetime
    pay_until: datetime
    ended_at: datetime | None
    end_reason: str
    goods: list[ChainGoodOut]
    signed: list[SignedOut]
    paid: int
    mine: MySignUpOut | None
    may_keep: bool


class CallOffIn(In):
    reason: Text = Field(default="", max_length=80)


class RemindedOut(Out):
    told: int


class BargainIn(In):
    """circle: slug; only its people see it and join. wish_minor: of one unit."""

    sku_id: Ref
    wish_minor: AmountMinor
    quantity: int = Field(default=1, strict=True, ge=1, le=99)
    words: Text = Field(default="", max_length=200)
    circle: Slug | None = None


class VoiceIn(In):
    quantity: int = Field(strict=True, ge=1, le=99)


class BargainRowOut(Out):
    """people, units: of the voices that count; gathers: one may add a voice."""

    id: int
    code: str
    sku_id: int
    title: str
    product_slug: str
    circle_name: str
    opener_name: str
    wish: MoneyOut
    single: MoneyOut
    words: str
    state: str
    people: int
    units: int
    opened_at: datetime
    closes_at: datetime
    answer: str
    gathers: bool


class BargainOfferOut(Out):
    """The shop's answer: the price when `minimum` people pay until then. team: code of one that takes people, or empty."""

    deal_id: int
    price: MoneyOut
    minimum: int
    ends_at: datetime
    team: str
    paid: int
    may_open: bool


class BargainOut(Out):
    card: BargainRowOut
    mine: int
    offer: BargainOfferOut | None


class EvidenceOut(Out):
    """What the merchant weighs. cost: of one unit; kept_lines: what those who ask bought of these goods before and kept."""

    card: BargainRowOut
    cost: MoneyOut
    margin_now: MoneyOut
    margin_wished: MoneyOut
    kept_lines: int
    kept_by: int
    deal_id: int | None


class AgreeIn(In):
    """minimum: people who must pay; ends_on: the last day."""

    price_minor: AmountMinor
    minimum: int = Field(strict=True, ge=2, le=100)
    ends_on: Day
    answer: Text = Field(default="", max_length=200)


class DeclineIn(In):
    reason: Text = Field(max_length=200)


class BuildUpIn(In):
    """Parts of one unit; what is left of the price is the shop's."""

    goods_minor: AmountMinor
    delivery_minor: AmountMinor
    leader_minor: AmountMinor
    is_shown: bool = Field(default=False, strict=True)


class BuildUpOut(Out):
    """margin_minor: what is left of the price alone; below zero the shop adds it."""

    sku_id: int
    goods_minor: int
    delivery_minor: int
    leader_minor: int
    margin_minor: int
    is_shown: bool


class PricePointOut(Out):
    price: MoneyOut
    changed_at: datetime


class DayWayOut(Out):
    """In [starts_at, ends_at) the price holds in every cart. was: really charged before the day and higher, else null."""

    slug: str
    title: str
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    price: MoneyOut
    was: MoneyOut | None


class PriceFactsOut(Out):
    """history: prices alone, newest first. lowest_charged: what somebody really paid in the last seven days (or last, before that);
    struck: what may stand struck through beside the price, null where nothing higher was charged. build_up: where it is shown.
    day: the brand day that the goods are in, open or within a week."""

    sku_id: int
    price: MoneyOut
    history: list[PricePointOut]
    lowest_charged: MoneyOut | None
    struck: MoneyOut | None
    build_up: BuildUpOut | None
    day: DayWayOut | None
