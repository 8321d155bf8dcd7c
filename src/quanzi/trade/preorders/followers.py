"""Preorders follow the orders of their balances (`sales.ports.OrderFollower`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quanzi.trade.preorders.errors import NoSuchPlace
from quanzi.trade.preorders.models import Place
from quanzi.trade.preorders.rules import KIND
from quanzi.trade.preorders.services import balancing
from quanzi.trade.preorders.services.moving import lock_place, lock_preorder
from quanzi.trade.sales.models import Order


class PreorderFollower:
    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """The batch, then the place: leaving, deciding and paying wait for each other."""
        place_id = Place.objects.filter(order_id=order_id).values_list("pk", flat=True).first()
        if place_id is None:
            lock_preorder(int(waits_for.removeprefix(f"{KIND}:")))
        else:
            lock_place(place_id)

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        place_id = context.get("place_id")
        if place_id is None:
            raise NoSuchPlace()
        balancing.bind(order=order, place_id=int(place_id), now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return balancing.settle(order=order, now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        balancing.unbind(order=order, now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        balancing.end_refunded(order=order, now=now)


FOLLOWER = PreorderFollower()
