"""Applying a plan of goods: through the catalogue's and the stock's own services, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Product, ProductState, Sku
from quanzi.goods.stock import services as stock
from quanzi.growth.importing.goods.errors import GoodsRefused, ShopChanged
from quanzi.growth.importing.goods.planning import Plan, PlannedProduct, PlannedSku, outside, plan
from quanzi.growth.importing.goods.reading import Goods
from quanzi.growth.importing.models import WantedPicture


@transaction.atomic
def apply(
    *, goods: Goods, columns: dict[str, str], with_stock: bool, expected: str, key: str, actor: str,
    progress: Callable[[int, int], None] = lambda done, total: None, now: datetime,
) -> Plan:  # fmt: skip
    """Make and change what a sheet says, all of it or nothing; returns the plan that was carried out.

    expected: fingerprint of the plan that somebody looked at. key: names this sheet, so that its counts of stock happen
    once. progress: told how many of how many products are written. Raises GoodsRefused while any cell cannot be used,
    ShopChanged when the plan would be another one by now.
    """
    found = plan(goods, with_stock=with_stock, columns=columns)
    if found.problems:
        raise GoodsRefused(count=len(found.problems))
    if found.fingerprint != expected:
        raise ShopChanged()
    for done, one in enumerate(found.products):
        progress(done, len(found.products))
        product = _product(one, actor, now)
        if one.state == ProductState.PAUSED and product.state == ProductState.ON_SALE:
            product = catalogue.pause(product=product, actor=actor, now=now)
        for position, sku in sorted(enumerate(one.skus), key=lambda pair: pair[1].goes):  # what stays on sale first
            _variant(sku, product, position, key=key, actor=actor, now=now)
        _move(product, one.state, actor, now)
        WantedPicture.objects.bulk_create(
            [WantedPicture(product=product, url=url[:1_000], asked_at=now) for url in outside(one.draft.pictures)],
            ignore_conflicts=True,
        )
    return found


def _product(one: PlannedProduct, actor: str, now: datetime) -> Product:
    if one.product is None:
        return catalogue.create_product(slug=one.slug, actor=actor, now=now, **one.values)
    names = {change.field for change in one.changes} - {"state"}
    if not names:
        return one.product
    values = {name: one.values[name] for name in names}
    return catalogue.update_product(product=one.product, actor=actor, now=now, **values)


def _variant(one: PlannedSku, product: Product, position: int, *, key: str, actor: str, now: datetime) -> None:
    draft = one.draft
    if one.sku is None:
        values: dict[str, Any] = {"position": min(position, 1_000), **draft.values}
        if draft.currency:
            values["currency"] = draft.currency
        sku = catalogue.add_sku(product=product, code=draft.code, options=draft.options, actor=actor, now=now, **values)
    else:
        sku = _changed(one, one.sku, actor, now)
    for change in one.changes:
        if change.field == "stock":
            stock.count(
                sku_id=sku.pk, counted=change.after, key=f"{key}:{sku.pk}", reason="sheet", actor=actor, now=now
            )


def _changed(one: PlannedSku, sku: Sku, actor: str, now: datetime) -> Sku:
    values = {change.field: change.after for change in one.changes if change.field != "stock"}
    price = values.pop("price_minor", None)
    if values:
        sku = catalogue.update_sku(sku=sku, actor=actor, now=now, **values)
    return sku if price is None else catalogue.change_price(sku=sku, price_minor=price, actor=actor, now=now)


def _move(product: Product, state: str, actor: str, now: datetime) -> None:
    """A new product that shall be paused was on sale for no moment that anybody could see."""
    if state == ProductState.ON_SALE or (state and product.state == ProductState.DRAFT):
        product = catalogue.publish(product=product, actor=actor, now=now)
    if state == ProductState.PAUSED:
        catalogue.pause(product=product, actor=actor, now=now)
