"""Orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from quanzi.faces.api.language import either
from quanzi.faces.api.schemas.cart import LineIn, PointOut
from quanzi.faces.api.schemas.claims import ClaimOut
from quanzi.faces.api.schemas.common import (
    AmountMinor,
    Flag,
    In,
    Method,
    MoneyOut,
    Out,
    PictureOut,
    Ref,
    Text,
    Word,
    WorkedOut,
)
from quanzi.faces.api.schemas.payments import PaymentOut

WithoutReturn = Annotated[
    list[Ref],
    Field(
        max_length=100,
        description="SKUs of which the buyer confirms, for this purchase, that they are not sent back without a reason. It counts where "
        "the product's rule is opened, activated, near_expiry or flawed; a client asks by a box that is not ticked beforehand",
    ),
]


class OrderingIn(In):
    """expected_amount_minor: what the buyer saw; another price refuses the order. provider: how it will be paid."""

    method: Method
    address_id: Ref | None = Field(default=None, description="For a delivery")
    pickup_point_id: Ref | None = Field(default=None, description="For a pickup")
    note: Text = Field(default="", max_length=1000)
    expected_amount_minor: AmountMinor
    provider: Word = Field(description="One of GET /payment-ways")
    without_return: WithoutReturn = Field(default_factory=list)


class OrderIn(OrderingIn):
    lines: list[LineIn] = Field(max_length=200)
    from_cart: Flag = Field(default=False, description="Take these goods out of the cart")
    coupon_id: Ref | None = Field(default=None, description="One of GET /me/coupons that is free")


class LineOut(Out):
    """left_to_refund: what was paid and did not go back yet; with refunded null for staff whose role does not read refunds.

    Windows are null until receipt. return_rule: as it stood when it was ordered; gave_up_return: the buyer confirmed it for this purchase.
    """

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
    refunded: MoneyOut | None
    left_to_refund: MoneyOut | None
    lot_code: str
    handed_over_at: datetime | None
    received_at: datetime | None
    claim_closes_at: datetime | None
    return_closes_at: datetime | None
    return_rule: str
    gave_up_return: bool
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
    refunded: MoneyOut | None
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


class PriceReasonOut(WorkedOut):
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
