"""What launches announce. Events of one launch are applied in order."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class OfLaunch(DomainEvent):
    """Common to all: the launch, whose events keep their order."""

    launch_id: int

    @property
    def key(self) -> str:
        return f"launch:{self.launch_id}"


@dataclass(frozen=True)
class LaunchPlanned(OfLaunch):
    """Its page can be seen; entry opens at its time."""


@dataclass(frozen=True)
class LotDrawn(OfLaunch):
    """Everybody who had entered has a place; the seed is told. places: how many took part."""

    places: int


@dataclass(frozen=True)
class TurnGiven(OfLaunch):
    """A member may order now. turn: the place that has it."""

    place_id: int
    member_id: int


@dataclass(frozen=True)
class TurnPassed(OfLaunch):
    """A turn ended unused and went to the next."""

    place_id: int
    member_id: int


@dataclass(frozen=True)
class LaunchEnded(OfLaunch):
    """reason: "sold_out", "time" or "called_off"; unserved: people who had no turn."""

    reason: str
    unserved: int


@dataclass(frozen=True)
class BrandDayPlanned(DomainEvent):
    """Its page can be seen; its prices hold from its opening on."""

    day_id: int

    @property
    def key(self) -> str:
        return f"brand_day:{self.day_id}"


@dataclass(frozen=True)
class PieceOffered(DomainEvent):
    """A piece is free, and it is this member's turn for a day."""

    edition_id: int
    ask_id: int
    member_id: int

    @property
    def key(self) -> str:
        return f"edition:{self.edition_id}"
