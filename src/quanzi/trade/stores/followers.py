"""Stores follow the orders that came over a counter or through a pay link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quanzi.trade.sales.models import Order
from quanzi.trade.stores.services import ordering


class CounterFollower:
    """Fills `sales.ports.OrderFollower` for "counter:<store>" and "paylink:<link>"."""

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        ordering.hold(order_id=order_id, waits_for=waits_for)

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        ordering.enter(order=order, context=context, now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return ordering.pay(order=order, now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        ordering.leave(order=order, now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        """What was refunded was sold: the link stays used, and the shelf counts live lines by itself."""


FOLLOWER = CounterFollower()
