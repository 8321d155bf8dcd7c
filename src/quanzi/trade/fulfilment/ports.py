"""What other rooms may fill in: goods that are to be brought to a place where others hand them over, and what lies there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Load:
    """What one place should get. ref: the owner's own word for it ("round_stop:12"); due_at: it should be there by then.

    goods: title and lots, units, of what is still to come. phone: of whoever takes it in; empty for none.
    """

    ref: str
    point_id: int
    name: str
    address: str
    taken_in_by: str
    phone: str
    due_at: datetime
    goods: tuple[tuple[str, int], ...]


class Loads(Protocol):
    """Knows what waits to be brought, and tells `services.runs.taken_in` when it was counted there."""

    def waiting(self, *, now: datetime) -> Sequence[Load]:
        """Places that should still get something, in the order in which it is due."""
        ...

    def of(self, refs: Sequence[str], *, now: datetime) -> Mapping[str, Load]:
        """The loads behind these words, also those that came."""
        ...

    def on_arrival(self, ref: str, *, driver_name: str, now: datetime) -> None:
        """The driver unloads there: whoever counts should come."""
        ...


_loads: list[Loads] = []


def register_loads(knows: Loads) -> None:
    """The one room that has places to bring goods to."""
    _loads[:] = [knows]


def loads() -> Loads | None:
    """None in a shop without such places."""
    return _loads[0] if _loads else None


Lying = Callable[[int], Mapping[int, int] | None]
"""For an order's id the lots that were counted where it waits, with the units of each that may be given; None where nobody counts."""

_lying: list[Lying] = []


@dataclass(frozen=True, slots=True)
class Window:
    """When an order is picked up at its place. to_door: where it is carried from there instead, or empty."""

    starts_at: datetime
    ends_at: datetime
    to_door: str


Windows = Callable[[int], Window | None]
"""For an order's id; None: it may be picked up at any time."""

_windows: list[Windows] = []


def register_windows(knows: Windows) -> None:
    """The one room whose places are open at certain hours."""
    _windows[:] = [knows]


def window_of(order_id: int) -> Window | None:
    return _windows[0](order_id) if _windows else None


def register_lying(knows: Lying) -> None:
    """The one room at whose places only what was counted is handed over."""
    _lying[:] = [knows]


def lying_for(order_id: int) -> Mapping[int, int] | None:
    """None: the order may be given of any lot."""
    return _lying[0](order_id) if _lying else None
