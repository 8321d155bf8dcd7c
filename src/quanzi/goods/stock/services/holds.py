"""Goods held for order lines: reserved, confirmed, handed over or let go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, NoReturn

import psycopg.errors
from django.db import IntegrityError, connection, transaction

from quanzi.base import planned
from quanzi.base.rows import Select
from quanzi.goods.catalogue.models import Lot, Sku
from quanzi.goods.stock.errors import (
    AlreadyReserved,
    LotHasLess,
    LotNotFit,
    LotOfOtherGoods,
    NotHereYet,
    NotReserved,
    OutOfStock,
    Shortage,
    SoldOut,
)
from quanzi.goods.stock.models import Movement, MovementKind, Reservation, ReservationState
from quanzi.goods.stock.rules import checked
from quanzi.kernel import crash
from quanzi.kernel.errors import NotFound

HOLD_ALL = """
INSERT INTO stock_reservation (sku_id, ref, quantity, state, made_at, expires_at)
SELECT sku_id, ref, quantity, 'live', made_at, expires_at
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
    AS line (sku_id, ref, quantity, made_at, expires_at)
ORDER BY sku_id, ref RETURNING id
"""

RELEASE = "UPDATE stock_reservation SET state = 'released', ended_at = %s WHERE id = ANY (%s::bigint[])"

_there = Select(Reservation, "WHERE t.ref = ANY (%s::text[]) AND t.state <> 'released' ORDER BY t.id FOR UPDATE")


LOT_HAS_ENOUGH = "stock_lot_has_enough"
"""The check that no lot gives more than came in under it: migration 0009."""


class Hold(NamedTuple):
    """`quantity` units of one SKU for `ref`, such as "order_line:12"."""

    sku_id: int
    quantity: int
    ref: str


def reserve(
    *, lines: Sequence[tuple[int, int, str]], expires_at: datetime | None, source: str = "", now: datetime
) -> None:
    """Hold goods for every line until `expires_at` (None: until handed over), or for none of them.

    source: the promise ("round:12") that they may draw on before the shelf; one that promised nothing adds nothing.
    Raises OutOfStock with every shortage, BadQuantity, AlreadyReserved when a ref holds goods already.
    One statement, so it needs no savepoint: a caller may catch OutOfStock and go on.
    """
    holds = [Hold(*line) for line in lines]
    if not holds:
        raise ValueError("nothing to reserve")
    if len({hold.ref for hold in holds}) < len(holds):
        raise AlreadyReserved()
    for index, hold in enumerate(holds):
        checked(hold.quantity, field=f"lines.{index}.quantity")
    missing = _reserve(holds, expires_at, source, now)
    if missing:
        refuse(missing)


def reserve_all(
    *, lines: Sequence[tuple[int, int, str]], until: Sequence[datetime], moments: Sequence[datetime]
) -> None:
    """`reserve` for lines of several orders, each with an end and a moment of its own: all of them or none.

    Raises OutOfStock with every shortage; nothing is checked twice, so that a wrong quantity or ref is an IntegrityError.
    """
    skus, quantities, refs = (list(column) for column in zip(*lines, strict=True))
    missing = planned.rows("SELECT * FROM stock_take_turn(%s::bigint[], %s::bigint[])", [skus, quantities])
    if missing:
        refuse(missing)
    planned.rows(HOLD_ALL, [skus, refs, quantities, list(moments), list(until)])


def refuse(missing: Iterable[Sequence[int]]) -> NoReturn:
    """Say what there is too little of: (SKU, wanted, free) as the database answers it. Raises OutOfStock, SoldOut."""
    shortages = _named(missing)
    raise (OutOfStock if shortages[0].free > 0 else SoldOut)(shortages)


def _reserve(
    holds: Sequence[Hold], expires_at: datetime | None, source: str, now: datetime
) -> list[tuple[int, int, int]]:
    skus, quantities, refs = (list(column) for column in zip(*holds, strict=True))
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM stock_reserve(%s::bigint[], %s::bigint[], %s::text[], %s, %s, %s)",
                [skus, quantities, refs, expires_at, now, source],
            )
            return [(sku_id, wanted, free) for sku_id, wanted, free in cursor.fetchall()]
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise AlreadyReserved() from error
        raise


def _named(missing: Iterable[Sequence[int]]) -> list[Shortage]:
    shortages = [Shortage(sku_id, wanted, free) for sku_id, wanted, free in missing]
    names = dict(Sku.objects.filter(id__in=[one.sku_id for one in shortages]).values_list("id", "product__name"))
    return [one._replace(name=names.get(one.sku_id, "")) for one in shortages]


def confirm(*, refs: Iterable[str], now: datetime) -> int:
    """The goods are paid: hold them without end. Safe to repeat; raises NotReserved when any was let go.

    Returns how many reservations are held or already handed over.
    """
    wanted = list(set(refs))
    with connection.cursor() as cursor:
        cursor.execute("SELECT stock_confirm(%s::text[])", [wanted])
        (gone,) = cursor.fetchone()
    if gone:
        raise NotReserved(refs=gone)
    return len(wanted)


@dataclass(frozen=True)
class FromLot:
    """So many units of one hold come from this lot; lot_id None: from what came in without one."""

    lot_id: int | None
    quantity: int


@transaction.atomic
def consume(
    *,
    refs: Iterable[str],
    lot_id: int | None = None,
    lots: Sequence[FromLot] = (),
    actor: str = "",
    now: datetime,
) -> int:
    """The goods are handed over, from `lot_id` when given: they leave the shelf and the hold ends.

    lots: for one ref, from several lots, together all of it. Safe to repeat: returns how many reservations were consumed by this call.
    Raises NotReserved, NotHereYet, LotNotFit, LotHasLess, LotOfOtherGoods.
    """
    live = [one for one in _held(refs) if one.state == ReservationState.LIVE]
    parts = {one.id: list(lots) or [FromLot(lot_id, one.quantity)] for one in live}
    for one in live:
        if sum(part.quantity for part in parts[one.id]) != one.quantity:
            raise ValueError(f"{one.ref}: the lots do not add up to {one.quantity}")
    for each in sorted({part.lot_id for of in parts.values() for part in of if part.lot_id is not None}):
        _check_lot(each, {one.sku_id for one in live}, now)
    Reservation.objects.filter(id__in=[one.id for one in live]).update(state=ReservationState.CONSUMED, ended_at=now)
    crash.point("stock.consume.ended")
    _take_out(live, parts, actor, now)
    return len(live)


def _take_out(holds: Sequence[Reservation], parts: Mapping[int, Sequence[FromLot]], actor: str, now: datetime) -> None:
    """What was held leaves the shelf; the database's own checks say whether it is there. Raises NotHereYet, LotHasLess."""
    try:
        Movement.objects.bulk_create(
            Movement(
                sku_id=one.sku_id,
                lot_id=part.lot_id,
                reservation=one,
                kind=MovementKind.SOLD,
                quantity=-part.quantity,
                key=f"sold:{one.id}" + (f":{place}" if place else ""),
                reason=one.ref,
                actor=actor,
                moved_at=now,
            )
            for one in holds
            for place, part in enumerate(parts[one.id])
        )
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.errors.CheckViolation) and cause.diag.table_name == "stock_stock":
            raise NotHereYet() from error
        if isinstance(cause, psycopg.errors.CheckViolation) and cause.diag.constraint_name == LOT_HAS_ENOUGH:
            raise LotHasLess() from error
        raise


@transaction.atomic
def release(*, refs: Iterable[str], now: datetime) -> int:
    """Let held goods go back on sale. Safe to repeat; what was handed over stays as it is.

    Returns how many reservations were let go by this call.
    """
    live = [one.pk for one in _locked(refs) if one.state == ReservationState.LIVE]
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [now, live])
        return int(cursor.rowcount)


def _locked(refs: Iterable[str]) -> list[Reservation]:
    """The reservations of these refs that were not released, locked in one order for everybody."""
    return _there([list(refs)])


def _held(refs: Iterable[str]) -> list[Reservation]:
    wanted = set(refs)
    held = _locked(wanted)
    gone = wanted - {one.ref for one in held}
    if gone:
        raise NotReserved(refs=sorted(gone))
    return held


def _check_lot(lot_id: int, sku_ids: set[int], now: datetime) -> None:
    lot = Lot.objects.filter(id=lot_id).first()
    if lot is None:
        raise NotFound()
    if sku_ids - {lot.sku_id}:
        raise LotOfOtherGoods(field="lot_id", lot=lot.code)
    is_over = lot.expires_at is not None and lot.expires_at <= now
    if sku_ids and (lot.recalled_at is not None or lot.paused_at is not None or is_over):
        raise LotNotFit(lot=lot.code)
