"""Goods leave: to a carrier, or into the hands of the buyer."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quanzi.base.events import services as events
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.events import FulfilmentHandedOver, FulfilmentShipped
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot
from quanzi.trade.fulfilment.policies import may_handle
from quanzi.trade.fulfilment.queries import lots_of
from quanzi.trade.fulfilment.rules import choose_lot, is_fit
from quanzi.trade.fulfilment.services import guessing
from quanzi.trade.fulfilment.services.preparing import lock
from quanzi.trade.fulfilment.states import FULFILMENT_MOVES
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderLine
from quanzi.trade.sales.rules import clean
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
    """A carrier takes the goods: they leave the stock, the buyer's seven days until auto-receipt begin.

    lots: lot by order line; by default the lot that expires first. Raises NoSuchFulfilment (also for who may not
    handle it), NotForDelivery, CarrierNeeded, TrackingTooLong, NoLotFit, LotNotFit, IllegalMove.
    """
    found = _locked_for(fulfilment_id, actor_member, now)
    if found.order.method != DeliveryMethod.DELIVERY:
        raise errors.NotForDelivery()
    carrier, tracking = clean(carrier), clean(tracking)
    if not 1 <= len(carrier) <= 40:
        raise errors.CarrierNeeded(field="carrier", most=40)
    if len(tracking) > 60:
        raise errors.TrackingTooLong(field="tracking", most=60)
    FULFILMENT_MOVES.check(found.state, FulfilmentState.SHIPPED)
    found.state, found.shipped_at, found.carrier, found.tracking = FulfilmentState.SHIPPED, now, carrier, tracking
    found.save(update_fields=["state", "shipped_at", "carrier", "tracking"])
    crash.point("fulfilment.ship.written")
    _let_go(found, lots, actor_member, now)
    events.record(FulfilmentShipped(fulfilment_id=found.pk, order_id=found.order_id), now=now)
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

    lots: lot by order line; by default the lot that expires first. Raises NoSuchFulfilment (also for who may not
    handle it), WrongCode, TooManyGuesses, AlreadyHandedOver, NoLotFit, LotNotFit, IllegalMove. A wrong code is counted
    though nothing else of it stays, so do not wrap this in one.
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
def _hand_over(
    fulfilment_id: int, actor_member: Member, code: str, lots: Mapping[int, int] | None, now: datetime
) -> Fulfilment:
    found = _locked_for(fulfilment_id, actor_member, now)
    if found.state == FulfilmentState.HANDED_OVER:
        raise errors.AlreadyHandedOver()
    FULFILMENT_MOVES.check(found.state, FulfilmentState.HANDED_OVER)
    if found.order.method == DeliveryMethod.PICKUP:
        _check_code(found, code)
        guessing.forget_wrong(person=actor_member, order_id=found.order_id)
    was_shipped = found.state == FulfilmentState.SHIPPED
    found.state, found.handed_over_at, found.handed_over_by = FulfilmentState.HANDED_OVER, now, actor_member
    found.save(update_fields=["state", "handed_over_at", "handed_over_by"])
    crash.point("fulfilment.hand_over.written")
    if not was_shipped:  # else the goods left the stock with the carrier
        _let_go(found, lots, actor_member, now)
    events.record(FulfilmentHandedOver(fulfilment_id=found.pk, order_id=found.order_id), now=now)
    crash.point("fulfilment.hand_over.announced")
    return found


def _locked_for(fulfilment_id: int, actor: Member, now: datetime) -> Fulfilment:
    """The order is locked before its fulfilment, as refunds do; for people who may not handle it there is none."""
    order_id = Fulfilment.objects.filter(pk=fulfilment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchFulfilment()
    lock_order(order_id, now=now)
    found = lock(fulfilment_id)
    if not may_handle(actor, found.order):
        raise errors.NoSuchFulfilment()
    return found


def _check_code(found: Fulfilment, code: str) -> None:
    said = "".join(ch for ch in code if ch.isascii() and ch.isdigit())
    if not found.pickup_code or not hmac.compare_digest(said.encode(), found.pickup_code.encode()):
        raise errors.WrongCode(field="code")


def _let_go(found: Fulfilment, lots: Mapping[int, int] | None, actor: Member, now: datetime) -> None:
    """Choose lots, write which were given, and let sales take the goods out of stock."""
    lines = _lines(found.order)
    chosen = _choose(lines, lots or {}, now)
    LineLot.objects.bulk_create(
        LineLot(fulfilment=found, line=line, lot_id=chosen[line.pk], quantity=line.quantity, handed_over_at=now)
        for line in lines
        if line.pk in chosen
    )
    sales.mark_handed_over(order_id=found.order_id, lots=chosen, actor=f"member:{actor.pk}", now=now)


def _lines(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order, handed_over_at=None, dropped_at=None).order_by("id"))


def _choose(lines: Sequence[OrderLine], wanted: Mapping[int, int], now: datetime) -> dict[int, int]:
    """Lot by line, for goods that have lots at all."""
    known = lots_of([line.sku_id for line in lines])
    chosen: dict[int, int] = {}
    for line in lines:
        lots = known.get(line.sku_id, [])
        if line.pk in wanted:
            fit = [lot.id for lot in lots if lot.id == wanted[line.pk] and is_fit(lot, now)]
            if not fit:
                raise errors.LotNotFit(field="lots", title=line.title)
            chosen[line.pk] = fit[0]
        elif lots:
            best = choose_lot(lots, quantity=line.quantity, now=now)
            if best is None:
                raise errors.NoLotFit(title=line.title)
            chosen[line.pk] = best.id
    return chosen
