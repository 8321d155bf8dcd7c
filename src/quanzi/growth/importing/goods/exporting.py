"""The goods of the shop as a sheet in our own format. Sent back unchanged, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from quanzi.goods.catalogue.models import Product, Sku
from quanzi.goods.stock.queries import levels
from quanzi.growth.importing.goods.fields import MOST_OPTIONS, OWN
from quanzi.growth.importing.tables.writing import as_csv, as_xlsx
from quanzi.kernel.money import Money

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PICTURE_PX = 1280


def goods_sheet(form: str) -> bytes:
    """Every product with its variants, as "csv" or "xlsx"."""
    rows = [[cells.get(name, "") for name in OWN] for cells in _rows()]
    return as_csv(OWN, rows) if form == "csv" else as_xlsx(OWN, rows, title="goods")


def _rows() -> Iterator[dict[str, str]]:
    found = Product.objects.select_related("maker", "category").order_by("pk")
    shelf = levels(list(Sku.objects.values_list("pk", flat=True)))
    for product in found.prefetch_related("skus", "product_pictures__picture"):
        own = _product(product)
        skus = list(product.skus.all())
        for sku in skus:
            yield own | _sku(sku, shelf[sku.pk].on_hand)
        if not skus:
            yield own


def _product(product: Product) -> dict[str, str]:
    plain = ("name", "summary", "story", "origin", "state", "return_rule", "return_days", "claim_hours")
    return {name: str(getattr(product, name)) for name in plain} | {
        "product": product.slug,
        "maker": product.maker.slug if product.maker else "",
        "category": product.category.slug if product.category else "",
        "pictures": "\n".join(shown.picture.url(PICTURE_PX) for shown in product.product_pictures.all()),
    }


def _sku(sku: Sku, on_hand: int) -> dict[str, str]:
    cells = {
        "code": sku.code,
        "price": str(Money(sku.price_minor, sku.currency)),
        "cost": str(Money(sku.cost_minor, sku.currency)),
        "currency": sku.currency,
        "weight_g": str(sku.weight_g),
        "unit_note": sku.unit_note,
        "active": "yes" if sku.is_active else "no",
        "position": str(sku.position),
        "stock": str(on_hand),
    }
    for place, (name, value) in enumerate(list(sku.options.items())[:MOST_OPTIONS], start=1):
        cells |= {f"option{place}_name": name, f"option{place}_value": value}
    return cells
