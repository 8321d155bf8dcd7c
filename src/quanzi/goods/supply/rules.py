"""Arithmetic of buying, free of the database."""

from __future__ import annotations

from dataclasses import dataclass

MOST_UNITS = 1_000_000


def in_packs(wanted: int, pack_of: int) -> int:
    """The least whole number of packs that holds `wanted` units, in units."""
    return -(-wanted // pack_of) * pack_of


@dataclass(frozen=True, slots=True)
class Record:
    """What a supplier did, as facts. All are counts; a share is read together with its denominator."""

    purchases: int = 0
    on_time: int = 0
    with_date: int = 0
    ordered: int = 0
    received: int = 0
    damaged: int = 0

    @property
    def filled_bp(self) -> int | None:
        """How much of what was ordered arrived whole, in basis points; None before anything was due."""
        return self.received * 10_000 // self.ordered if self.ordered else None

    @property
    def on_time_bp(self) -> int | None:
        """How many deliveries came by their date, of those that had one."""
        return self.on_time * 10_000 // self.with_date if self.with_date else None

    @property
    def damaged_bp(self) -> int | None:
        """How many units were damaged on arrival, of those that arrived."""
        arrived = self.received + self.damaged
        return self.damaged * 10_000 // arrived if arrived else None
