"""A place ends and all of its money goes back: the deposit, or the order that the deposit counts for."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from quanzi.base.events.services import record
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.queries import captured_of
from quanzi.trade.preorders.events import PlaceReturned
from quanzi.trade.preorders.models import Place, PlaceState, PreorderState
from quanzi.trade.preorders.rules import DEPOSIT
from quanzi.trade.preorders.services.moving import end_place, lock_place
from quanzi.trade.sales import services as sales

log = logging.getLogger(__name__)

LEFT = "preorder_left"
MISSED = "preorder_missed"
CALLED_OFF = "preorder_called_off"
DATE_REFUSED = "preorder_date_refused"
DATE_SILENT = "preorder_date_silent"
BALANCE_NOT_PAID = "preorder_balance_not_paid"


def ref_of(place_id: int) -> str:
    """What stock calls the goods that are held for a place until its balance is ordered."""
    return f"preorder_place:{place_id}"


def give_back(place: Place, *, reason: str, actor: str, now: datetime) -> None:
    """End a locked place that counts; every fen of it is on its way back when this is done. One that has ended stays as it is."""
    if place.state == PlaceState.SETTLED and place.order_id is not None:
        # Both payments go back through the order; the follower ends the place.
        sales.refund_order(
            order_id=place.order_id, reason=reason, actor="system", idempotency_key=f"{reason}:{place.pk}", now=now
        )
        place.refresh_from_db(fields=["state", "ended_at", "end_reason"])
        return
    if place.state != PlaceState.HELD:
        return
    if place.order_id is not None:
        sales.cancel_order(order_id=place.order_id, actor="system", reason=reason, now=now)
        place.order = None  # the follower took it off
        crash.point("preorders.return.order_ended")
    stock.release(refs=[ref_of(place.pk)], now=now)
    end_place(place, PlaceState.RETURNED, reason=reason, now=now)
    crash.point("preorders.return.ended")
    paid = captured_of(DEPOSIT, place.pk)
    assert paid is not None, "a place that counts has a captured deposit"
    payments.refund(
        payment_id=paid.pk, amount_minor=paid.refundable_minor, reason=reason, idempotency_key=f"deposit:{place.pk}",
        actor=actor, now=now,
    )  # fmt: skip
    crash.point("preorders.return.promised")
    record(
        PlaceReturned(
            place.preorder_id, place_id=place.pk, member_id=place.member_id, amount_minor=paid.amount_minor,
            currency=paid.currency, reason=reason,
        ),
        now=now,
    )  # fmt: skip


def owed_back() -> QuerySet[Place]:
    """Places of batches that are not made and whose money has not gone back; goods that are on their way stay with their orders."""
    ended = Place.objects.filter(preorder__state__in=[PreorderState.MISSED, PreorderState.CALLED_OFF], ended_at=None)
    return ended.exclude(state=PlaceState.SETTLED, order__released_at__isnull=False)


def return_all(preorder_id: int, *, reason: str, now: datetime) -> int:
    """One repeatable act: every place of a batch that is not made gets its money back, one transaction for each.

    A crash or a difficult place leaves the others done, and the next run goes on with what is left. Returns how many ended.
    """
    waiting = owed_back().filter(preorder_id=preorder_id).order_by("id")
    return sum(_return_one(place_id, reason, now) for place_id in list(waiting.values_list("pk", flat=True)))


def _return_one(place_id: int, reason: str, now: datetime) -> bool:
    try:
        with transaction.atomic():
            place = lock_place(place_id)
            if place.preorder.state not in (PreorderState.MISSED, PreorderState.CALLED_OFF):
                return False
            if place.state == PlaceState.ASKED:
                end_place(place, PlaceState.GONE, reason=reason, now=now)
            else:
                give_back(place, reason=reason, actor="system", now=now)
    except DomainError as refusal:
        # The provider or a person was quicker; the next run sees what is left.
        log.warning("Place %s waits for the next run: %s", place_id, refusal.code)
        return False
    crash.point("preorders.return.one_done")
    return True
