"""What stations announce. Events of one round, and of one station, are applied in order."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.base.events.events import DomainEvent


@dataclass(frozen=True)
class StationOpened(DomainEvent):
    station_id: int
    point_id: int
    leader_id: int

    @property
    def key(self) -> str:
        return f"station:{self.station_id}"


@dataclass(frozen=True)
class ApplicationDecided(DomainEvent):
    application_id: int
    member_id: int
    is_approved: bool

    @property
    def key(self) -> str:
        return f"application:{self.application_id}"


@dataclass(frozen=True)
class OfRound(DomainEvent):
    """Common to all: the round, whose events keep their order."""

    round_id: int

    @property
    def key(self) -> str:
        return f"round:{self.round_id}"


@dataclass(frozen=True)
class RoundOpened(OfRound):
    """Orders are taken from its opening time on."""


@dataclass(frozen=True)
class RoundClosed(OfRound):
    """The cut-off has passed; which goods come is decided."""


@dataclass(frozen=True)
class RoundCancelled(OfRound):
    """Called off: all the money goes back."""


@dataclass(frozen=True)
class GoodsArrived(OfRound):
    """A lot was counted at a station; missing and damaged in units."""

    station_id: int
    lot_id: int
    arrived: int
    damaged: int
    missing: int


@dataclass(frozen=True)
class PickupMissed(OfRound):
    """Goods wait at the station though the window has ended."""

    order_id: int
    member_id: int
