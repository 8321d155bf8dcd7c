"""A place is asked for, counts when its deposit is paid, and can be left until the balance is paid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from quanzi.base import planned
from quanzi.base.events.services import record
from quanzi.base.jobs import services as jobs
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.preorders import errors, rules
from quanzi.trade.preorders.events import DepositPaid, ThresholdReached
from quanzi.trade.preorders.models import Place, PlaceState, Preorder, PreorderGood, PreorderState
from quanzi.trade.preorders.services.moving import end_place, lock_preorder, move_place, own_place
from quanzi.trade.preorders.services.returning import LEFT, give_back
from quanzi.trade.sales.errors import BadKey, KeyReused
from quanzi.trade.sales.rules import is_key

TAKE = """
UPDATE preorders_preorder SET taken = taken + %(quantity)s, reached_at = CASE
    WHEN reached_at IS NULL AND taken + %(quantity)s >= threshold THEN %(now)s ELSE reached_at END
WHERE id = %(preorder)s AND state = 'open' AND opens_at <= %(now)s AND %(now)s < closes_at AND taken + %(quantity)s <= most
RETURNING taken, reached_at = %(now)s
"""
"""The last place: whoever's money comes later changes no row, and gets it back."""

FULL, NOT_PAID, CHANGED_MIND, CLOSED = "preorder_full", "deposit_not_paid", "preorder_place_changed", "preorder_closed"
DATE_MOVED, MADE_WITHOUT = "preorder_date_moved", "preorder_made_without"


@transaction.atomic
def ask_place(
    *, preorder_id: int, sku_id: int, quantity: int, member: Member, idempotency_key: str, now: datetime
) -> Place:
    """A place that waits half an hour for its deposit; it counts only when that is paid. A place asked before is replaced.

    The same key finds the same place. Raises NoSuchPreorder, NotOfPreorder, PreorderClosed, TooManyEach, PreorderFull, HasPlace, KeyReused.
    """
    if not is_key(idempotency_key):
        raise BadKey(field="idempotency_key")
    preorder = lock_preorder(preorder_id)
    known = Place.objects.filter(member=member, idempotency_key=idempotency_key).first()
    if known is not None:
        if (known.preorder_id, known.good.sku_id, known.quantity) != (preorder_id, sku_id, quantity):
            raise KeyReused()
        return known
    good = PreorderGood.objects.filter(preorder=preorder, sku_id=sku_id).first()
    if good is None:
        raise errors.NotOfPreorder(field="sku_id")
    _check(preorder, quantity, now)
    mine = Place.objects.select_for_update().filter(preorder=preorder, member=member, ended_at=None).first()
    if mine is not None:
        if mine.state != PlaceState.ASKED:
            raise errors.HasPlace()
        mine.preorder = preorder
        let_go(mine, CHANGED_MIND, now)
    place: Place = Place.objects.create(
        preorder=preorder, good=good, member=member, quantity=quantity, currency=good.currency,
        deposit_minor=good.deposit_minor * quantity, idempotency_key=idempotency_key, asked_at=now,
        pay_by=rules.deposit_by(closes_at=preorder.closes_at, now=now),
    )  # fmt: skip
    crash.point("preorders.ask.written")
    return place


def _check(preorder: Preorder, quantity: int, now: datetime) -> None:
    if not rules.takes_deposits(
        state=preorder.state, opens_at=preorder.opens_at, closes_at=preorder.closes_at, now=now
    ):
        raise errors.PreorderClosed()
    if type(quantity) is not int or not 1 <= quantity <= preorder.limit_each:
        raise errors.TooManyEach(field="quantity", most=preorder.limit_each)
    if preorder.taken + quantity > preorder.most:
        raise errors.PreorderFull(left=preorder.most - preorder.taken, wanted=quantity)


def take(place: Place, *, now: datetime) -> bool:
    """The deposit of a locked place is here: it counts from now on. False: its time is over, or there is no room."""
    if place.state != PlaceState.ASKED:
        return False
    told = planned.rows(TAKE, {"quantity": place.quantity, "preorder": place.preorder_id, "now": now})
    if not told:
        is_open = rules.takes_deposits(
            state=place.preorder.state, opens_at=place.preorder.opens_at, closes_at=place.preorder.closes_at, now=now
        )
        end_place(place, PlaceState.GONE, reason=FULL if is_open else CLOSED, now=now)
        return False
    crash.point("preorders.take.counted")
    taken, is_reached = told[0]
    place.held_at, place.preorder.taken = now, taken
    move_place(place, PlaceState.HELD, also=["held_at"])
    crash.point("preorders.take.held")
    record(
        DepositPaid(
            place.preorder_id, place_id=place.pk, member_id=place.member_id, quantity=place.quantity, taken=taken
        ),
        now=now,
    )
    if is_reached:
        record(ThresholdReached(place.preorder_id, taken=taken), now=now)
    return True


@transaction.atomic
def leave(*, place_id: int, member: Member, now: datetime) -> Place:
    """Until the balance is paid a place can be left at any moment: the whole deposit goes back. Twice is once.

    Raises NoSuchPlace, PaidInFull.
    """
    place = own_place(place_id, member.pk)
    if place.state == PlaceState.SETTLED:
        raise errors.PaidInFull()
    if place.state == PlaceState.ASKED:
        let_go(place, LEFT, now)
    elif place.state == PlaceState.HELD:
        give_back(place, reason=LEFT, actor=f"member:{member.pk}", now=now)
    return place


def expire_asked(now: datetime, *, limit: int = 200) -> int:
    """Places whose deposit nobody paid end, at once where the batch is made without them; returns how many.

    Money that comes even later goes back by itself.
    """
    is_over = Q(pay_by__lte=now - rules.ASKED_GRACE) | Q(preorder__state=PreorderState.MADE)
    due = Place.objects.filter(is_over, state=PlaceState.ASKED).order_by("pay_by", "id")
    return sum(_expire(place_id, now) for place_id in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _expire(place_id: int, now: datetime) -> bool:
    # Without the lock of the batch: nothing is counted for a place that only asked.
    place = Place.objects.select_for_update(of=("self",)).select_related("preorder").get(pk=place_id)
    is_made = place.preorder.state == PreorderState.MADE
    if place.state != PlaceState.ASKED or (not is_made and place.pay_by > now - rules.ASKED_GRACE):
        return False
    let_go(place, MADE_WITHOUT if is_made else NOT_PAID, now)
    return True


def let_go(place: Place, reason: str, now: datetime) -> None:
    """A place that nothing was paid for ends; what is paid all the same goes back."""
    end_place(place, PlaceState.GONE, reason=reason, now=now)
    if open_payments(place.pk):
        jobs.enqueue("preorders.close_payments", place_id=place.pk)


def open_payments(place_id: int) -> list[int]:
    """Payments of its deposit that still wait."""
    waiting = Payment.objects.filter(payable_kind=rules.DEPOSIT, payable_id=place_id, state=PaymentState.CREATED)
    return list(waiting.order_by("pk").values_list("pk", flat=True))
