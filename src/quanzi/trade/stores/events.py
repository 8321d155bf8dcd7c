"""What stores announce, with plain values only."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class StoreOpened(DomainEvent):
    store_id: int
    point_id: int

    @property
    def key(self) -> str:
        return f"store:{self.store_id}"


@dataclass(frozen=True)
class OfLink(DomainEvent):
    """Common to what happens to a link, in order for each."""

    link_id: int

    @property
    def key(self) -> str:
        return f"paylink:{self.link_id}"


@dataclass(frozen=True)
class AmountAsked(OfLink):
    """A buyer at the counter typed an amount; the shopkeeper answers."""

    store_id: int
    member_id: int


@dataclass(frozen=True)
class AmountAnswered(OfLink):
    member_id: int
    is_confirmed: bool


@dataclass(frozen=True)
class CounterPaid(DomainEvent):
    """An order at a store's counter, or through a link, was paid. 0: not of a store, not through a link."""

    order_id: int
    store_id: int
    link_id: int
    origin: str

    @property
    def key(self) -> str:
        return f"order:{self.order_id}"
