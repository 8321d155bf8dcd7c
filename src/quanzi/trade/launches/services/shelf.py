"""Goods of a launch are set aside unit by unit ("launch:12:1" …), so that an order takes just what its turn is for.

The launch is locked, and then its turn at the goods is taken, before anything here is called.
"""

from __future__ import annotations

from datetime import datetime

from quanzi.goods.stock import services as stock
from quanzi.trade.launches.models import Launch
from quanzi.trade.launches.rules import KIND


def set_aside(launch: Launch, units: int, now: datetime) -> None:
    """Hold so many more. Raises OutOfStock."""
    refs = _refs(launch, launch.held + 1, launch.held + units)
    stock.reserve(lines=[(launch.sku_id, 1, ref) for ref in refs], expires_at=None, now=now)
    launch.held += units


def let_go(launch: Launch, units: int, now: datetime) -> None:
    """So many are free: an order takes them in this transaction, or anybody after it."""
    stock.release(refs=_refs(launch, launch.held - units + 1, launch.held), now=now)
    launch.held -= units


def _refs(launch: Launch, first: int, last: int) -> list[str]:
    return [f"{KIND}:{launch.pk}:{number}" for number in range(first, last + 1)]
