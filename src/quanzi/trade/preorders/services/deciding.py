"""Is the batch made? Decided once: by the shop when enough is paid, or by the clock when the window closes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.kernel.errors import IllegalMove, InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.trade.preorders import errors, rules
from quanzi.trade.preorders.events import BatchMade, BatchMissed, PreorderCalledOff
from quanzi.trade.preorders.models import Place, PlaceState, Preorder, PreorderState
from quanzi.trade.preorders.services.moving import lock_preorder, move_preorder
from quanzi.trade.preorders.services.returning import CALLED_OFF, MISSED, owed_back, ref_of, return_all
from quanzi.trade.sales.rules import clean

ENDED_BADLY = {PreorderState.MISSED: MISSED, PreorderState.CALLED_OFF: CALLED_OFF}


@transaction.atomic
def make_batch(*, preorder_id: int, actor: Member | str, now: datetime) -> Preorder:
    """The batch is made now, before the window ends; deposits are taken no longer. Twice is once.

    Raises NoSuchPreorder, BelowThreshold, Ended.
    """
    preorder = lock_preorder(preorder_id)
    if preorder.state == PreorderState.MADE:
        return preorder
    if preorder.state != PreorderState.OPEN:
        raise errors.Ended()
    if not rules.is_reached(taken=preorder.taken, threshold=preorder.threshold):
        raise errors.BelowThreshold(missing=preorder.threshold - preorder.taken)
    _make(preorder, now)
    after = {"taken": preorder.taken}
    audit.write(actor=actor, action="preorders.make", target=f"preorder:{preorder.pk}", after=after, now=now)
    return preorder


def _make(preorder: Preorder, now: datetime) -> None:
    """What is taken is promised, and held for each place, so that nobody else can order it when it comes."""
    preorder.decided_at = now
    move_preorder(preorder, PreorderState.MADE, also=["decided_at"])
    crash.point("preorders.make.decided")
    source = f"{rules.KIND}:{preorder.pk}"
    places = Place.objects.filter(preorder=preorder, state=PlaceState.HELD).order_by("id")
    lines = [(sku, units, ref_of(pk)) for pk, sku, units in places.values_list("pk", "good__sku_id", "quantity")]
    coming: dict[int, int] = {}
    for sku_id, units, _ in lines:
        coming[sku_id] = coming.get(sku_id, 0) + units
    for sku_id in sorted(coming):
        stock.promise(sku_id=sku_id, source=source, coming=coming[sku_id], now=now)
    stock.reserve(lines=lines, expires_at=None, source=source, now=now)
    crash.point("preorders.make.promised")
    record(BatchMade(preorder.pk, taken=preorder.taken), now=now)


def decide_due(now: datetime, *, limit: int = 100) -> int:
    """Windows that have closed: the batch is made or missed; and what was missed or called off is paid back. Safe to repeat."""
    due = Q(state=PreorderState.OPEN, closes_at__lte=now) | Q(pk__in=owed_back().values("preorder_id"))
    found = list(Preorder.objects.filter(due).order_by("closes_at", "id").values_list("pk", flat=True)[:limit])
    for preorder_id in found:
        state = _decide(preorder_id, now)
        crash.point("preorders.decide.written")
        if state in ENDED_BADLY:
            return_all(preorder_id, reason=ENDED_BADLY[state], now=now)
    return len(found)


@transaction.atomic
def _decide(preorder_id: int, now: datetime) -> PreorderState:
    """Whoever pays or leaves at this moment goes first, or finds it decided."""
    preorder = lock_preorder(preorder_id)
    if preorder.state == PreorderState.OPEN and preorder.closes_at <= now:
        if rules.is_reached(taken=preorder.taken, threshold=preorder.threshold):
            _make(preorder, now)
        else:
            preorder.decided_at = preorder.ended_at = now
            move_preorder(preorder, PreorderState.MISSED, also=["decided_at", "ended_at"])
            record(BatchMissed(preorder.pk, taken=preorder.taken), now=now)
    return PreorderState(preorder.state)


@transaction.atomic
def call_off(*, preorder_id: int, reason: str, actor: Member | str, now: datetime) -> Preorder:
    """The shop gives the batch up: everybody's money goes back, by `decide_due`. Goods that have left stay with their orders.

    Raises NoSuchPreorder, Ended, InvalidInput without a reason.
    """
    said = clean(reason)
    if not 1 <= len(said) <= 200:
        raise InvalidInput(field="reason")
    preorder = lock_preorder(preorder_id)
    try:
        preorder.decided_at = preorder.decided_at or now
        preorder.ended_at, preorder.end_reason = now, said
        move_preorder(preorder, PreorderState.CALLED_OFF, also=["decided_at", "ended_at", "end_reason"])
    except IllegalMove as over:
        raise errors.Ended() from over
    crash.point("preorders.call_off.written")
    audit.write(
        actor=actor, action="preorders.call_off", target=f"preorder:{preorder.pk}", after={"reason": said}, now=now
    )
    record(PreorderCalledOff(preorder.pk), now=now)
    return preorder
