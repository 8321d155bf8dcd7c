"""What every carrier can do, and the three answers that we know.

UNKNOWN is an answer too: the request may or may not have had its effect, so we ask under the same reference before anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

CODES = ("accepted", "in_transit", "out_for_delivery", "delivered", "returned", "trouble")


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shipment:
    """What a carrier is told of a parcel. reference: our own word for it; the same one again is the same shipment."""

    reference: str
    recipient: str
    phone: str
    region: str
    address: str
    units: int


@dataclass(frozen=True, slots=True)
class Booked:
    outcome: Outcome
    tracking: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a parcel. ref: the carrier's own word for it; code: one of CODES."""

    ref: str
    code: str
    words: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tracked:
    outcome: Outcome
    events: Sequence[Told] = ()
    error: str = ""


class PushRefused(Exception):
    """What was sent to us does not prove itself, or says nothing we understand; `status` is answered."""

    def __init__(self, reason: str, status: int) -> None:
        self.reason, self.status = reason, status
        super().__init__(reason)


class Carrier(Protocol):
    """Speaks to one carrier's service over the network; called outside of transactions."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    def book(self, shipment: Shipment, /) -> Booked:
        """Ask for a number. Safe to repeat with the same reference."""
        ...

    def find(self, reference: str, /) -> Booked:
        """What became of an earlier `book`; REFUSED when the carrier knows nothing of it."""
        ...

    def track(self, tracking: str, /) -> Tracked: ...

    def parse_push(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[str, Sequence[Told]]:
        """Tracking number and news that the carrier sent us; raises PushRefused."""
        ...
