"""What the staff and leaders of pickup points read and send."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import AmountMinor, Day, Flag, In, MoneyOut, Out, Ref, Slug, Text, Word

SourceKindIn = Literal["invitation", "share", "circle", "team", "parcel", "station", "note", "ad", "sample", "import"]


class RefundIn(In):
    """amount_minor: null for all that is left (of a line only). goods_back: they came back and go on sale again."""

    reason: Text = Field(max_length=400)
    goods_back: Flag = False


class LineRefundIn(RefundIn):
    amount_minor: AmountMinor | None = None


class GivenBackOut(Out):
    id: int
    amount: MoneyOut
    reason: str
    goods_back: bool
    refunded_at: datetime


class AskedOut(Out):
    """Above a limit: written down as a request, which a second person decides on the console's page."""

    id: int
    state: str
    amount: MoneyOut
    expires_at: datetime


class CaptureIn(In):
    reference: Text = Field(default="", max_length=64, description="The bank's; empty for cash")


class WorkLineOut(Out):
    line_id: int
    title: str
    quantity: int


class WorkOut(Out):
    """One order to prepare or hand over. The pickup code is the buyer's and is not told here."""

    fulfilment_id: int
    order_id: int
    order_number: str
    state: str
    method: str
    buyer_name: str
    point_id: int | None
    point_name: str
    ship_to: dict[str, str]
    note: str
    paid_at: datetime | None
    ready_at: datetime | None
    lines: list[WorkLineOut]


class LotIn(In):
    line_id: Ref
    lot_id: Ref


class ShipIn(In):
    """lots: which lot of which line; by default the one that expires first."""

    carrier: Text = Field(max_length=200)
    tracking: Text = Field(default="", max_length=200)
    lots: list[LotIn] = Field(default_factory=list, max_length=100)


class HandOverIn(In):
    code: Word = Field(default="", description="The buyer's, for a pickup")
    lots: list[LotIn] = Field(default_factory=list, max_length=100)


class CodeIn(In):
    code: Word = Field(min_length=1, description="What the buyer shows")


class HandedOut(Out):
    fulfilment_id: int
    order_number: str
    state: str


class AcceptClaimIn(In):
    amount_minor: AmountMinor | None = None
    goods_back: Flag = False
    answer: Text = Field(default="", max_length=200)


class DeclineClaimIn(In):
    answer: Text = Field(max_length=1000)


class InvitationIn(In):
    target: Text = Field(default="/", max_length=400, description="A path of this shop")


class InvitationOut(Out):
    """link: the member's own way in; whoever signs up through it is their guest."""

    token: str
    link: str
    target: str


class SourceIn(In):
    """utm: source/medium/campaign, when the campaign's links carry these words. target: a path of this shop."""

    kind: SourceKindIn
    name: Text = Field(max_length=200)
    target: Text = Field(default="/", max_length=400)
    utm: Text = Field(default="", max_length=160)
    circle: Slug | None = None


class SourceOut(Out):
    id: int
    kind: str
    name: str
    token: str
    link: str
    target: str
    utm: str
    owner_id: int | None
    visits: int
    created_at: datetime
    retired_at: datetime | None


class SpendIn(In):
    amount_minor: AmountMinor
    spent_on: Day
    what: Text = Field(min_length=1, max_length=80)


class SpendOut(Out):
    id: int
    amount_minor: int
    currency: str
    spent_on: date
    what: str
    actor: str
    created_at: datetime


class CostOut(Out):
    """What one lasting relation cost, in minor units. high_minor: null when so few came that there is no upper end."""

    minor: int
    low_minor: int
    high_minor: int | None


class LedgerRowOut(Out):
    """Columns of people are in hundredths of a percent of a person (10000 is one), so that sources share people without a crumb.

    cost: spend for each repeat buyer, null where nothing was spent or nobody came again.
    """

    source_id: int
    kind: str
    name: str
    token: str
    owner_name: str | None
    spend_minor: int
    visits: int
    contacts: int
    members: int
    circle_joins: int
    first_orders: int
    repeat_buyers: int
    margin_minor: int
    after_spend_minor: int
    cost: CostOut | None


class LedgerOut(Out):
    model: str
    starts_at: datetime
    ends_at: datetime
    rows: list[LedgerRowOut]
    total: LedgerRowOut


class FactOut(Out):
    """Somebody behind a figure. member_id: null for a browser without a name. share: of 10000."""

    member_id: int | None
    name: str
    share: int
    margin_minor: int
    at: datetime
