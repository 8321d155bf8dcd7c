"""Who wants goods bought: rooms above (rounds of stations, preorders) register what they need."""

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
