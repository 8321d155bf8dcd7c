"""Goods of the rounds in the plain values of a pattern: words, variants, prices, pictures, traits.

Never stock, lots, suppliers or what the goods cost: who takes the file in sees what any buyer sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quanzi.base.media import files as media
from quanzi.base.media import rules
from quanzi.base.media.models import Picture
from quanzi.goods.catalogue.models import Product, ProductPicture, Sku
from quanzi.growth.tastes.models import Trait

MOST_GOODS = 60
MOST_PICTURES = 2
LONGEST_STORY = 6_000


def goods_behind(codes: Iterable[str]) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The products of these variants, each with all that it sells, and their first pictures; in the order of their codes."""
    wanted = Sku.objects.filter(code__in=list(codes)).order_by("code").values_list("product_id", flat=True)
    ids = list(dict.fromkeys(wanted))[:MOST_GOODS]
    products = Product.objects.in_bulk(ids)
    shown: dict[int, list[str]] = {}
    files: dict[str, bytes] = {}
    for row in ProductPicture.objects.filter(product__in=ids).select_related("picture").order_by("position", "pk"):
        names = shown.setdefault(row.product_id, [])
        if len(names) < MOST_PICTURES:
            name, data = file_of(row.picture)
            names.append(name)
            files[name] = data
    return [_product(products[pk], shown.get(pk, [])) for pk in ids], files


def file_of(picture: Picture) -> tuple[str, bytes]:
    """Its name in the archive, and the largest size that is kept of it."""
    width = max(rules.widths(picture.width))
    return f"media/{picture.sha256}.webp", media.path(picture.sha256, width).read_bytes()


def _product(one: Product, pictures: list[str]) -> dict[str, Any]:
    return {
        "name": one.name, "summary": one.summary, "story": one.story[:LONGEST_STORY], "origin": one.origin,
        "return_rule": str(one.return_rule), "return_days": one.return_days, "claim_hours": one.claim_hours,
        "traits": sorted(Trait.objects.filter(product=one).values_list("taste", flat=True)),
        "pictures": pictures,
        "variants": [_variant(sku) for sku in one.skus.filter(is_active=True).order_by("position", "code")],
    }  # fmt: skip


def _variant(sku: Sku) -> dict[str, Any]:
    return {
        "code": sku.code, "options": [{"name": name, "value": value} for name, value in sku.options.items()],
        "price_minor": sku.price_minor, "currency": sku.currency, "weight_g": sku.weight_g, "unit_note": sku.unit_note,
    }  # fmt: skip
