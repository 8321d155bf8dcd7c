"""The cart, what it would cost, ways to pay and places to pick up."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from quanzi.faces.api.language import either
from quanzi.faces.api.schemas.common import In, Method, MoneyOut, Out, PictureOut, Quantity, Ref, Slug, WorkedOut
from quanzi.faces.api.schemas.goods import QuoteOut


class LineIn(In):
    sku_id: Ref
    quantity: Quantity


class CartIn(In):
    sku_id: Ref
    quantity: Quantity


class QuantityIn(In):
    quantity: Quantity


class CartRowOut(Out):
    """total: null when it is left out of the order: not on sale now, or sold in another currency than the first thing. free: how many can be had.
    unit_price: what one costs now; list_price: without a price that holds for a time."""

    sku_id: int
    product_id: int
    product_slug: str
    title: str
    picture: PictureOut | None
    quantity: int
    unit_price: MoneyOut
    list_price: MoneyOut
    total: MoneyOut | None
    free: int
    is_on_sale: bool
    is_short: bool


class CartOut(Out):
    rows: list[CartRowOut]
    quote: QuoteOut | None
    can_be_ordered: bool


class QuoteIn(In):
    """What it would cost: goods, a new team of a deal (deal_id), or a seat in a team (team). lines: only for plain goods."""

    lines: list[LineIn] = Field(default_factory=list, max_length=100)
    deal_id: Ref | None = None
    team: Slug | None = None
    quantity: Quantity = 1
    method: Method | None = Field(default=None, description="Without it there is no freight yet")
    address_id: Ref | None = Field(default=None, description="Where it would go; freight may depend on it")
    coupon_id: Ref | None = Field(default=None, description="One of GET /me/coupons that is free; for plain goods")


class PointOut(WorkedOut):
    id: int
    name: str
    address: str
    hours: str
    leader_id: int
    leader_name: str
    circle_id: int | None
    is_open: bool
    is_demo: bool

    @staticmethod
    def resolve_hours(obj: Any) -> str:
        return either(obj.hours, obj.hours_en)


class WayOut(Out):
    name: str
    is_online: bool
