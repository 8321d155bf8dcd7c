"""What bargains announce, in order for each."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class OfBargain(DomainEvent):
    bargain_id: int

    @property
    def key(self) -> str:
        return f"bargain:{self.bargain_id}"


@dataclass(frozen=True, kw_only=True)
class BargainOpened(OfBargain):
    opener_id: int


@dataclass(frozen=True, kw_only=True)
class BargainAnswered(OfBargain):
    """is_agreed: with an offer, which is the deal."""

    is_agreed: bool
    deal_id: int | None
