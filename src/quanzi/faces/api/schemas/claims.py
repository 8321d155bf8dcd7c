"""What is wrong with what came, and what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import Flag, In, MoneyOut, Out, PictureOut, Ref, Text


class GoesTo(In):
    """One of your addresses, or an open pickup point."""

    address_id: Ref | None = None
    pickup_point_id: Ref | None = None


class ClaimIn(In):
    reason: Literal["spoiled", "missing", "other_goods", "return", "other"]
    note: Text = Field(default="", max_length=2000)
    picture_ids: list[Ref] = Field(default_factory=list, max_length=50)
    for_sku_id: Ref | None = Field(
        default=None,
        description=(
            "Another variant of the same goods instead of the money; for one that costs more an order over the difference"
            " is made, see giving_back.new_order"
        ),
    )
    goes_to: GoesTo | None = Field(
        default=None,
        description="Where a variant that costs more goes; null: as the first goods, to your usual address",
    )


class SentBackIn(In):
    carrier: Text = Field(min_length=1, max_length=40)
    tracking: Text = Field(default="", max_length=60)


class ExchangeIn(In):
    """is_sellable: what came back can be sold again."""

    is_sellable: Flag
    lot_id: Ref | None = None
    carrier: Text = Field(default="", max_length=40)
    tracking: Text = Field(default="", max_length=60)


class NewOrderOut(Out):
    """The other variant as an order of its own, as it costs more; pay it like any order, until pay_by."""

    number: str
    difference: MoneyOut
    pay_by: datetime
    is_paid: bool


class GivingBackOut(Out):
    """Goods on their way back. state: agreed, sent, arrived, settled, refused or ended; refund_by: seven days after they arrived.

    for_sku_id: the variant that is given instead of the money.
    """

    state: str
    state_label: str
    for_sku_id: int | None
    for_title: str
    buyer_pays: bool
    send_by: datetime
    carrier: str
    tracking: str
    arrived_at: datetime | None
    refund_by: datetime | None
    is_sellable: bool | None
    out_carrier: str
    out_tracking: str
    new_order: NewOrderOut | None


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
    giving_back: GivingBackOut | None
