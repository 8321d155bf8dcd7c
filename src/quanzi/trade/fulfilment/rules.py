"""Choosing lots, free of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

CODE_LENGTH = 6
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class LotFacts:
    """left: units of the lot that movements say are on the shelf. at_supplier: they lie at a supplier's and go from there."""

    id: int
    sku_id: int
    expires_at: datetime | None
    recalled_at: datetime | None
    left: int
    at_supplier: bool = False
    paused_at: datetime | None = None


def is_fit(lot: LotFacts, now: datetime) -> bool:
    """May be handed over: neither recalled nor paused, and not past its expiry."""
    return lot.recalled_at is None and lot.paused_at is None and (lot.expires_at is None or lot.expires_at > now)


def choose_lot(lots: Sequence[LotFacts], *, quantity: int, now: datetime) -> LotFacts | None:
    """The fit lot that expires first; one with enough left before others, and one in the house before one at a supplier's. None: no lot is fit."""
    fit = [lot for lot in lots if is_fit(lot, now)]
    return min(fit, key=lambda lot: (lot.left < quantity, lot.at_supplier, lot.expires_at or FAR, lot.id), default=None)
