"""Goods leave: to a carrier, or into the hands of the buyer."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from quanzi.base.events import services as events
from quanzi.kernel import clock, crash
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.events import FulfilmentHandedOver
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot
from quanzi.trade.fulfilment.ports import lying_for
from quanzi.trade.fulfilment.queries.parcels import left_to_pack
from quanzi.trade.fulfilment.services import guessing, parcels
from quanzi.trade.fulfilment.services.choosing import Wish, choose_lots
from quanzi.trade.fulfilment.services.customs import check_declared
from quanzi.trade.fulfilment.services.preparing import lock, locked_for
from quanzi.trade.fulfilment.states import FULFILMENT_MOVES
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import DeliveryMethod, OrderLine
from quanzi.trade.sales.services.moving import lock_order


@transaction.atomic
def ship(
    *,
    fulfilment_id: int,
    actor_member: Member,
    carrier: str,
    tracking: str = "",
    lots: Mapping[int, int] | None = None,
    now: datetime,
) -> Fulfilment:
    """A carrier takes everything that is left, in one parcel: it leaves the stock, the seven days until auto-receipt begin.

    What is packed already leaves as it is packed: one parcel by this act, several one by one. lots: lot by order line; by default the one
    that expires first. Raises NoSuchFulfilment (also for who may not handle it), NotForDelivery, CarrierNeeded, TrackingTooLong,
    NoLotFit, LotNotFit, SeveralParcels, IllegalMove.
    """
    found = locked_for(fulfilment_id, actor_member, now)
    if found.order.method != DeliveryMethod.DELIVERY:
        raise errors.NotForDelivery()
    carrier, tracking = parcels.checked_carrier(carrier, tracking)
    FULFILMENT_MOVES.check(found.state, FulfilmentState.SHIPPED)
    packed = parcels.open_parcels(found.pk)
    if len(packed) > 1 or (packed and left_to_pack(found.order_id)):
        raise errors.SeveralParcels()
    one = packed[0] if packed else parcels.pack(fulfilment_id=found.pk, actor_member=actor_member, now=now)
    parcels.ship_parcel(
        parcel_id=one.pk, actor_member=actor_member, carrier=carrier, tracking=tracking, lots=lots, now=now
    )
    found.refresh_from_db()
    return found


def hand_over(
    *,
    fulfilment_id: int,
    actor_member: Member,
    code: str = "",
    lots: Mapping[int, int] | None = None,
    now: datetime,
) -> Fulfilment:
    """Give the goods to the buyer. A pickup needs the buyer's code and counts as received; a code works once.

    lots: lot by order line; by default the lot that expires first. Where goods are counted (`ports.Lying`) nothing else is given.
    Raises NoSuchFulfilment (also for who may not handle it), WrongCode, TooManyGuesses, AlreadyHandedOver, NotDeclared, NoLotFit,
    NoneFitHere, LotNotFit, IllegalMove. A wrong code is counted though nothing else of it stays, so do not wrap this in one.
    """
    order_id = Fulfilment.objects.filter(pk=fulfilment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchFulfilment()
    with transaction.atomic():
        guessing.check_pause(person=actor_member, order_id=order_id, now=now)
        try:
            return _hand_over(fulfilment_id, actor_member, code, lots, now)
        except errors.WrongCode as wrong:
            guessing.note_wrong(person=actor_member, order_id=order_id, now=now)
            refused = wrong
    raise refused


@transaction.atomic
def hand_over_by_driver(*, fulfilment_id: int, driver: Member, now: datetime) -> Fulfilment:
    """The driver of a run gives a delivery to its buyer; the caller has proven that the order is a stop of that run.

    Raises NoSuchFulfilment, NotForDelivery, SeveralParcels, NotDeclared, NoLotFit, NotHereYet, IllegalMove.
    """
    found = lock(fulfilment_id)
    if found.order.method != DeliveryMethod.DELIVERY:
        raise errors.NotForDelivery()
    if found.state == FulfilmentState.HANDED_OVER:
        return found
    return _give(found, driver, None, now)


def lock_order_of(order_id: int) -> None:
    """The order is locked before anything of its fulfilment."""
    lock_order(order_id, now=clock.now())


@transaction.atomic
def _hand_over(
    fulfilment_id: int, actor_member: Member, code: str, lots: Mapping[int, int] | None, now: datetime
) -> Fulfilment:  # fmt: skip
    found = locked_for(fulfilment_id, actor_member, now)
    if found.state == FulfilmentState.HANDED_OVER:
        raise errors.AlreadyHandedOver()
    if found.order.method == DeliveryMethod.PICKUP:
        FULFILMENT_MOVES.check(found.state, FulfilmentState.HANDED_OVER)
        _check_code(found, code)
        guessing.forget_wrong(person=actor_member, order_id=found.order_id)
    return _give(found, actor_member, lots, now)


def _give(found: Fulfilment, actor_member: Member, lots: Mapping[int, int] | None, now: datetime) -> Fulfilment:
    FULFILMENT_MOVES.check(found.state, FulfilmentState.HANDED_OVER)
    if parcels.open_parcels(found.pk):
        raise errors.SeveralParcels()
    was_shipped = found.state == FulfilmentState.SHIPPED
    found.state, found.handed_over_at, found.handed_over_by = FulfilmentState.HANDED_OVER, now, actor_member
    found.save(update_fields=["state", "handed_over_at", "handed_over_by"])
    crash.point("fulfilment.hand_over.written")
    if not was_shipped:  # else the goods left the stock with the carrier
        _let_go(found, lots, actor_member, now)
    events.record(FulfilmentHandedOver(fulfilment_id=found.pk, order_id=found.order_id), now=now)
    crash.point("fulfilment.hand_over.announced")
    return found


def _check_code(found: Fulfilment, code: str) -> None:
    said = "".join(ch for ch in code if ch.isascii() and ch.isdigit())
    if not found.pickup_code or not hmac.compare_digest(said.encode(), found.pickup_code.encode()):
        raise errors.WrongCode(field="code")


def _let_go(found: Fulfilment, lots: Mapping[int, int] | None, actor: Member, now: datetime) -> None:
    """Choose lots, write which were given, and let sales take the goods out of stock."""
    lines = list(OrderLine.objects.filter(order=found.order, handed_over_at=None, dropped_at=None).order_by("id"))
    check_declared(order_id=found.order_id, product_ids=[line.product_id for line in lines])
    chosen = choose_lots(
        [Wish(line, line.quantity) for line in lines], lots or {}, {}, now, here=lambda: lying_for(found.order_id)
    )
    LineLot.objects.bulk_create(
        LineLot(fulfilment=found, line=line, lot_id=one.lot_id, quantity=one.quantity, handed_over_at=now)
        for line in lines
        for one in chosen.get(line.pk, ())
        if one.lot_id is not None
    )
    sales.mark_handed_over(order_id=found.order_id, lots=chosen, actor=f"member:{actor.pk}", now=now)
