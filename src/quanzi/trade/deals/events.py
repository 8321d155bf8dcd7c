"""What deals announce. Events of one team are applied in order. `origin` is that of its orders ("replay": a recorded log)."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class OfTeam(DomainEvent):
    """Common to all: the team, whose events keep their order."""

    team_id: int

    @property
    def key(self) -> str:
        return f"team:{self.team_id}"


@dataclass(frozen=True)
class TeamOpened(OfTeam):
    """Somebody took the first seat; it is not paid yet."""

    deal_id: int
    opener_id: int


@dataclass(frozen=True)
class SeatPaid(OfTeam):
    """A seat became real. missing: how many paid seats the team still needs; more: how many it can still take."""

    member_id: int
    order_id: int
    invited_by_id: int | None
    missing: int
    more: int = 0
    origin: str = "shop"


@dataclass(frozen=True)
class SeatLeft(OfTeam):
    """Somebody left: `was_paid` with a full refund, otherwise without having paid."""

    member_id: int
    order_id: int
    was_paid: bool


@dataclass(frozen=True)
class TeamSucceeded(OfTeam):
    """Every seat is paid; member_ids in the order of taking seats."""

    deal_id: int
    opener_id: int
    member_ids: tuple[int, ...]
    origin: str = "shop"


@dataclass(frozen=True)
class TeamFailed(OfTeam):
    """The deadline passed; member_ids are those who get all their money back."""

    deal_id: int
    opener_id: int
    member_ids: tuple[int, ...]
    origin: str = "shop"
