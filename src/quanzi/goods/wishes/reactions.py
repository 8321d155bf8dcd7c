"""Goods are back: those who asked are told."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.goods.catalogue.events import ProductPublished, SkuActivated
from quanzi.goods.stock.events import BackInStock
from quanzi.goods.wishes import services


@react_to(BackInStock, consumer="wishes.tell_back")
def tell_back(event: BackInStock, *, now: datetime) -> None:
    """Safe to run twice: an alert is told once."""
    services.tell_back(sku_id=event.sku_id, now=now)


@react_to(ProductPublished, consumer="wishes.tell_published")
def tell_published(event: ProductPublished, *, now: datetime) -> None:
    """What came in while the product was paused was told to nobody."""
    services.tell_published(product_id=event.product_id, now=now)


@react_to(SkuActivated, consumer="wishes.tell_activated")
def tell_activated(event: SkuActivated, *, now: datetime) -> None:
    services.tell_back(sku_id=event.sku_id, now=now)
