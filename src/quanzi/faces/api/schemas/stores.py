"""Stores, pay links, patterns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from quanzi.faces.api.schemas.cart import LineIn
from quanzi.faces.api.schemas.common import AmountMinor, Flag, In, Moment, MoneyOut, Out, Ref, Text, Word
from quanzi.faces.api.schemas.orders import OrderingIn, WithoutReturn


class ShelfLineOut(Out):
    """left: what may still be taken here; counted: what somebody last counted."""

    sku_id: int
    product_id: int
    slug: str
    title: str
    price: MoneyOut
    left: int
    counted: int
    counted_at: datetime
    unit_note: str


class StoreEventOut(Out):
    id: int
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    is_off: bool


class StoreOut(Out):
    """point_id: the pickup point that it is; hours in the shop's words."""

    code: str
    point_id: int
    name: str
    address: str
    hours: str
    hours_en: str
    about: str
    phone: str
    keeper_id: int
    keeper_name: str
    circle_slug: str
    takes_amounts: bool
    is_open: bool
    latitude: float | None
    longitude: float | None


class StorePageOut(StoreOut):
    shelf: list[ShelfLineOut]
    events: list[StoreEventOut]


class StoreIn(In):
    """takes_amounts: buyers may type an amount, and the store confirms."""

    about: Text = Field(default="", max_length=300)
    phone: Text = Field(default="", max_length=20)
    takes_amounts: Flag = True


class StoreOpenIn(StoreIn):
    pickup_point_id: Ref


class StoreEventIn(In):
    title: Text = Field(max_length=60)
    text: Text = Field(default="", max_length=300)
    starts_at: Moment
    ends_at: Moment


class CounterOrderIn(In):
    """Handed over at the counter as soon as it is paid. spot: the table where somebody scanned."""

    lines: list[LineIn] = Field(max_length=200)
    spot: Text = Field(default="", max_length=20)
    note: Text = Field(default="", max_length=1000)
    expected_amount_minor: AmountMinor
    without_return: WithoutReturn = Field(default_factory=list)


class AmountIn(In):
    """amount_minor: from 1 to 5,000,000; what: what it is for, as the order says it."""

    amount_minor: AmountMinor
    what: Text = Field(max_length=60)


class AnswerAmountIn(In):
    confirm: Flag


class PayLinkIn(In):
    """Goods (sku_id, quantity), or an amount in words (what, amount_minor), which staff with goods.edit may ask."""

    sku_id: Ref | None = None
    quantity: int = Field(default=1, ge=1, le=999, strict=True)
    what: Text = Field(default="", max_length=60)
    amount_minor: AmountMinor = 0
    return_rule: Word = "seven_days"
    store_code: Word = Field(default="", description="Picked up at this store, at once when paid")
    uses: int = Field(default=1, ge=1, le=999, strict=True)
    hours: int = Field(default=168, ge=1, le=2160, strict=True)


class PayLinkOut(Out):
    """state: asked, open, declined, closed. is_usable: somebody may order through it now."""

    id: int
    code: str
    title: str
    sku_id: int
    quantity: int
    price: MoneyOut
    total: MoneyOut
    return_rule: str
    state: str
    is_usable: bool
    is_apart: bool
    most: int
    taken: int
    expires_at: datetime
    store_code: str
    store_name: str
    made_by_id: int


class LinkOrderIn(OrderingIn):
    """A link of a store is picked up there, whatever is said here."""


class TillLineOut(Out):
    title: str
    quantity: int


class TillSaleOut(Out):
    number: str
    name: str
    is_paid: bool
    amount: MoneyOut
    spot: str
    note: str
    placed_at: datetime
    paid_at: datetime | None
    fulfilment_id: int | None
    lines: list[TillLineOut]


class TillAskedOut(Out):
    link_id: int
    name: str
    what: str
    amount: MoneyOut
    asked_at: datetime


class TillOut(Out):
    """count, taken: what was paid here since midnight, net of refunds."""

    asked: list[TillAskedOut]
    paid: list[TillSaleOut]
    paying: list[TillSaleOut]
    count: int
    taken: MoneyOut


class ShelfCountIn(In):
    sku_id: Ref
    units: int = Field(ge=0, le=9_999, strict=True)


class ShelfCountsIn(In):
    counts: list[ShelfCountIn] = Field(max_length=300)


class PatternIn(In):
    """areas: how the texts call the area. post_ids: notes and questions whose words a branch may begin with."""

    circle_id: Ref
    areas: list[Word] = Field(min_length=1, max_length=10)
    kept_words: list[Word] = Field(default_factory=list, max_length=50)
    post_ids: list[Ref] = Field(default_factory=list, max_length=50)
    with_pictures: Flag = Field(default=False, description="The pictures of these posts too; look at each before")


class PatternOut(Out):
    id: int
    name: str
    digest: str
    made_at: datetime
    branches: int
    content: dict[str, Any]


class PatternGoodOut(Out):
    """state: found, partly (some variants are not here; they are left so), missing (would be made, or: was not yet)."""

    name: str
    codes: list[str]
    state: str
    product_id: int | None


class PatternGoodsIn(In):
    """look: only say what would be made."""

    look: Flag = False


class BranchRowIn(In):
    """cells: texts by column, as the sheet of this pattern has them (GET /staff/patterns/{id}: columns)."""

    cells: dict[Word, Text] = Field(max_length=60)


class BranchesIn(In):
    """look: only say what would happen."""

    rows: list[BranchRowIn] = Field(max_length=200)
    look: Flag = False


class BranchProblemOut(Out):
    column: str
    code: str
    text: str


class BranchOutcomeOut(Out):
    """row: counted from 1. state: made, known, fits (only looked at) or refused."""

    row: int
    key: str
    area: str
    state: str
    circle_slug: str
    problems: list[BranchProblemOut]
