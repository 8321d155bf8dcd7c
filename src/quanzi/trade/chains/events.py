"""What chains announce, in order for each chain."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class OfChain(DomainEvent):
    chain_id: int
    circle_id: int

    @property
    def key(self) -> str:
        return f"chain:{self.chain_id}"


@dataclass(frozen=True, kw_only=True)
class ChainOpened(OfChain):
    """People of the circle may sign up."""

    opener_id: int


@dataclass(frozen=True, kw_only=True)
class ChainEnded(OfChain):
    """Closed (its paid orders are released), or called off (all the money goes back)."""

    is_called_off: bool
