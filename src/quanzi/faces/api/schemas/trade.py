"""Cart, orders, payments, teams, claims."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from quanzi.faces.api.language import either
from quanzi.faces.api.schemas.common import (
    AmountMinor,
    Flag,
    In,
    Method,
    MoneyOut,
    Out,
    PictureOut,
    Quantity,
    Ref,
    Slug,
    Text,
    Word,
)
from quanzi.faces.api.schemas.goods import OfferOut, QuoteOut


class LineIn(In):
    sku_id: Ref
    quantity: Quantity


class CartIn(In):
    sku_id: Ref
    quantity: Quantity


class QuantityIn(In):
    quantity: Quantity


class CartRowOut(Out):
    """total: null when it is not on sale now. free: how many can be had."""

    sku_id: int
    product_id: int
    product_slug: str
    title: str
    picture: PictureOut | None
    quantity: int
    unit_price: MoneyOut
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


class PointOut(Out):
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


class OrderingIn(In):
    """expected_amount_minor: what the buyer saw; another price refuses the order. provider: how it will be paid."""

    method: Method
    address_id: Ref | None = Field(default=None, description="For a delivery")
    pickup_point_id: Ref | None = Field(default=None, description="For a pickup")
    note: Text = Field(default="", max_length=1000)
    expected_amount_minor: AmountMinor
    provider: Word = Field(description="One of GET /payment-ways")


class OrderIn(OrderingIn):
    lines: list[LineIn] = Field(max_length=200)
    from_cart: Flag = Field(default=False, description="Take these goods out of the cart")


class SeatIn(OrderingIn):
    quantity: Quantity = 1
    came_by: Slug | None = Field(default=None, description="Token of the link that brought the member")


class LineOut(Out):
    """left_to_refund: what was paid and did not go back yet. Windows are null until receipt."""

    id: int
    product_id: int
    product_slug: str
    sku_id: int
    title: str
    picture: PictureOut | None
    quantity: int
    list_price: MoneyOut
    unit_price: MoneyOut
    paid: MoneyOut
    refunded: MoneyOut
    left_to_refund: MoneyOut
    lot_code: str
    handed_over_at: datetime | None
    received_at: datetime | None
    claim_closes_at: datetime | None
    return_closes_at: datetime | None
    is_disputed: bool
    said_kept_at: datetime | None
    kept_at: datetime | None
    returned_at: datetime | None
    dropped_at: datetime | None


class OrderRowOut(Out):
    """is_waiting: paid, but its team is not complete."""

    id: int
    number: str
    member_id: int
    member_name: str
    state: str
    amount: MoneyOut
    refunded: MoneyOut
    method: str
    point_name: str
    is_waiting: bool
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    released_at: datetime | None
    end_reason: str
    lines: list[LineOut]


class PlacedOut(Out):
    """The order that the key stands for. team: its code, empty for an order without one."""

    number: str
    state: str
    amount: MoneyOut
    pay_by: datetime
    team: str


class PriceReasonOut(Out):
    kind: str
    label: str
    amount: MoneyOut
    source: str

    @staticmethod
    def resolve_label(obj: Any) -> str:
        return either(obj.label_zh, obj.label_en)


class MoveOut(Out):
    before: str
    after: str
    cause: str
    moved_at: datetime


class RefundRowOut(Out):
    """state: of the money on its way, empty when only goods came back."""

    amount: MoneyOut
    reason: str
    goods_back: bool
    state: str
    refunded_at: datetime


class ProgressOut(Out):
    """pickup_code: only for the buyer, while the goods wait at the point."""

    state: str
    pickup_code: str
    carrier: str
    tracking: str
    ready_at: datetime | None
    shipped_at: datetime | None
    handed_over_at: datetime | None


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


class PaymentOut(Out):
    """pay_url: where the payer goes while it waits, empty for cash or when it is over."""

    number: str
    order: str
    provider: str
    state: str
    amount: MoneyOut
    refunded_minor: int
    pay_url: str
    created_at: datetime
    expires_at: datetime
    captured_at: datetime | None


class OrderOut(Out):
    """team: code of its team, empty without one. may_…: what the reader can do with it now."""

    card: OrderRowOut
    goods: MoneyOut
    freight: MoneyOut
    discount: MoneyOut
    note: str
    ship_to: dict[str, str]
    point: PointOut | None
    is_mine: bool
    steps: list[PriceReasonOut]
    moves: list[MoveOut]
    refunds: list[RefundRowOut]
    handed_over_at: datetime | None
    received_at: datetime | None
    completed_at: datetime | None
    ended_at: datetime | None
    may_pay: bool
    may_cancel: bool
    may_confirm_receipt: bool
    progress: ProgressOut | None
    claims: list[ClaimOut]
    payments: list[PaymentOut]
    team: str


class PayIn(In):
    provider: Word


class WayOut(Out):
    name: str
    is_online: bool


class ClaimIn(In):
    reason: Literal["spoiled", "missing", "other_goods", "return", "other"]
    note: Text = Field(default="", max_length=2000)
    picture_ids: list[Ref] = Field(default_factory=list, max_length=50)


class TeamRowOut(Out):
    """paid: live paid seats; missing: paid seats it still needs; free: seats nobody holds."""

    id: int
    code: str
    state: str
    opener_id: int
    opener_name: str
    team_size: int
    paid: int
    missing: int
    free: int
    deadline: datetime
    price: MoneyOut
    offer: OfferOut


class SeatFaceOut(Out):
    """name: empty where a block stands between the two."""

    member_id: int
    name: str
    avatar: PictureOut | None
    is_opener: bool
    paid_at: datetime


class MySeatOut(Out):
    """leaving: what leaving would do now: cancel, refund, or why it is not possible."""

    state: str
    order_number: str
    order_state: str
    pay_by: datetime
    quantity: int
    leaving: str


class TeamOut(Out):
    """why_not: code of the reason why the reader cannot join, empty when they can."""

    card: TeamRowOut
    opened_at: datetime
    succeeded_at: datetime | None
    failed_at: datetime | None
    faces: list[SeatFaceOut]
    held: int
    left_after: int
    mine: MySeatOut | None
    may_join: bool
    why_not: str
