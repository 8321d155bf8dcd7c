"""Chains follow the orders of who signed up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quanzi.trade.chains.rules import KIND
from quanzi.trade.chains.services import signing
from quanzi.trade.sales.models import Order


def chain_id_of(waits_for: str) -> int:
    """The chain that an order waits for ("chain:12")."""
    return int(waits_for.removeprefix(f"{KIND}:"))


class ChainFollower:
    """Fills `sales.ports.OrderFollower` for orders of chains."""

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """People of a list go on side by side; its end waits for them, and they for it."""
        signing.share_chain(chain_id_of(waits_for))

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        signing.enter(order=order, chain_id=chain_id_of(order.waits_for), context=context, now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return signing.take_payment(order=order, chain_id=chain_id_of(order.waits_for), now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        signing.end(order=order, now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        signing.end(order=order, now=now)


FOLLOWER = ChainFollower()
