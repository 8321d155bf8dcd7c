"""Reading stock: how many are free, in which lots, and why the number changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from quanzi.base import planned
from quanzi.goods.stock.models import LOW_AT, Movement, Promise


@dataclass(frozen=True, slots=True)
class StockRow:
    """Units of one SKU: on the shelf, held for orders, and free to sell; `low_at` free units are few (0: never).

    expected: of those held, what promises have yet to bring.
    """

    sku_id: int
    on_hand: int
    reserved: int
    low_at: int = LOW_AT
    expected: int = 0

    @property
    def free(self) -> int:
        return self.on_hand + self.expected - self.reserved

    @property
    def is_low(self) -> bool:
        return 0 < self.free <= self.low_at


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """Units of one SKU that a source promised. coming: not arrived yet; held: for orders under it; owed: of those, not on the shelf."""

    sku_id: int
    source: str
    coming: int
    held: int
    owed: int

    @property
    def left(self) -> int:
        """What can still be ordered of the promise, beside what is free on the shelf."""
        return self.coming - self.owed


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot and what is left of it. `is_fit`: neither expired nor paused nor recalled."""

    id: int
    code: str
    expires_at: datetime | None
    recalled_at: datetime | None
    paused_at: datetime | None
    storage: str
    on_hand: int
    is_fit: bool


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One change of the shelf, signed, with its reason."""

    id: int
    kind: str
    quantity: int
    reason: str
    actor: str
    lot_code: str
    moved_at: datetime


LEVELS = "SELECT sku_id, on_hand, reserved, low_at, expected FROM stock_stock WHERE sku_id = ANY(%s::bigint[])"


def levels(sku_ids: Collection[int]) -> dict[int, StockRow]:
    """The counters of these SKUs; goods that never came in count zero."""
    rows = {row[0]: StockRow(*row) for row in planned.rows(LEVELS, [list(sku_ids)])} if sku_ids else {}
    return {sku_id: rows.get(sku_id) or StockRow(sku_id, 0, 0) for sku_id in sku_ids}


def free(sku_ids: Collection[int]) -> dict[int, int]:
    """Units of these SKUs that anybody can buy now; what is promised and not here is not among them."""
    return {sku_id: row.free for sku_id, row in levels(sku_ids).items()}


def free_under(source: str, sku_ids: Collection[int]) -> dict[int, int]:
    """Units of these SKUs that an order under `source` can have: what its promise has left, and what is free on the shelf."""
    left = {row.sku_id: row.left for row in promises(source=source)}
    return {sku_id: there + left.get(sku_id, 0) for sku_id, there in free(sku_ids).items()}


def promises(*, source: str = "", sku_ids: Collection[int] | None = None) -> list[PromiseRow]:
    """What one source promised, of any goods; or whatever is promised of these goods and still open."""
    found = Promise.objects.filter(source=source) if source else Promise.objects.filter(Q(coming__gt=0) | Q(held__gt=0))
    if sku_ids is not None:
        found = found.filter(sku_id__in=sku_ids)
    return [
        PromiseRow(*row)
        for row in found.order_by("sku_id", "id").values_list("sku_id", "source", "coming", "held", "owed")
    ]


# tests/goods/stock/test_queries_twin.py holds it against its plain twin.
LOTS = """
SELECT l.id, l.code, l.expires_at, l.recalled_at, l.paused_at, l.storage,
    coalesce((SELECT sum(m.quantity) FROM stock_movement m WHERE m.lot_id = l.id), 0)::bigint AS on_hand,
    l.recalled_at IS NULL AND l.paused_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > %(now)s) AS is_fit
FROM catalogue_lot l WHERE l.sku_id = %(sku)s ORDER BY l.expires_at NULLS LAST, l.id
"""


def lots(sku_id: int, *, now: datetime) -> list[LotRow]:
    """The lots of a SKU, the one that expires first in front."""
    return [LotRow(*row) for row in planned.rows(LOTS, {"sku": sku_id, "now": now})]


def lot_for(sku_id: int, quantity: int, *, now: datetime) -> int | None:
    """The lot to hand over from: fit, with enough left, expiring first; None when no lot has enough."""
    return next((lot.id for lot in lots(sku_id, now=now) if lot.is_fit and lot.on_hand >= quantity), None)


def movements(sku_id: int, *, before_id: int | None = None, limit: int = 50) -> list[MovementRow]:
    """Why the shelf changed, newest first; `before_id` is the last row already seen."""
    older = Q(id__lt=before_id) if before_id is not None else Q()
    found = Movement.objects.filter(older, sku_id=sku_id).select_related("lot").order_by("-id")[:limit]
    return [
        MovementRow(
            id=one.id,
            kind=one.kind,
            quantity=one.quantity,
            reason=one.reason,
            actor=one.actor,
            lot_code=one.lot.code if one.lot else "",
            moved_at=one.moved_at,
        )
        for one in found
    ]
