"""Goods as the staff sees them: with stock, and which variants or lots need care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import F, IntegerField, Q, Sum, Value
from django.db.models.functions import Coalesce

from quanzi.faces.console.reading.desk import SHELF_WARNING
from quanzi.goods.catalogue.models import Lot, Product, ProductState, Sku
from quanzi.goods.catalogue.queries import ProductCard, product_cards
from quanzi.goods.stock.models import LOW_AT
from quanzi.goods.stock.queries import StockRow
from quanzi.trade.sales.queries import KeptCount, product_counts

Short = Literal["", "empty", "low"]
FREE = F("stock__on_hand") + F("stock__expected") - F("stock__reserved")
SHORT = {"empty": Q(stock=None) | Q(free=0), "low": Q(free__gt=0, free__lte=F("stock__low_at"))}

EVERY_STATE = tuple(str(state) for state in ProductState)


@dataclass(frozen=True)
class GoodsRow:
    """A product with the stock of its active variants, and what became of it."""

    card: ProductCard
    stock: StockRow
    kept: KeptCount
    sold_out: int
    few_left: int


def goods_rows(
    *, words: str = "", state: str = "", short: Short = "", before_id: int | None = None, limit: int = 50
) -> list[GoodsRow]:
    """Products, newest first; short: with an active variant on sale of which nothing (empty) or little (low) is free."""
    ids = _short_products(short) if short else None
    states = (state,) if state else EVERY_STATE
    if ids is not None:
        cards = product_cards(ids=ids[:limit], states=(ProductState.ON_SALE,))
    else:
        cards = product_cards(words=words, states=states, before=before_id, limit=limit)
    stocks, kept = _stocks([card.id for card in cards]), product_counts([card.id for card in cards])
    rows = []
    for card in cards:
        stock, sold_out, few_left = stocks.get(card.id, (StockRow(0, 0, 0), 0, 0))
        rows.append(GoodsRow(card, stock, kept[card.id], sold_out, few_left))
    return rows


def _short_products(short: str) -> list[int]:
    found = Sku.objects.annotate(free=FREE).filter(SHORT[short], is_active=True, product__state=ProductState.ON_SALE)
    return list(dict.fromkeys(found.order_by("product_id").values_list("product_id", flat=True)))


def _stocks(product_ids: list[int]) -> dict[int, tuple[StockRow, int, int]]:
    """On hand and reserved of each product's active variants together, how many of them are sold out, and of how many few are left."""
    skus = Sku.objects.filter(product_id__in=product_ids, is_active=True).annotate(
        there=Coalesce(F("stock__on_hand"), Value(0), output_field=IntegerField()),
        held=Coalesce(F("stock__reserved"), Value(0), output_field=IntegerField()),
        owed=Coalesce(F("stock__expected"), Value(0), output_field=IntegerField()),
        few=Coalesce(F("stock__low_at"), Value(LOW_AT), output_field=IntegerField()),
    )
    sums: dict[int, list[int]] = {}
    for product_id, there, held, owed, few in skus.values_list("product_id", "there", "held", "owed", "few"):
        both = sums.setdefault(product_id, [0, 0, 0, 0, 0])
        both[0] += there
        both[1] += held
        both[2] += owed
        both[3] += there + owed - held <= 0
        both[4] += 0 < there + owed - held <= few
    return {
        key: (StockRow(0, there, held, expected=owed), empty, low)
        for key, (there, held, owed, empty, low) in sums.items()
    }


@dataclass(frozen=True)
class LotLine:
    """A lot in the list of lots. left: units of it on the shelf; standing: good, ending, expired, paused or recalled."""

    id: int
    code: str
    product_id: int
    product_name: str
    sku_code: str
    expires_at: datetime | None
    storage_label: str
    left: int
    standing: str


LOT_GROUPS = ("here", "ending", "paused", "recalled", "all")


def lot_rows(
    *, group: str, maker: str = "", before_id: int | None = None, limit: int = 50, now: datetime
) -> list[LotLine]:
    """Lots, newest first. here: with something left; ending: of those, expired or within two days; recalled.

    maker: the slug of the one whose goods they are, empty for all.
    """
    left = Coalesce(Sum("movements__quantity"), 0)
    found = Lot.objects.select_related("sku__product").annotate(left=left)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    if maker:
        found = found.filter(sku__product__maker__slug=maker)
    if group in ("here", "ending"):
        found = found.filter(left__gt=0)
    if group == "ending":
        found = found.filter(recalled_at=None, expires_at__lt=now + SHELF_WARNING)
    if group == "paused":
        found = found.filter(recalled_at=None, paused_at__isnull=False)
    if group == "recalled":
        found = found.filter(~Q(recalled_at=None))
    return [
        LotLine(
            lot.pk, lot.code, lot.sku.product_id, lot.sku.product.name, lot.sku.code, lot.expires_at,
            lot.get_storage_display(), lot.left, standing_of(lot.expires_at, lot.recalled_at, now, paused_at=lot.paused_at),
        )
        for lot in found.order_by("-pk")[:limit]
    ]  # fmt: skip


def standing_of(
    expires_at: datetime | None, recalled_at: datetime | None, now: datetime, *, paused_at: datetime | None = None
) -> str:
    """Whether a lot may be handed over, and for how long."""
    if recalled_at is not None:
        return "recalled"
    if paused_at is not None:
        return "paused"
    if expires_at is None or expires_at >= now + SHELF_WARNING:
        return "good"
    return "expired" if expires_at <= now else "ending"


def product_by_id(product_id: int) -> Product | None:
    return Product.objects.select_related("maker", "category").filter(pk=product_id).first()
