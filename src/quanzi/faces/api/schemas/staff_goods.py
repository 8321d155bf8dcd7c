"""Goods as the staff and suppliers see and change them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import (
    PLAIN,
    AmountMinor,
    Day,
    Flag,
    In,
    MoneyOut,
    Out,
    PictureOut,
    Quantity,
    Ref,
    Slug,
    Text,
    WorkedOut,
)

ReturnRuleIn = Literal[
    "seven_days", "fresh", "made_to_order", "digital", "press", "opened", "activated", "near_expiry", "flawed"
]
StorageIn = Literal["ambient", "chilled", "frozen"]
OptionWord = Annotated[str, Field(pattern=PLAIN, max_length=40)]


class GoodsRowOut(Out):
    """on_hand, reserved: of its active variants together; sold_out: how many of them nobody can order; few_left: of how many few are left."""

    id: int
    slug: str
    name: str
    state: str
    picture: PictureOut | None
    maker_slug: str
    category_slug: str
    on_hand: int
    reserved: int
    sold_out: int
    few_left: int
    kept: int
    returned: int
    created_at: datetime


class StaffSkuOut(Out):
    """cost: what the shop pays for one."""

    id: int
    code: str
    options: dict[str, str]
    price: MoneyOut
    cost: MoneyOut | None
    weight_g: int
    unit_note: str
    is_active: bool


class GoodsOut(WorkedOut):
    """What the merchant decided; how many there are is at GET /staff/skus/{id}/stock."""

    id: int
    slug: str
    name: str
    summary: str
    story: str
    origin: str
    state: str
    maker_slug: str
    category_slug: str
    return_rule: str
    return_days: int
    claim_hours: int
    pictures: list[PictureOut]
    skus: list[StaffSkuOut]

    @staticmethod
    def resolve_maker_slug(obj: Any) -> str:
        return str(obj.maker.slug) if obj.maker else ""


class GoodsIn(In):
    """maker, category: their slugs, null for none."""

    name: Text = Field(max_length=80)
    slug: Slug
    summary: Text = Field(default="", max_length=200)
    story: Text = Field(default="", max_length=20_000)
    origin: Text = Field(default="", max_length=80)
    maker: Slug | None = None
    category: Slug | None = None
    return_rule: ReturnRuleIn = "seven_days"
    return_days: int = Field(default=7, strict=True, ge=0, le=365)
    claim_hours: int = Field(default=48, strict=True, ge=0, le=720)


class SkuIn(In):
    """options: such as {"规格": "5 斤"}, empty for the only variant."""

    code: Text = Field(max_length=40)
    options: dict[OptionWord, OptionWord] = Field(default_factory=dict, max_length=5)
    price_minor: AmountMinor
    cost_minor: AmountMinor = 0
    weight_g: int = Field(default=0, strict=True, ge=0, le=10_000_000)
    unit_note: Text = Field(default="", max_length=40)


class SkuChangeIn(In):
    """What is left out stays as it is."""

    is_active: Flag | None = None
    unit_note: Text | None = Field(default=None, max_length=40)
    weight_g: int | None = Field(default=None, strict=True, ge=0, le=10_000_000)
    cost_minor: AmountMinor | None = None


class PriceIn(In):
    price_minor: AmountMinor


class PriceChangeOut(Out):
    price: MoneyOut
    changed_at: datetime
    actor: str


class PictureRefIn(In):
    picture_id: Ref = Field(description="A picture that the caller uploaded")


class StockOut(Out):
    """low_at: so many free units are few; 0: it is never said. expected: of those reserved, promised (to a round, a preorder) and not here."""

    sku_id: int
    on_hand: int
    reserved: int
    expected: int
    free: int
    low_at: int


class LowAtIn(In):
    low_at: Quantity


class MovementIn(In):
    """what: receive, scrap, or count (quantity is then what was found). lot_id: for receive and scrap."""

    what: Literal["receive", "scrap", "count"]
    quantity: Quantity
    reason: Text = Field(min_length=1, max_length=100)
    lot_id: Ref | None = None


class MovementOut(Out):
    """quantity: signed."""

    id: int
    kind: str
    quantity: int
    reason: str
    actor: str
    lot_code: str
    moved_at: datetime


class MadeLotOut(Out):
    """standing: good, ending, expired or recalled; left: units on the shelf."""

    id: int
    code: str
    product_id: int
    product_name: str
    sku_code: str
    expires_at: datetime | None
    left: int
    standing: str


class NewLotIn(In):
    """expires_on: the last day on which it is good."""

    code: Text = Field(min_length=1, max_length=40)
    made_on: Day | None = None
    expires_on: Day | None = None
    storage: StorageIn = "ambient"
    note: Text = Field(default="", max_length=200)


class LotRefOut(Out):
    id: int
    code: str
    made_on: date | None
    expires_at: datetime | None
    storage: str
    recalled_at: datetime | None


class ShelfIn(In):
    name: Text = Field(max_length=30)
    name_en: Text = Field(default="", max_length=40)


class NewMakerIn(In):
    name: Text = Field(max_length=60)
    place: Text = Field(default="", max_length=60)
    story: Text = Field(default="", max_length=2000)


class MakerChangeIn(In):
    """What is left out stays as it is. member_id: who stands for the maker (scope supplier:read), null for nobody."""

    name: Text | None = Field(default=None, max_length=60)
    place: Text | None = Field(default=None, max_length=60)
    story: Text | None = Field(default=None, max_length=2000)
    member_id: Ref | None = None


class PointChangeIn(In):
    """All of it at once."""

    name: Text = Field(max_length=40)
    address: Text = Field(max_length=120)
    hours: Text = Field(max_length=60)
    hours_en: Text = Field(default="", max_length=80)
    is_open: Flag = True


class SlugOut(Out):
    slug: str


class NewPointIn(In):
    """leader_id: the member who runs it. circle: slug of its circle."""

    name: Text = Field(max_length=40)
    address: Text = Field(max_length=120)
    hours: Text = Field(max_length=60)
    hours_en: Text = Field(default="", max_length=80)
    leader_id: Ref
    circle: Slug | None = None


class DemandOut(Out):
    """What is ordered, paid and not handed over yet; of nobody's name."""

    sku_id: int
    sku_code: str
    product_name: str
    quantity: int
    orders: int
    oldest_paid_at: datetime | None
