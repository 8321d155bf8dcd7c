"""Products, makers, prices, proof."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from quanzi.faces.api.language import either
from quanzi.faces.api.schemas.common import (
    AmountMinor,
    MoneyOut,
    Out,
    PictureOut,
    TieOut,
    WorkedOut,
)
from quanzi.faces.api.schemas.films import PostFilmOut


class ProductRowOut(Out):
    """price_from, price_to: over the variants, null without one. sku_id: the only variant, when there is just one."""

    id: int
    slug: str
    name: str
    summary: str
    picture: PictureOut | None
    price_from: MoneyOut | None
    price_to: MoneyOut | None
    maker_name: str
    maker_slug: str
    origin: str
    category_slug: str
    skus: int
    sku_id: int | None
    is_demo: bool
    created_at: datetime


class StepOut(Out):
    """A person on the way from the reader to the goods, and the word on the edge that leads to them."""

    member_id: int
    name: str
    word: str


class ProofLineOut(Out):
    """kept, returned: order lines of everybody. known_kept: people within three steps who kept it."""

    kept: int
    returned: int
    known_kept: int
    people: list[StepOut]


class ShelfOut(Out):
    product: ProductRowOut
    proof: ProofLineOut


class SaidOut(Out):
    """What somebody the reader knows wrote. got_sample: the shop gave them some before."""

    post_id: int
    title: str
    author: str
    kept_at: datetime
    got_sample: bool


class ProofOut(Out):
    """Facts about who kept this; people are named only where they agreed to it or wrote in public."""

    kept: int
    returned: int
    known_bought: int
    known_kept: int
    known_returned: int
    path: list[StepOut]
    quote: SaidOut | None
    others: list[StepOut]
    converging: list[StepOut] = Field(
        description="Friends who kept it within 90 days, independently of each other; two or more, or nobody"
    )


class KeptEvidenceOut(Out):
    """One order line behind the counts, without its buyer."""

    pseudonym: str
    quantity: int
    lot_code: str
    received_at: datetime | None
    kept_at: datetime | None
    returned_at: datetime | None
    said: bool


class MakerOut(Out):
    slug: str
    name: str
    place: str
    story: str
    portrait: PictureOut | None
    member_id: int | None
    is_demo: bool
    products: int | None


class CategoryOut(WorkedOut):
    slug: str
    name: str
    icon: PictureOut | None
    products: int

    @staticmethod
    def resolve_name(obj: Any) -> str:
        return either(obj.name, obj.name_en)


class SkuOut(Out):
    id: int
    code: str
    options: dict[str, str]
    label: str
    title: str
    price: MoneyOut
    unit_note: str
    weight_g: int


class LotOut(Out):
    sku_id: int
    code: str
    made_on: date | None
    expires_at: datetime | None
    storage: str


class FreeOut(Out):
    """free: how many can be ordered now."""

    sku_id: int
    free: int


class ProductOut(WorkedOut):
    """return_days count from the day after receipt, claim_hours from receipt."""

    id: int
    slug: str
    name: str
    summary: str
    story: str
    origin: str
    is_on_sale: bool
    is_demo: bool
    maker: MakerOut | None
    category_slug: str
    category_name: str
    return_rule: str
    return_days: int
    claim_hours: int
    pictures: list[PictureOut]
    skus: list[SkuOut]
    lots: list[LotOut]
    price_from: MoneyOut | None
    price_to: MoneyOut | None

    @staticmethod
    def resolve_category_name(obj: Any) -> str:
        return either(obj.category_name, obj.category_name_en)


class StarsOut(Out):
    """histogram: how many gave 1, 2, 3, 4, 5 stars."""

    experiences: int
    rated: int
    histogram: list[int]
    with_pictures: int
    low: int
    average: Decimal | None


class LadderStepOut(Out):
    """From so many people who paid on, one unit costs this."""

    people: int
    price: MoneyOut


class OfferOut(WorkedOut):
    """A group deal. saving: for one unit; reason: why it is cheaper together.

    price: what everybody pays first. steps: a ladder, its first step included; empty where more people change nothing.
    newcomers_only: whoever joins has never bought before.
    """

    id: int
    product_id: int
    product_slug: str
    product_name: str
    picture: PictureOut | None
    sku_id: int
    options: dict[str, str]
    team_size: int
    most_seats: int
    steps: list[LadderStepOut]
    newcomers_only: bool
    price: MoneyOut
    single_price: MoneyOut
    saving: MoneyOut
    reason: str
    window_minutes: int
    per_member_limit: int
    max_per_seat: int
    refund_rule: str
    refund_rule_label: str
    starts_at: datetime
    ends_at: datetime | None
    circle_slug: str
    circle_name: str
    is_open: bool
    is_demo: bool

    @staticmethod
    def resolve_reason(obj: Any) -> str:
        return either(obj.reason_zh, obj.reason_en)


class ProductPageOut(Out):
    """film: once it is ready."""

    product: ProductOut
    stock: list[FreeOut]
    proof: ProofOut
    stars: StarsOut
    offer: OfferOut | None
    film: PostFilmOut | None


class ExperienceOut(Out):
    """id: of the post. stars: null when none were given; is_void: the goods went back later, so the stars do not count.
    got_sample: the shop gave its author these goods."""

    id: int
    author_id: int
    author_name: str
    stars: int | None
    title: str
    body: str
    pictures: list[PictureOut]
    useful: int
    tie: TieOut | None
    created_at: datetime
    is_void: bool
    got_sample: bool


class PriceStepOut(WorkedOut):
    """One explained step from list price to what is paid; a discount is negative."""

    kind: str
    label: str
    amount_minor: int
    source: str

    @staticmethod
    def resolve_label(obj: Any) -> str:
        return either(obj.label_zh, obj.label_en)


class PricedLineOut(Out):
    sku_id: int
    product_id: int
    title: str
    quantity: int
    list_minor: int
    unit_minor: int
    total_minor: int
    steps: list[PriceStepOut]


class QuoteOut(Out):
    """amount_minor = goods_minor - discount_minor + freight_minor. summary: every reason once. included: what of the amount is import tax;
    it adds nothing."""

    currency: str
    lines: list[PricedLineOut]
    goods_minor: int
    freight_minor: int
    discount_minor: int
    amount_minor: AmountMinor
    summary: list[PriceStepOut] = Field(default_factory=list)
    included: list[PriceStepOut] = Field(default_factory=list)
    must_declare: bool
