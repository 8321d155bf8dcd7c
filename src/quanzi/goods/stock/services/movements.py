"""Goods that come in, come back, break or are counted. Each happens once, by its key."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, Sum

from quanzi.base.audit import services as audit
from quanzi.goods.catalogue.models import Lot, Sku
from quanzi.goods.stock.errors import (
    KeyReused,
    LotHasLess,
    LotOfOtherGoods,
    NotHandedOver,
    OutOfStock,
    ReturnedTooMany,
    Shortage,
    SoldOut,
    UnknownSku,
)
from quanzi.goods.stock.models import Movement, MovementKind, Reservation, ReservationState, Stock
from quanzi.goods.stock.rules import checked
from quanzi.kernel import crash


@transaction.atomic
def receive(
    *,
    sku_id: int,
    quantity: int,
    lot_id: int | None = None,
    source: str = "",
    key: str,
    reason: str,
    actor: str,
    now: datetime,
) -> Movement:
    """Goods came in. The same key again returns the first movement; with other values it raises KeyReused.

    source: the promise ("round:12") they were bought for; those who ordered under it have them first.
    Raises BadQuantity, UnknownSku, LotOfOtherGoods.
    """
    checked(quantity)
    _check(sku_id, lot_id, lock=True)
    movement = Movement(
        sku_id=sku_id,
        lot_id=lot_id,
        kind=MovementKind.RECEIVED,
        quantity=quantity,
        source=source,
        key=key,
        reason=reason,
        actor=actor,
        moved_at=now,
    )
    return _by_hand(movement, _on_hand(sku_id))


@transaction.atomic
def scrap(
    *, sku_id: int, quantity: int, lot_id: int | None = None, key: str, reason: str, actor: str, now: datetime
) -> Movement:
    """Goods broke or went off. Held goods stay held: raises OutOfStock when fewer are free, LotHasLess. Same key: the first movement."""
    checked(quantity)
    _check(sku_id, lot_id, lock=True)
    movement = Movement(
        sku_id=sku_id,
        lot_id=lot_id,
        kind=MovementKind.SCRAPPED,
        quantity=-quantity,
        key=key,
        reason=reason,
        actor=actor,
        moved_at=now,
    )
    return _by_hand(movement, _on_hand(sku_id))


@transaction.atomic
def scrap_left(
    *, sku_id: int, quantity: int, lot_id: int | None, key: str, reason: str, actor: str, now: datetime
) -> Movement | None:
    """`scrap` as many of them as the lot still has; None when somebody threw the last of it away before."""
    _check(sku_id, lot_id, lock=True)
    left = _left_of(lot_id)
    quantity = quantity if left is None else min(quantity, left)
    if quantity <= 0:
        return None
    return scrap(sku_id=sku_id, quantity=quantity, lot_id=lot_id, key=key, reason=reason, actor=actor, now=now)


@transaction.atomic
def count(*, sku_id: int, counted: int, key: str, reason: str, actor: str, now: datetime) -> Movement | None:
    """The shelf was counted: `counted` units are there. Writes the difference; None when there is none.

    Raises BadQuantity, UnknownSku, and OutOfStock when fewer were found than are held for orders.
    """
    checked(counted, field="counted", least=0)
    _check(sku_id, None)
    before = Movement.objects.filter(key=key).first()
    if before is not None:
        return before if before.sku_id == sku_id and before.kind == MovementKind.COUNTED else _refuse_key()
    on_hand = _on_hand(sku_id)
    if counted == on_hand:
        return None
    movement = Movement(
        sku_id=sku_id,
        kind=MovementKind.COUNTED,
        quantity=counted - on_hand,
        key=key,
        reason=reason,
        actor=actor,
        moved_at=now,
    )
    return _by_hand(movement, on_hand)


@transaction.atomic
def put_back(
    *, ref: str, quantity: int, key: str, lot_id: int | None = None, reason: str = "", actor: str = "", now: datetime
) -> Movement:
    """Goods that were handed over for `ref` came back and can be sold again, into their lot unless another is named.

    Same key: the first movement. Raises BadQuantity, NotHandedOver, ReturnedTooMany.
    """
    checked(quantity)
    sale = Reservation.objects.select_for_update().filter(ref=ref, state=ReservationState.CONSUMED).first()
    if sale is None:
        raise NotHandedOver()
    back = [
        Movement(
            sku_id=sale.sku_id, lot_id=each, reservation=sale, kind=MovementKind.RETURNED, quantity=units,
            key=key + (f":{place}" if place else ""), reason=reason or ref, actor=actor, moved_at=now,
        )
        for place, (each, units) in enumerate(_back_into(sale, quantity, lot_id))
    ]  # fmt: skip
    known = _known_return(sale, key, quantity)
    if known is not None:
        return known
    came = sale.movements.filter(kind=MovementKind.RETURNED).aggregate(sum=Sum("quantity"))["sum"] or 0
    if quantity > sale.quantity - came:
        raise ReturnedTooMany(field="quantity", most=sale.quantity - came)
    for one in back:
        _check(sale.sku_id, one.lot_id)
        one.save(force_insert=True)
    crash.point("stock.put_back.written")
    return back[0]


def _back_into(sale: Reservation, quantity: int, lot_id: int | None) -> list[tuple[int | None, int]]:
    """Lots and units: the named lot, else those that they came from, as many as are still out of each."""
    if lot_id is not None:
        return [(lot_id, quantity)]
    out: dict[int | None, int] = {}
    each: int | None
    for each, units in sale.movements.order_by("id").values_list("lot_id", "quantity"):
        out[each] = out.get(each, 0) - units
    parts: list[tuple[int | None, int]] = []
    for each, units in out.items():
        part = min(units, quantity - sum(taken for _, taken in parts))
        if part > 0:
            parts.append((each, part))
    return parts


def _known_return(sale: Reservation, key: str, quantity: int) -> Movement | None:
    """The first movement of a return that was written before under this key; KeyReused when it says something else."""
    _lock_key(key)
    known = Movement.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:", reservation=sale)).order_by("id")
    first = next(iter(known), None)
    if first is None:
        return None
    same = first.reservation_id == sale.pk and first.kind == MovementKind.RETURNED
    if not same or sum(one.quantity for one in known) != quantity:
        _refuse_key()
    return first


@transaction.atomic
def warn_at(*, sku_id: int, low_at: int, actor: str, now: datetime) -> None:
    """So many free units are few from now on (0: never said); changes no number of goods. Raises BadQuantity, UnknownSku."""
    checked(low_at, field="low_at", least=0)
    _check(sku_id, None)
    stock, _ = Stock.objects.select_for_update().get_or_create(sku_id=sku_id)
    if stock.low_at == low_at:
        return
    Stock.objects.filter(sku_id=sku_id).update(low_at=low_at)
    audit.write(
        actor=actor,
        action="stock.warn_at",
        target=f"sku:{sku_id}",
        before={"low_at": stock.low_at},
        after={"low_at": low_at},
        now=now,
    )


def _by_hand(movement: Movement, on_hand: int) -> Movement:
    """Store a movement that a person decided, once, with its audit row; `on_hand` is the number before it."""
    known = _known(movement)
    if known is not None:
        return known
    _check_free(movement)
    _check_lot_has(movement)
    movement.save(force_insert=True)
    crash.point("stock.move.written")
    audit.write(
        actor=movement.actor,
        action=f"stock.{movement.kind}",
        target=f"movement:{movement.id}",
        before={"sku": movement.sku_id, "on_hand": on_hand},
        after={"sku": movement.sku_id, "on_hand": on_hand + movement.quantity, "reason": movement.reason},
        now=movement.moved_at,
    )
    return movement


def _lock_key(key: str) -> None:
    """Two callers with one key: the second finds what the first wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"movement:{key}"])


def _known(movement: Movement) -> Movement | None:
    """The movement that already has this key; None for a new one, KeyReused when it says something else."""
    _lock_key(movement.key)
    known = Movement.objects.filter(key=movement.key).first()
    if known is None:
        return None
    if (known.sku_id, known.kind, known.quantity) != (movement.sku_id, movement.kind, movement.quantity):
        _refuse_key()
    return known


def _refuse_key() -> Movement:
    raise KeyReused()


def _check(sku_id: int, lot_id: int | None, *, lock: bool = False) -> None:
    """lock: whoever takes from a lot or adds to it locks it before the counter of its goods."""
    if not Sku.objects.filter(id=sku_id).exists():
        raise UnknownSku(sku_id=sku_id)
    if lot_id is None:
        return
    found = Lot.objects.filter(id=lot_id, sku_id=sku_id)
    if not (found.select_for_update(no_key=True).first() if lock else found.exists()):
        raise LotOfOtherGoods(field="lot_id", lot=lot_id)


def _on_hand(sku_id: int) -> int:
    """Units on the shelf, locked until the transaction ends; the lock also stands where no counter is yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('stock', %s))", [sku_id])
    stock = Stock.objects.select_for_update().filter(sku_id=sku_id).first()
    return stock.on_hand if stock else 0


def _check_lot_has(movement: Movement) -> None:
    """The lot is locked."""
    left = _left_of(movement.lot_id) if movement.quantity < 0 else None
    if left is not None and left + movement.quantity < 0:
        raise LotHasLess()


def _left_of(lot_id: int | None) -> int | None:
    """Units of a lot; None for no lot, and for one under which nothing ever came in, which is not counted."""
    of_lot = None if lot_id is None else Movement.objects.filter(lot_id=lot_id)
    if of_lot is None or not of_lot.filter(kind=MovementKind.RECEIVED).exists():
        return None
    return int(of_lot.aggregate(sum=Sum("quantity"))["sum"])


def _check_free(movement: Movement) -> None:
    """Goods held for orders are not scrapped or counted away."""
    if movement.quantity >= 0:
        return
    stock = Stock.objects.filter(sku_id=movement.sku_id).first()
    free = stock.on_hand + stock.expected - stock.reserved if stock else 0
    if free + movement.quantity < 0:
        name = Sku.objects.values_list("product__name", flat=True).get(id=movement.sku_id)
        shortage = Shortage(movement.sku_id, -movement.quantity, free, name)
        raise (OutOfStock if free > 0 else SoldOut)([shortage])
