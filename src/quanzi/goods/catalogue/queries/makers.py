"""Makers and the shelves of the shop, with what stands on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.errors import UnknownMaker
from quanzi.goods.catalogue.models import Category, Maker, ProductPicture, ProductState

ON_SALE = Count("products", filter=Q(products__state=ProductState.ON_SALE))


@dataclass(frozen=True, slots=True)
class MakerCard:
    """products: how many are on sale, None where nobody counted."""

    id: int
    slug: str
    name: str
    place: str
    story: str
    portrait: Picture | None
    member_id: int | None
    is_demo: bool
    products: int | None = None


@dataclass(frozen=True, slots=True)
class CategoryCard:
    """products: how many are on sale."""

    id: int
    slug: str
    name: str
    name_en: str
    icon: Picture | None
    products: int


def makers(*, after: int | None = None, limit: int = 100) -> list[MakerCard]:
    """Makers by name, behind the one already seen."""
    found = Maker.objects.select_related("portrait").annotate(count=ON_SALE).order_by("name", "id")
    if after is not None:
        name = Maker.objects.filter(pk=after).values_list("name", flat=True).first() or ""
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=after))
    return [maker_card(maker, maker.count) for maker in found[:limit]]


def maker_page(slug: str) -> MakerCard:
    """One maker; the products come from product_cards(maker=slug). Raises UnknownMaker."""
    maker = Maker.objects.select_related("portrait").annotate(count=ON_SALE).filter(slug=slug).first()
    if maker is None:
        raise UnknownMaker()
    return maker_card(maker, maker.count)


def categories() -> list[CategoryCard]:
    """Every shelf, in the merchant's order. One without a picture of its own shows its newest product's."""
    found = list(Category.objects.select_related("icon").annotate(count=ON_SALE).order_by("position", "id"))
    newest = _newest_pictures([one.id for one in found if one.icon is None])
    return [
        CategoryCard(one.id, one.slug, one.name, one.name_en, one.icon or newest.get(one.id), one.count)
        for one in found
    ]


def _newest_pictures(category_ids: Collection[int]) -> dict[int, Picture]:
    shown = ProductPicture.objects.filter(product__state=ProductState.ON_SALE, product__category_id__in=category_ids)
    newest = shown.order_by("product__category_id", "-product__created_at", "product_id", "position", "id")
    rows = newest.distinct("product__category_id").select_related("picture", "product")
    return {row.product.category_id: row.picture for row in rows if row.product.category_id is not None}


def maker_card(maker: Maker, products: int | None = None) -> MakerCard:
    return MakerCard(
        id=maker.id,
        slug=maker.slug,
        name=maker.name,
        place=maker.place,
        story=maker.story,
        portrait=maker.portrait,
        member_id=maker.member_id,
        is_demo=maker.is_demo,
        products=products,
    )
