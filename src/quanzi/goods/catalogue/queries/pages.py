"""One product with everything its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.base.media.queries import columns, picture_in, picture_of
from quanzi.goods.catalogue.errors import UnknownProduct
from quanzi.goods.catalogue.models import PriceChange, ProductState
from quanzi.goods.catalogue.queries.makers import MakerCard
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money

VISIBLE = (ProductState.ON_SALE, ProductState.PAUSED, ProductState.APART)
"""Members may look at a paused product, and at one sold apart, since their orders and notes speak of it; buying is another matter."""


@dataclass(frozen=True, slots=True)
class SkuChoice:
    """A variant to choose. title: product and options; label: the options alone; cost: for staff only."""

    id: int
    code: str
    options: dict[str, str]
    label: str
    title: str
    price: Money
    cost: Money | None
    unit_note: str
    weight_g: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class LotNote:
    """What a buyer may know about a lot on sale. storage: a StorageCondition."""

    id: int
    sku_id: int
    code: str
    made_on: date | None
    expires_at: datetime | None
    storage: str
    recalled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """return_days counts from the day after receipt, claim_hours from receipt. skus: active ones, unless all were asked for."""

    id: int
    slug: str
    name: str
    summary: str
    story: str
    origin: str
    state: str
    is_on_sale: bool
    is_demo: bool
    maker: MakerCard | None
    category_slug: str
    category_name: str
    category_name_en: str
    return_rule: str
    return_days: int
    claim_hours: int
    pictures: tuple[Picture, ...]
    skus: tuple[SkuChoice, ...]
    lots: tuple[LotNote, ...]
    price_from: Money | None
    price_to: Money | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PricePoint:
    price: Money
    changed_at: datetime
    actor: str


def product_page(slug: str, *, for_staff: bool = False) -> ProductPage:
    """The page of a product by its address; raises UnknownProduct, for members also for a draft.

    for_staff: drafts, inactive variants, recalled lots and costs too.
    """
    return _page(for_staff, slug=slug)


def product_page_by_id(product_id: int, *, for_staff: bool = False) -> ProductPage:
    """As product_page, by id."""
    return _page(for_staff, id=product_id)


def price_history(sku_id: int, *, limit: int = 100) -> list[PricePoint]:
    """Prices a variant has had, newest first."""
    found = PriceChange.objects.filter(sku_id=sku_id).order_by("-id")[:limit]
    return [PricePoint(Money(one.price_minor, one.currency), one.changed_at, one.actor) for one in found]


# One statement for a page; tests/goods/catalogue/test_pages_twin.py holds it against its plain twin.
PAGE = f"""
SELECT p.id, p.slug, p.name, p.summary, p.story, p.origin, p.state, p.is_demo, p.return_rule, p.return_days, p.claim_hours, p.created_at,
    coalesce(c.slug, ''), coalesce(c.name, ''), coalesce(c.name_en, ''),
    (SELECT json_agg(json_build_array({columns("pic")}) ORDER BY pp.position, pp.id)
        FROM catalogue_productpicture pp JOIN media_picture pic ON pic.id = pp.picture_id WHERE pp.product_id = p.id),
    (SELECT json_agg(json_build_array(s.id, s.code, s.options, s.price_minor, s.cost_minor, s.currency, s.unit_note, s.weight_g, s.is_active)
        ORDER BY s.position, s.id) FROM catalogue_sku s WHERE s.product_id = p.id {{skus}}),
    (SELECT json_agg(json_build_array(l.id, l.sku_id, l.code, l.made_on, l.expires_at, l.storage, l.recalled_at) ORDER BY l.id DESC)
        FROM (SELECT l.* FROM catalogue_sku s JOIN catalogue_lot l ON l.sku_id = s.id WHERE s.product_id = p.id {{skus}} {{lots}}
              ORDER BY l.id DESC LIMIT 50) l),
    m.id, m.slug, m.name, m.place, m.story, m.member_id, m.is_demo, {columns("a")}
FROM catalogue_product p LEFT JOIN catalogue_category c ON c.id = p.category_id
    LEFT JOIN catalogue_maker m ON m.id = p.maker_id LEFT JOIN media_picture a ON a.id = m.portrait_id
WHERE p.{{which}} = %({{which}})s {{states}}
"""
FOR_MEMBERS = {
    "skus": "AND s.is_active",
    "lots": "AND l.recalled_at IS NULL",
    "states": f"AND p.state IN ({', '.join(f"'{one.value}'" for one in VISIBLE)})",
}
PAGES = {
    (which, for_staff): PAGE.format(which=which, **(dict.fromkeys(FOR_MEMBERS, "") if for_staff else FOR_MEMBERS))
    for which in ("slug", "id")
    for for_staff in (False, True)
}


def _page(for_staff: bool, **asked: Any) -> ProductPage:
    (which,) = asked
    found = planned.rows(PAGES[which, for_staff], asked)
    if not found:
        raise UnknownProduct()
    product_id, slug, name, summary, story, origin, state, is_demo, rule, days, hours, made_at, *rest = found[0]
    shelf, shelf_name, shelf_name_en, pictures, skus, lots, *maker = rest
    choices = tuple(_sku(name, row, for_staff) for row in skus or ())
    prices = [sku.price for sku in choices if sku.is_active]
    return ProductPage(
        id=product_id, slug=slug, name=name, summary=summary, story=story, origin=origin, state=state,
        is_on_sale=state == ProductState.ON_SALE, is_demo=is_demo, maker=_maker(maker), category_slug=shelf,
        category_name=shelf_name, category_name_en=shelf_name_en, return_rule=rule, return_days=days, claim_hours=hours,
        pictures=tuple(picture_in(row) for row in pictures or ()), skus=choices, lots=tuple(map(_lot, lots or ())),
        price_from=min(prices, default=None), price_to=max(prices, default=None), created_at=made_at,
    )  # fmt: skip


def _maker(row: Sequence[Any]) -> MakerCard | None:
    maker_id, slug, name, place, story, member_id, is_demo, *portrait = row
    if maker_id is None:
        return None
    return MakerCard(maker_id, slug, name, place, story, picture_of(portrait), member_id, is_demo)


def _sku(product: str, row: Sequence[Any], for_staff: bool) -> SkuChoice:
    sku_id, code, options, price, cost, currency, unit_note, weight_g, is_active = row
    return SkuChoice(
        id=sku_id, code=code, options=options, label=" · ".join(options.values()),
        title=variant_title(product, options), price=Money(price, currency),
        cost=Money(cost, currency) if for_staff else None, unit_note=unit_note, weight_g=weight_g, is_active=is_active,
    )  # fmt: skip


def _lot(row: Sequence[Any]) -> LotNote:
    """Out of JSON, where days and times are text."""
    lot_id, sku_id, code, made_on, expires_at, storage, recalled_at = row
    made = date.fromisoformat(made_on) if made_on else None
    return LotNote(lot_id, sku_id, code, made, planned.moment(expires_at), storage, planned.moment(recalled_at))
