"""One product with everything its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.errors import UnknownProduct
from quanzi.goods.catalogue.models import Lot, PriceChange, Product, ProductPicture, ProductState, Sku
from quanzi.goods.catalogue.queries.makers import MakerCard, maker_card
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


def _page(for_staff: bool, **which: Any) -> ProductPage:
    found = Product.objects.filter(**which).select_related("maker__portrait", "category")
    product = (found if for_staff else found.filter(state__in=VISIBLE)).first()
    if product is None:
        raise UnknownProduct()
    skus = _skus(product, for_staff)
    prices = [sku.price for sku in skus if sku.is_active]
    shown = ProductPicture.objects.filter(product=product).select_related("picture").order_by("position", "id")
    return ProductPage(
        id=product.id,
        slug=product.slug,
        name=product.name,
        summary=product.summary,
        story=product.story,
        origin=product.origin,
        state=product.state,
        is_on_sale=product.state == ProductState.ON_SALE,
        is_demo=product.is_demo,
        maker=maker_card(product.maker) if product.maker else None,
        category_slug=product.category.slug if product.category else "",
        category_name=product.category.name if product.category else "",
        category_name_en=product.category.name_en if product.category else "",
        return_rule=product.return_rule,
        return_days=product.return_days,
        claim_hours=product.claim_hours,
        pictures=tuple(one.picture for one in shown),
        skus=skus,
        lots=_lots(skus, for_staff),
        price_from=min(prices, default=None),
        price_to=max(prices, default=None),
        created_at=product.created_at,
    )


def _skus(product: Product, for_staff: bool) -> tuple[SkuChoice, ...]:
    found = Sku.objects.filter(product=product).order_by("position", "id")
    return tuple(
        SkuChoice(
            id=sku.id,
            code=sku.code,
            options=sku.options,
            label=" · ".join(sku.options.values()),
            title=variant_title(product.name, sku.options),
            price=Money(sku.price_minor, sku.currency),
            cost=Money(sku.cost_minor, sku.currency) if for_staff else None,
            unit_note=sku.unit_note,
            weight_g=sku.weight_g,
            is_active=sku.is_active,
        )
        for sku in (found if for_staff else found.filter(is_active=True))
    )


def _lots(skus: Sequence[SkuChoice], for_staff: bool) -> tuple[LotNote, ...]:
    found = Lot.objects.filter(sku_id__in=[sku.id for sku in skus]).order_by("-id")
    return tuple(
        LotNote(lot.id, lot.sku_id, lot.code, lot.made_on, lot.expires_at, lot.storage, lot.recalled_at)
        for lot in (found if for_staff else found.filter(recalled_at=None))[:50]
    )
