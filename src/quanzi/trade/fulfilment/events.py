"""What fulfilment announces, in the order of the order's life."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class _OfFulfilment(DomainEvent):
    fulfilment_id: int
    order_id: int

    @property
    def key(self) -> str:
        return f"order:{self.order_id}"


@dataclass(frozen=True, kw_only=True)
class FulfilmentReady(_OfFulfilment):
    """The goods wait at the pickup point."""


@dataclass(frozen=True, kw_only=True)
class FulfilmentShipped(_OfFulfilment):
    """A carrier has the goods."""


@dataclass(frozen=True, kw_only=True)
class FulfilmentHandedOver(_OfFulfilment):
    """The buyer, or who receives for the buyer, has the goods."""
