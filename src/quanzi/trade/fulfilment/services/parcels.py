"""Packing in several parcels, sending each, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Sum

from quanzi.base.events import services as events
from quanzi.goods.stock.services import FromLot
from quanzi.kernel import crash
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.events import FulfilmentShipped, ParcelArrived, ParcelCameBack, ParcelShipped
from quanzi.trade.fulfilment.models import (
    Fulfilment,
    FulfilmentState,
    LineLot,
    Parcel,
    ParcelLine,
    ParcelState,
)
from quanzi.trade.fulfilment.queries.parcels import LIVE, left_to_pack
from quanzi.trade.fulfilment.services.choosing import Wish, choose_lots
from quanzi.trade.fulfilment.services.customs import check_declared
from quanzi.trade.fulfilment.services.preparing import locked_for
from quanzi.trade.fulfilment.states import FULFILMENT_MOVES, PARCEL_MOVES
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import DeliveryMethod, OrderLine
from quanzi.trade.sales.rules import clean

PACKABLE = (FulfilmentState.WAITING, FulfilmentState.PARTLY, FulfilmentState.SHIPPED)
GONE = (ParcelState.SHIPPED, ParcelState.ARRIVED)


@transaction.atomic
def pack(
    *,
    fulfilment_id: int,
    actor_member: Member,
    lines: Mapping[int, int] | None = None,
    supplier_id: int | None = None,
    key: str = "",
    now: datetime,
) -> Parcel:
    """Put units of an order into a parcel: `lines` says how many of each order line, None everything that is not packed yet.

    supplier_id: who packs it from their own stock. The same key again is the same parcel. Raises NoSuchFulfilment (also for who may not
    handle it), NotForDelivery, NothingToPack, PackedTooMany, KeyReused, IllegalMove.
    """
    found = locked_for(fulfilment_id, actor_member, now)
    if found.order.method != DeliveryMethod.DELIVERY:
        raise errors.NotForDelivery()
    known = Parcel.objects.filter(key=key).first() if key else None
    if known is not None:
        if known.fulfilment_id != found.pk:
            raise errors.KeyReused()
        return known
    if found.state not in PACKABLE:
        raise IllegalMove(found.state, ParcelState.PACKED)
    wanted = _checked(found, lines)
    last = found.parcels.aggregate(last=Max("position"))["last"] or 0
    made = Parcel.objects.create(
        fulfilment=found, position=last + 1, supplier_id=supplier_id, packed_at=now, packed_by=f"member:{actor_member.pk}",
        key=key or None,
    )  # fmt: skip
    ParcelLine.objects.bulk_create(
        ParcelLine(parcel=made, line_id=line_id, quantity=n) for line_id, n in wanted.items()
    )
    crash.point("fulfilment.pack.written")
    return made


def _checked(found: Fulfilment, lines: Mapping[int, int] | None) -> dict[int, int]:
    left = left_to_pack(found.order_id)
    wanted = left if lines is None else {line_id: n for line_id, n in lines.items() if n}
    if not wanted:
        raise errors.NothingToPack()
    titles = dict(OrderLine.objects.filter(order_id=found.order_id).values_list("id", "title"))
    for line_id, units in wanted.items():
        most = left.get(line_id, 0)
        if line_id not in titles or type(units) is not int or not 1 <= units <= most:
            raise errors.PackedTooMany(field=f"line-{line_id}", title=titles.get(line_id, ""), most=most)
    return dict(wanted)


@transaction.atomic
def unpack(*, parcel_id: int, actor_member: Member, now: datetime) -> Parcel:
    """The parcel is opened again; what was in it can be packed anew. Again changes nothing. Raises NoSuchParcel, IllegalMove."""
    found = lock_parcel(parcel_id, actor_member, now)
    if found.state != ParcelState.UNPACKED:
        PARCEL_MOVES.check(found.state, ParcelState.UNPACKED)
        found.state, found.ended_at = ParcelState.UNPACKED, now
        found.save(update_fields=["state", "ended_at"])
    return found


@transaction.atomic
def ship_parcel(
    *,
    parcel_id: int,
    actor_member: Member,
    carrier: str,
    tracking: str = "",
    lots: Mapping[int, int] | None = None,
    now: datetime,
) -> Parcel:
    """A carrier takes the parcel. An order line counts as handed over, and leaves the stock, with its last unit.

    lots: lot by order line; by default the one its other units had, else the one that expires first. Saying the same again is the same
    parcel. Raises NoSuchParcel, NotDeclared, AlreadyShipped, CarrierNeeded, TrackingTooLong, NoLotFit, LotNotFit, NotHereYet, IllegalMove.
    """
    found = lock_parcel(parcel_id, actor_member, now)
    return send(found, carrier=carrier, tracking=tracking, lots=lots or {}, actor=f"member:{actor_member.pk}", now=now)


def send(found: Parcel, *, carrier: str, tracking: str, lots: Mapping[int, int], actor: str, now: datetime) -> Parcel:
    """What `ship_parcel` does with a parcel that is locked, for whoever the caller has let in."""
    carrier, tracking = checked_carrier(carrier, tracking)
    if found.state in GONE:
        if (found.carrier, found.tracking) == (carrier, tracking):
            return found
        raise errors.AlreadyShipped(code=found.code)
    PARCEL_MOVES.check(found.state, ParcelState.SHIPPED)
    check_declared(
        order_id=found.fulfilment.order_id, product_ids=list(found.lines.values_list("line__product_id", flat=True))
    )
    found.state, found.shipped_at, found.carrier, found.tracking = ParcelState.SHIPPED, now, carrier, tracking
    found.save(update_fields=["state", "shipped_at", "carrier", "tracking"])
    crash.point("fulfilment.ship.written")
    _let_go(found, lots, actor, now)
    _follow(found.fulfilment, carrier, tracking, now)
    events.record(
        ParcelShipped(fulfilment_id=found.fulfilment_id, order_id=found.fulfilment.order_id, parcel_id=found.pk),
        now=now,
    )
    if found.events.filter(code="delivered").exists():  # a carrier may be quicker than the word that it left
        parcel_arrived(parcel_id=found.pk, now=now)
        found.refresh_from_db(fields=["state", "arrived_at"])
    return found


def checked_carrier(carrier: str, tracking: str) -> tuple[str, str]:
    """As they are kept; raises CarrierNeeded, TrackingTooLong."""
    carrier, tracking = clean(carrier), clean(tracking)
    if not 1 <= len(carrier) <= 40:
        raise errors.CarrierNeeded(field="carrier", most=40)
    if len(tracking) > 60:
        raise errors.TrackingTooLong(field="tracking", most=60)
    return carrier, tracking


def lock_parcel(parcel_id: int, actor: Member, now: datetime) -> Parcel:
    """The parcel under its order's and fulfilment's locks; raises NoSuchParcel, also for who may not handle it."""
    fulfilment_id = Parcel.objects.filter(pk=parcel_id).values_list("fulfilment_id", flat=True).first()
    if fulfilment_id is None:
        raise errors.NoSuchParcel()
    try:
        locked = locked_for(fulfilment_id, actor, now)
    except errors.NoSuchFulfilment:
        raise errors.NoSuchParcel() from None
    found = Parcel.objects.select_for_update().get(pk=parcel_id)
    found.fulfilment = locked
    return found


def _let_go(parcel: Parcel, wanted: Mapping[int, int], actor: str, now: datetime) -> None:
    """Write which lots travel, and let sales take lines out of stock whose last unit leaves now."""
    inside = list(parcel.lines.select_related("line").order_by("line_id"))
    lines = [one.line for one in inside]
    before = dict(LineLot.objects.filter(line__in=lines).order_by("id").values_list("line_id", "lot_id"))
    wishes = [Wish(one.line, one.quantity, is_again=one.line.handed_over_at is not None) for one in inside]
    chosen = choose_lots(wishes, wanted, before, now)
    LineLot.objects.bulk_create(
        LineLot(
            fulfilment_id=parcel.fulfilment_id, line=one.line, lot_id=part.lot_id, quantity=part.quantity,
            handed_over_at=now, parcel=parcel,
        )
        for one in inside
        for part in chosen.get(one.line_id, ())
        if part.lot_id is not None
    )  # fmt: skip
    whole = _wholly_gone(lines)
    if whole:
        sales.mark_handed_over(
            order_id=parcel.fulfilment.order_id,
            line_ids=[line.pk for line in whole],
            lots=_gone_from(whole),
            actor=actor,
            now=now,
        )


def _gone_from(lines: Sequence[OrderLine]) -> dict[int, list[FromLot]]:
    """By line, of which lots its units left in all its parcels; what left without a lot is the rest."""
    given: dict[int, list[FromLot]] = {line.pk: [] for line in lines}
    gone = LineLot.objects.filter(line__in=lines).exclude(parcel__state=ParcelState.CAME_BACK).order_by("lot_id")
    for line_id, lot_id, units in gone.values_list("line_id", "lot_id").annotate(n=Sum("quantity")):
        given[line_id].append(FromLot(lot_id, units))
    for line in lines:
        rest = line.quantity - sum(one.quantity for one in given[line.pk])
        if rest:
            given[line.pk].append(FromLot(None, rest))
    return given


def _wholly_gone(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """Lines that were not handed over before and of which every unit is under way."""
    sums = (
        ParcelLine.objects.filter(line__in=lines, parcel__state__in=GONE).values("line_id").annotate(n=Sum("quantity"))
    )
    gone = {row["line_id"]: row["n"] for row in sums}
    return [line for line in lines if line.handed_over_at is None and gone.get(line.pk) == line.quantity]


def _follow(found: Fulfilment, carrier: str, tracking: str, now: datetime) -> None:
    """The fulfilment after a parcel left: partly shipped, or shipped when nothing of the order is left here."""
    is_left = OrderLine.objects.filter(order_id=found.order_id, handed_over_at=None, dropped_at=None).exists()
    after = FulfilmentState.PARTLY if is_left else FulfilmentState.SHIPPED
    found.carrier, found.tracking = carrier, tracking
    if found.state != after and found.state != FulfilmentState.SHIPPED:
        FULFILMENT_MOVES.check(found.state, after)
        found.state = after
        if after == FulfilmentState.SHIPPED:
            found.shipped_at = now
            events.record(FulfilmentShipped(fulfilment_id=found.pk, order_id=found.order_id), now=now)
    found.save(update_fields=["state", "carrier", "tracking", "shipped_at"])


@transaction.atomic
def parcel_arrived(*, parcel_id: int, now: datetime) -> bool:
    """The carrier says that the buyer has it. True when that was news; one that came back or never left is left alone."""
    found = _lock_alone(parcel_id)
    if found.state != ParcelState.SHIPPED:
        return False
    found.state, found.arrived_at = ParcelState.ARRIVED, now
    found.save(update_fields=["state", "arrived_at"])
    events.record(
        ParcelArrived(fulfilment_id=found.fulfilment_id, order_id=found.fulfilment.order_id, parcel_id=found.pk),
        now=now,
    )
    return True


@transaction.atomic
def parcel_came_back(*, parcel_id: int, now: datetime) -> bool:
    """The carrier brought it back. Its units can be packed and sent again, or refunded. True when that was news."""
    found = _lock_alone(parcel_id)
    if found.state not in GONE:
        return False
    found.state, found.ended_at = ParcelState.CAME_BACK, now
    found.save(update_fields=["state", "ended_at"])
    events.record(
        ParcelCameBack(fulfilment_id=found.fulfilment_id, order_id=found.fulfilment.order_id, parcel_id=found.pk),
        now=now,
    )
    return True


@transaction.atomic
def take_back(*, parcel_id: int, actor_member: Member, now: datetime) -> Parcel:
    """A person says that the parcel came back. Again changes nothing. Raises NoSuchParcel, IllegalMove."""
    found = lock_parcel(parcel_id, actor_member, now)
    if found.state != ParcelState.CAME_BACK:
        PARCEL_MOVES.check(found.state, ParcelState.CAME_BACK)
        parcel_came_back(parcel_id=parcel_id, now=now)
        found.refresh_from_db(fields=["state", "ended_at"])
    return found


def _lock_alone(parcel_id: int) -> Parcel:
    found = Parcel.objects.select_for_update(of=("self",)).select_related("fulfilment").filter(pk=parcel_id).first()
    if found is None:
        raise errors.NoSuchParcel()
    return found


def open_parcels(fulfilment_id: int) -> list[Parcel]:
    """Packed and still here, in their order."""
    return list(Parcel.objects.filter(fulfilment_id=fulfilment_id, state=ParcelState.PACKED).order_by("position"))


__all__ = [
    "LIVE",
    "checked_carrier",
    "lock_parcel",
    "open_parcels",
    "pack",
    "parcel_arrived",
    "parcel_came_back",
    "send",
    "ship_parcel",
    "take_back",
    "unpack",
]
