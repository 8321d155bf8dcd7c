"""Launches follow the orders that their turns made; editions, those of their pieces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quanzi.trade.launches.errors import PieceTaken
from quanzi.trade.launches.rules import KIND, PIECE
from quanzi.trade.launches.services import buying, pieces
from quanzi.trade.sales.models import Order


def launch_id_of(waits_for: str) -> int:
    """The launch that an order belongs to ("launch:12")."""
    return int(waits_for.removeprefix(f"{KIND}:"))


class LaunchFollower:
    """Fills `sales.ports.OrderFollower` for orders of launches."""

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        """The launch, then its turn at the goods, before the order."""
        buying.hold(launch_id_of(waits_for))

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        buying.use_turn(order=order, launch_id=launch_id_of(order.waits_for), now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return buying.settle_paid(order=order, launch_id=launch_id_of(order.waits_for), now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        buying.give_up(order=order, launch_id=launch_id_of(order.waits_for), now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        buying.give_up(order=order, launch_id=launch_id_of(order.waits_for), now=now)


FOLLOWER = LaunchFollower()


def piece_id_of(waits_for: str) -> int:
    """The piece that an order is for ("piece:12")."""
    return int(waits_for.removeprefix(f"{PIECE}:"))


class PieceFollower:
    """Fills `sales.ports.OrderFollower` for orders of numbered pieces."""

    def hold(self, *, order_id: int, waits_for: str, now: datetime) -> None:
        pieces.hold(piece_id_of(waits_for))

    def on_placed(self, *, order: Order, context: Mapping[str, Any], now: datetime) -> None:
        if context.get("piece_id") != piece_id_of(order.waits_for):
            raise PieceTaken()
        pieces.take(order=order, piece_id=piece_id_of(order.waits_for), now=now)

    def on_paid(self, *, order: Order, now: datetime) -> bool:
        return pieces.settle_paid(order=order, piece_id=piece_id_of(order.waits_for), now=now)

    def on_cancelled(self, *, order: Order, now: datetime) -> None:
        pieces.give_up(order=order, piece_id=piece_id_of(order.waits_for), now=now)

    def on_refunded(self, *, order: Order, now: datetime) -> None:
        pieces.give_up(order=order, piece_id=piece_id_of(order.waits_for), now=now)


PIECE_FOLLOWER = PieceFollower()
