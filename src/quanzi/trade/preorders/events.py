"""What preorders announce. Events of one preorder are applied in order."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class OfPreorder(DomainEvent):
    """Common to all: the preorder, whose events keep their order."""

    preorder_id: int

    @property
    def key(self) -> str:
        return f"preorder:{self.preorder_id}"


@dataclass(frozen=True)
class PreorderOpened(OfPreorder):
    """Deposits are taken from its opening time on."""


@dataclass(frozen=True)
class DepositPaid(OfPreorder):
    """A place counts. taken: units of the batch now."""

    place_id: int
    member_id: int
    quantity: int
    taken: int


@dataclass(frozen=True)
class ThresholdReached(OfPreorder):
    """Enough deposits are paid, for the first time."""

    taken: int


@dataclass(frozen=True)
class BatchMade(OfPreorder):
    """The batch is made; what is taken has to be bought or produced."""

    taken: int


@dataclass(frozen=True)
class BatchMissed(OfPreorder):
    """Too few by the end of the window: every deposit goes back."""

    taken: int


@dataclass(frozen=True)
class PreorderCalledOff(OfPreorder):
    """The shop gave it up: all the money goes back."""


@dataclass(frozen=True)
class NewsTold(OfPreorder):
    news_id: int


@dataclass(frozen=True)
class DateAsked(OfPreorder):
    """Everybody with a place is asked about another date."""

    change_id: int


@dataclass(frozen=True)
class BalanceAsked(OfPreorder):
    """Balances are taken from now on."""


@dataclass(frozen=True)
class BalancePaid(OfPreorder):
    place_id: int
    order_id: int


@dataclass(frozen=True)
class PlaceReturned(OfPreorder):
    """All of a place's money is on its way back. amount_minor: all of it, the deposit and a balance; reason: one of services.returning."""

    place_id: int
    member_id: int
    amount_minor: int
    currency: str
    reason: str
