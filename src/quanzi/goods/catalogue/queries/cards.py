"""Products in lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import Product, ProductPicture, ProductState
from quanzi.kernel.money import Money

MOST = 100


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list.

    price_from, price_to: over the active variants, None without one; skus: how many those are; sku_id: the only one,
    when there is just one.
    """

    id: int
    slug: str
    name: str
    summary: str
    picture: Picture | None
    price_from: Money | None
    price_to: Money | None
    maker_name: str
    maker_slug: str
    origin: str
    category_slug: str
    skus: int
    sku_id: int | None
    state: str
    is_demo: bool
    created_at: datetime


def product_cards(
    *,
    category: str | None = None,
    maker: str | None = None,
    words: str = "",
    ids: Collection[int] | None = None,
    states: Sequence[str] = (ProductState.ON_SALE,),
    before: int | None = None,
    limit: int = 20,
) -> list[ProductCard]:
    """Products, newest first; `before` is the id of the last card already seen.

    category, maker: slugs; words: literally in name, summary or origin; ids: only these, in the given order;
    states: for members what is on sale, the console may ask for drafts too.
    """
    found = _matching(category, maker, words, states)
    if ids is not None:
        order = {one: place for place, one in enumerate(ids)}
        return sorted(_cards(found.filter(id__in=order)), key=lambda card: order[card.id])
    if before is not None:
        found = _older(found, before)
    return _cards(found.order_by("-created_at", "-id")[: max(1, min(limit, MOST))])


def _matching(category: str | None, maker: str | None, words: str, states: Sequence[str]) -> QuerySet[Product]:
    found = Product.objects.filter(state__in=states)
    if category is not None:
        found = found.filter(category__slug=category)
    if maker is not None:
        found = found.filter(maker__slug=maker)
    for word in words.replace("\x00", " ").split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(summary__icontains=word) | Q(origin__icontains=word))
    return found


def _older(found: QuerySet[Product], before: int) -> QuerySet[Product]:
    """What stands after the card with this id; nothing when the card is gone."""
    last = Product.objects.filter(id=before).values_list("created_at", flat=True).first()
    if last is None:
        return found.none()
    return found.filter(Q(created_at__lt=last) | Q(created_at=last, id__lt=before))


def _cards(found: QuerySet[Product]) -> list[ProductCard]:
    active = Q(skus__is_active=True)
    rows = list(
        found.select_related("maker", "category").annotate(
            least=Min("skus__price_minor", filter=active),
            most=Max("skus__price_minor", filter=active),
            active=Count("skus", filter=active),
            first_sku=Min("skus__id", filter=active),
            currency=Min("skus__currency", filter=active),
        )
    )
    pictures = first_pictures([row.id for row in rows])
    return [
        ProductCard(
            id=row.id,
            slug=row.slug,
            name=row.name,
            summary=row.summary,
            picture=pictures.get(row.id),
            price_from=None if row.least is None else Money(row.least, row.currency),
            price_to=None if row.most is None else Money(row.most, row.currency),
            maker_name=row.maker.name if row.maker else "",
            maker_slug=row.maker.slug if row.maker else "",
            origin=row.origin,
            category_slug=row.category.slug if row.category else "",
            skus=row.active,
            sku_id=row.first_sku if row.active == 1 else None,
            state=row.state,
            is_demo=row.is_demo,
            created_at=row.created_at,
        )
        for row in rows
    ]


def first_pictures(product_ids: Collection[int]) -> dict[int, Picture]:
    """The leading picture of each product, in one query."""
    shown = ProductPicture.objects.filter(product_id__in=product_ids).select_related("picture")
    return {
        one.product_id: one.picture for one in shown.order_by("product_id", "position", "id").distinct("product_id")
    }
