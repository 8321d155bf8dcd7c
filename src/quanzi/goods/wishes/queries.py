"""Reads of the room, each for the member whose list it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from quanzi.goods.catalogue.models import Product, ProductState
from quanzi.goods.catalogue.queries import ProductCard, product_cards
from quanzi.goods.stock.models import Stock
from quanzi.goods.wishes.models import Seen, StockAlert, Wish
from quanzi.goods.wishes.rules import MOST_SEEN

PAGE = 20
SHOWN = (ProductState.ON_SALE, ProductState.PAUSED)


@dataclass(frozen=True)
class WishRow:
    """One line of the list. free: units of all its variants that can be bought now."""

    id: int
    card: ProductCard
    free: int
    made_at: datetime

    @property
    def can_be_bought(self) -> bool:
        return self.free > 0 and self.card.state == ProductState.ON_SALE


@dataclass(frozen=True)
class AlertRow:
    """One alert that is still open."""

    sku_id: int
    slug: str
    title: str
    asked_at: datetime


def wishes(member_id: int, *, before: int | None = None, limit: int = PAGE) -> list[WishRow]:
    """The member's list, newest first; `before` is the id of the last row already seen."""
    rows = Wish.objects.filter(member_id=member_id, product__state__in=SHOWN).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[:limit])
    cards = {card.id: card for card in product_cards(ids=[row.product_id for row in found], states=SHOWN)}
    left = _free_of_products(list(cards))
    return [
        WishRow(row.pk, cards[row.product_id], left.get(row.product_id, 0), row.made_at)
        for row in found
        if row.product_id in cards
    ]


def marks(member_id: int) -> list[str]:
    """Slugs of everything on the list: what a heart on a card needs to know."""
    return list(Wish.objects.filter(member_id=member_id).order_by("id").values_list("product__slug", flat=True))


def is_wished(member_id: int, slug: str) -> bool:
    return Wish.objects.filter(member_id=member_id, product__slug=slug).exists()


def alerts(member_id: int) -> list[AlertRow]:
    """Alerts that are open, the oldest first."""
    rows = StockAlert.objects.filter(member_id=member_id, told_at=None).select_related("sku__product").order_by("id")
    return [
        AlertRow(
            row.sku_id,
            row.sku.product.slug,
            " · ".join([row.sku.product.name, *row.sku.options.values()]),
            row.asked_at,
        )
        for row in rows
    ]


def waits_for(member_id: int, sku_id: int) -> bool:
    """Whether the member has an open alert for this variant."""
    return StockAlert.objects.filter(member_id=member_id, sku_id=sku_id, told_at=None).exists()


def seen(member_id: int, *, limit: int = MOST_SEEN) -> list[ProductCard]:
    """What the member looked at, the latest first; nothing when they never chose to keep it."""
    ids = Seen.objects.filter(member_id=member_id).order_by("-seen_at", "-id").values_list("product_id", flat=True)
    found = list(ids[:limit])
    return product_cards(ids=found, states=SHOWN) if found else []


def cards_of(slugs: Sequence[str]) -> list[ProductCard]:
    """Cards of these goods in this order, without those that nobody may see; for a list that stands on a device."""
    ids = dict(Product.objects.filter(slug__in=slugs, state__in=SHOWN).values_list("slug", "id"))
    return product_cards(ids=[ids[slug] for slug in dict.fromkeys(slugs) if slug in ids], states=SHOWN)


def _free_of_products(product_ids: list[int]) -> dict[int, int]:
    left: dict[int, int] = {}
    counters = Stock.objects.filter(sku__product_id__in=product_ids, sku__is_active=True)
    for product_id, free in counters.values_list("sku__product_id", F("on_hand") + F("expected") - F("reserved")):
        left[product_id] = left.get(product_id, 0) + free
    return left
