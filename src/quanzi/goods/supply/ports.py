"""What rooms above register: who wants goods bought (rounds of stations, preorders), and how a lot waits for its check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DemandHead:
    """One demand that is decided and not bought yet, or still growing. ref: like "round:12"; due_at: when the goods must be here."""

    ref: str
    title: str
    is_final: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one variant for one place ("" for everywhere)."""

    sku_id: int
    quantity: int
    place: str = ""


class DemandSource(Protocol):
    """Knows the demands of its kind; reads only."""

    def open_demands(self, now: datetime, /) -> Sequence[DemandHead]:
        """Demands that goods have yet to be bought for."""
        ...

    def wanted(self, key: str, /) -> Sequence[Wanted]:
        """What the demand "kind:key" needs now; empty when there is none."""
        ...


_sources: dict[str, DemandSource] = {}


def register_demand(kind: str, source: DemandSource) -> None:
    """Let `source` speak for demands "kind:…"; one source for each kind."""
    known = _sources.get(kind)
    if known is not None and known is not source:
        raise ValueError(f"demands of the kind {kind} have a source already")
    _sources[kind] = source


def forget_demand(kind: str) -> None:
    """Take a source out again (a test that ends)."""
    _sources.pop(kind, None)


def demand_sources() -> dict[str, DemandSource]:
    return dict(_sources)


class Inspection(Protocol):
    """Keeps a lot off the shelf until somebody of the shop has looked at it."""

    def wait(self, lot_id: int, now: datetime, /) -> None:
        """Nobody is given or sold this lot until it passed; called again when more of it arrives."""
        ...


_inspections: list[Inspection] = []


def register_inspection(inspection: Inspection) -> None:
    """There is one."""
    _inspections[:] = [inspection]


def inspection() -> Inspection | None:
    return _inspections[0] if _inspections else None
