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
class ParcelShipped(_OfFulfilment):
    """One parcel of the order is with its carrier; FulfilmentShipped follows when nothing is left here."""

    parcel_id: int


@dataclass(frozen=True, kw_only=True)
class ParcelArrived(_OfFulfilment):
    """The carrier says that the buyer has the parcel."""

    parcel_id: int


@dataclass(frozen=True, kw_only=True)
class ParcelCameBack(_OfFulfilment):
    """The carrier brought the parcel back."""

    parcel_id: int


@dataclass(frozen=True, kw_only=True)
class SupplierAsked(_OfFulfilment):
    """A supplier is to send a parcel from their own stock."""

    parcel_id: int
    supplier_id: int


@dataclass(frozen=True, kw_only=True)
class SupplierDeclined(_OfFulfilment):
    """The supplier cannot send it."""

    parcel_id: int


@dataclass(frozen=True, kw_only=True)
class StopMissed(_OfFulfilment):
    """Nobody was there when the driver came."""

    stop_id: int


@dataclass(frozen=True, kw_only=True)
class RunPlanned(DomainEvent):
    """A driver will come to its stops."""

    run_id: int

    @property
    def key(self) -> str:
        return f"run:{self.run_id}"


@dataclass(frozen=True, kw_only=True)
class FulfilmentHandedOver(_OfFulfilment):
    """The buyer, or who receives for the buyer, has the goods."""
