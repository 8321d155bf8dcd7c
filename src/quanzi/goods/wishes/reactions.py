"""Goods are back: those who asked are told."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.goods.stock.events import BackInStock
from quanzi.goods.wishes import services


@react_to(BackInStock, consumer="wishes.tell_back")
def tell_back(event: BackInStock, *, now: datetime) -> None:
    """Safe to run twice: an alert is told once."""
    services.tell_back(sku_id=event.sku_id, now=now)
