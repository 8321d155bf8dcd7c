"""From a released order to goods that wait for their buyer."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base import planned
from quanzi.base.events import services as events
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.errors import NoSuchFulfilment, NotForPickup
from quanzi.trade.fulfilment.events import FulfilmentReady
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, Parcel, ParcelState
from quanzi.trade.fulfilment.policies import may_handle
from quanzi.trade.fulfilment.rules import CODE_LENGTH
from quanzi.trade.fulfilment.states import FULFILMENT_MOVES
from quanzi.trade.sales.models import DeliveryMethod
from quanzi.trade.sales.services.moving import lock_order

CODE_TRIES = 20


# A released order may have been refunded since.
OPEN = """
INSERT INTO fulfilment_fulfilment (order_id, state, carrier, tracking, pickup_code, created_at)
SELECT id, 'waiting', '', '', '', %s::timestamptz FROM sales_order WHERE id = %s AND state = 'paid'
ON CONFLICT (order_id) DO NOTHING RETURNING id
"""


def open_for(*, order_id: int, now: datetime) -> None:
    """Put a released order on the work list, once, while it is paid."""
    planned.rows(OPEN, [now, order_id])


@transaction.atomic
def make_ready(*, fulfilment_id: int, actor: str, now: datetime) -> Fulfilment:
    """The goods wait at the pickup point; the buyer gets a code. Again changes nothing.

    Raises NoSuchFulfilment, NotForPickup, IllegalMove once they are gone.
    """
    found = lock(fulfilment_id)
    if found.order.method != DeliveryMethod.PICKUP:
        raise NotForPickup()
    if found.state == FulfilmentState.READY:
        return found
    FULFILMENT_MOVES.check(found.state, FulfilmentState.READY)
    found.state, found.ready_at = FulfilmentState.READY, now
    _save_with_code(found)
    crash.point("fulfilment.ready.written")
    events.record(FulfilmentReady(fulfilment_id=found.pk, order_id=found.order_id), now=now)
    return found


@transaction.atomic
def arrive(*, order_id: int, now: datetime) -> None:
    """What was shipped is with the buyer: the order says that it is received."""
    shipped = Fulfilment.objects.filter(order_id=order_id, state=FulfilmentState.SHIPPED)
    shipped.update(state=FulfilmentState.HANDED_OVER, handed_over_at=now)
    under_way = Parcel.objects.filter(fulfilment__order_id=order_id, state=ParcelState.SHIPPED)
    under_way.update(state=ParcelState.ARRIVED, arrived_at=now)


@transaction.atomic
def nothing_left(*, order_id: int, now: datetime) -> None:
    """What was still here of a partly shipped order was refunded: all that goes has gone."""
    partly = Fulfilment.objects.filter(order_id=order_id, state=FulfilmentState.PARTLY)
    partly.update(state=FulfilmentState.SHIPPED, shipped_at=now)


@transaction.atomic
def cancel_for(*, order_id: int, now: datetime) -> None:
    """The order was refunded whole before anything left: nothing is to be prepared any more."""
    Fulfilment.objects.filter(order_id=order_id, state__in=[FulfilmentState.WAITING, FulfilmentState.READY]).update(
        state=FulfilmentState.CANCELLED
    )
    nothing_left(order_id=order_id, now=now)


def locked_for(fulfilment_id: int, actor: Member, now: datetime) -> Fulfilment:
    """The order is locked before its fulfilment, as refunds do; for people who may not handle it there is none."""
    order_id = Fulfilment.objects.filter(pk=fulfilment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NoSuchFulfilment()
    lock_order(order_id, now=now)
    found = lock(fulfilment_id)
    if not may_handle(actor, found.order):
        raise NoSuchFulfilment()
    return found


def lock(fulfilment_id: int) -> Fulfilment:
    """The fulfilment with its order and point, under a row lock; raises NoSuchFulfilment."""
    found = Fulfilment.objects.select_for_update(of=("self",)).select_related("order__pickup_point")
    one = found.filter(pk=fulfilment_id).first()
    if one is None:
        raise NoSuchFulfilment()
    return one


def _save_with_code(found: Fulfilment) -> None:
    """Six digits, easy to say at a counter; unique among those that wait."""
    for _ in range(CODE_TRIES):
        found.pickup_code = "".join(secrets.choice("0123456789") for _ in range(CODE_LENGTH))
        try:
            with transaction.atomic():
                found.save(update_fields=["state", "ready_at", "pickup_code"])
        except IntegrityError:
            continue
        return
    raise RuntimeError(f"no free pickup code in {CODE_TRIES} tries")
