"""The smallest valid goods."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from quanzi.base.media.models import Picture
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot, Maker, Product, Sku
from quanzi.goods.stock import services as stock
from quanzi.kernel import clock

_numbers = count(1)


def make_maker(*, name: str = "王师傅", now: datetime | None = None, **fields: Any) -> Maker:
    return catalogue.create_maker(
        **{"slug": f"maker-{next(_numbers)}", **fields}, name=name, actor="test", now=now or clock.now()
    )


def make_product(
    *, name: str = "阳山水蜜桃", on_sale: bool = False, now: datetime | None = None, **fields: Any
) -> Product:
    """A draft, or with `on_sale` a product with one variant that can be bought (not in stock)."""
    now = now or clock.now()
    product = catalogue.create_product(
        **{"slug": f"product-{next(_numbers)}", **fields}, name=name, actor="test", now=now
    )
    if on_sale:
        make_sku(product=product, now=now)
        product = catalogue.publish(product=product, actor="test", now=now)
    return product


def make_sku(
    *,
    product: Product | None = None,
    price_minor: int = 3_990,
    cost_minor: int = 2_000,
    stock_of: int = 0,
    on_sale: bool = True,
    now: datetime | None = None,
    **fields: Any,
) -> Sku:
    """A variant, of a product on sale unless told otherwise, with `stock_of` units on the shelf."""
    now = now or clock.now()
    parent = product or make_product(now=now)
    sku = catalogue.add_sku(
        **{"code": f"SKU-{next(_numbers)}", "options": {"规格": "5 斤"}, **fields},
        product=parent,
        price_minor=price_minor,
        cost_minor=cost_minor,
        now=now,
    )
    if product is None and on_sale:
        catalogue.publish(product=parent, actor="test", now=now)
        sku.refresh_from_db()
    if stock_of:
        bring_in(sku, stock_of, now=now)
    return sku


def bring_in(sku: Sku, quantity: int, *, lot: Lot | None = None, now: datetime | None = None) -> None:
    """Receive goods."""
    stock.receive(
        sku_id=sku.id,
        quantity=quantity,
        lot_id=lot.id if lot else None,
        key=f"test:{next(_numbers)}",
        reason="delivery note",
        actor="test",
        now=now or clock.now(),
    )


def make_lot(*, sku: Sku, now: datetime | None = None, **fields: Any) -> Lot:
    return catalogue.add_lot(**{"code": f"LOT-{next(_numbers)}", **fields}, sku=sku, now=now or clock.now())


def make_picture() -> Picture:
    """A picture's row without its files, for tests that only point at it."""
    return Picture.objects.create(
        sha256=f"{next(_numbers):064x}",
        width=640,
        height=640,
        bytes=1,
        alt="桃",
        purpose="product",
        created_at=clock.now(),
    )
