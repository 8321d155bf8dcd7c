"""Makers and the shelves of the shop, with what stands on them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Value

from quanzi.base import planned
from quanzi.base.media.models import Picture
from quanzi.base.media.queries import columns, picture_of
from quanzi.goods.catalogue.errors import UnknownMaker
from quanzi.goods.catalogue.models import Category, Maker, Product, ProductState

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
    """products: how many are on sale, None where nobody counted; in_use: whether any is."""

    id: int
    slug: str
    name: str
    name_en: str
    icon: Picture | None
    products: int | None
    in_use: bool


def makers(*, after: int | None = None, limit: int = 100, counted: bool = True) -> list[MakerCard]:
    """Makers by name, behind the one already seen.

    counted=False leaves out how many products each has, which costs a look at all of them.
    """
    found = Maker.objects.select_related("portrait").order_by("name", "id")
    if after is not None:
        name = Maker.objects.filter(pk=after).values_list("name", flat=True).first() or ""
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=after))
    if not counted:
        return [maker_card(maker) for maker in found[:limit]]
    return [maker_card(maker, maker.count) for maker in found.annotate(count=ON_SALE)[:limit]]


def makers_by_id(ids: Collection[int]) -> list[MakerCard]:
    """These makers, in the given order."""
    found = Maker.objects.select_related("portrait").in_bulk(list(ids))
    return [maker_card(found[one]) for one in ids if one in found]


def maker_page(slug: str) -> MakerCard:
    """One maker; the products come from product_cards(maker=slug). Raises UnknownMaker."""
    maker = Maker.objects.select_related("portrait").annotate(count=ON_SALE).filter(slug=slug).first()
    if maker is None:
        raise UnknownMaker()
    return maker_card(maker, maker.count)


def categories(*, counted: bool = True) -> list[CategoryCard]:
    """Every shelf, in the merchant's order. One without a picture of its own shows its newest product's.

    counted=False leaves out how many products each has, which costs a look at all of them.
    """
    shelves = Category.objects.select_related("icon").order_by("position", "id")
    some = Exists(Product.objects.filter(category=OuterRef("pk"), state=ProductState.ON_SALE))
    found = list(shelves.annotate(count=ON_SALE if counted else Value(None, IntegerField()), some=some))
    newest = _newest_pictures([one.id for one in found if one.icon is None])
    return [
        CategoryCard(one.id, one.slug, one.name, one.name_en, one.icon or newest.get(one.id), one.count, one.some)
        for one in found
    ]


# From the index product_of_shelf: the newest product with a picture, shelf by shelf.
NEWEST = f"""
SELECT c.id, {columns("a")}
FROM unnest(%(categories)s::bigint[]) AS c(id), LATERAL (
    SELECT (SELECT pp.picture_id FROM catalogue_productpicture pp WHERE pp.product_id = p.id ORDER BY pp.position, pp.id LIMIT 1)
    FROM catalogue_product p WHERE p.category_id = c.id AND p.state = 'on_sale'
      AND EXISTS (SELECT FROM catalogue_productpicture pp WHERE pp.product_id = p.id)
    ORDER BY p.created_at DESC, p.id DESC LIMIT 1) AS newest(picture_id), media_picture a WHERE a.id = newest.picture_id
"""


def _newest_pictures(category_ids: Collection[int]) -> dict[int, Picture]:
    rows = planned.rows(NEWEST, {"categories": list(category_ids)}) if category_ids else []
    return {category_id: picture for category_id, *row in rows if (picture := picture_of(row))}


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
