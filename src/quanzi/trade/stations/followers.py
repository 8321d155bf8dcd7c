"""Stations follow the orders that wait for the cut-off of a round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quanzi.trade.sales.models import Order
from quanzi.trade.stations.rules import KIND
from quanzi.trade.stations.services import entering


def round_id_of(waits_for: str) -> int:
    """The round that an order waits for ("round:12")."""
    return int(waits_for.removeprefix(f"{KIND}:"))


class RoundFollower:
    """Fills `sales.ports.OrderFollower` for orders of rounds."""

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """Orders of a round go on side by side; its cut-off waits for them, and they for it."""
        entering.share_round(round_id_of(waits_for))

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        entering.enter(order=order, round_id=round_id_of(order.waits_for), context=context, now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return entering.may_still_pay(order=order, now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        entering.leave(order=order, now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        entering.leave(order=order, now=now)


FOLLOWER = RoundFollower()
