"""Hand-over at a station, and what was not picked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from quanzi.base.events.services import record
from quanzi.kernel import crash
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.errors import AlreadyHandedOver, WrongCode
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.sales.models import OrderState
from quanzi.trade.stations import errors, policies
from quanzi.trade.stations.events import PickupMissed
from quanzi.trade.stations.models import Entry, LeaderAct, RoundState, Station
from quanzi.trade.stations.services import acts


@dataclass(frozen=True)
class Handed:
    order_number: str
    buyer_name: str


def hand_over(*, station_id: int, code: str, actor: Member, key: str, now: datetime) -> Handed:
    """Give goods to whoever says or shows the code, of the lots that were counted here. The same key finds the first answer.

    A code works once: under another key it is refused. Raises NoSuchStation, WrongCode, TooManyGuesses, AlreadyHandedOver,
    NoneFitHere, ActReused. Wrong codes are counted whatever follows, so do not wrap this in a transaction.
    """
    station = Station.objects.select_related("point").filter(pk=station_id).first()
    if station is None or not policies.may_run(actor, station):
        raise errors.NoSuchStation()
    said = "".join(ch for ch in code if ch.isascii() and ch.isdigit())
    act = acts.begin(member=actor, key=key, what=("hand over", station_id, said), now=now)
    if act.done_at is not None:
        return _told(act)
    item = fulfilment.look_up_code(person=actor, point=station.point, code=said, now=now)
    if item is None:
        return _answered(act, WrongCode(field="code"))
    crash.point("stations.hand_over.found")
    try:
        with transaction.atomic():  # goods and answer at once: another key never takes these goods for its own
            found = fulfilment.hand_over(
                fulfilment_id=item.fulfilment_id, actor_member=actor, code=said, now=now
            )  # fmt: skip
            crash.point("stations.hand_over.given")
            return _end(act, found, now)
    except AlreadyHandedOver as taken:
        return _answered(act, taken)


def _answered(act: LeaderAct, refusal: DomainError) -> Handed:
    """What the same key was answered while this one waited; raises the refusal where that was nothing."""
    act.refresh_from_db()
    if act.done_at is None:
        raise refusal
    return _told(act)


def _told(act: LeaderAct) -> Handed:
    return _handed(Fulfilment.objects.select_related("order__member").get(order__number=act.answer["order_number"]))


def _end(act: LeaderAct, found: Fulfilment, now: datetime) -> Handed:
    """The answer that is kept names the order only: a name would outlive its member."""
    acts.end(act, {"order_number": found.order.number}, now)
    return _handed(found)


def _handed(found: Fulfilment) -> Handed:
    return Handed(order_number=found.order.number, buyer_name=found.order.member.name)


def note_missed(now: datetime, *, limit: int = 500) -> int:
    """Pickup windows that ended with goods still here: noted once for each order; returns how many."""
    late = Entry.objects.filter(
        stop__round__state=RoundState.CLOSED, stop__round__pickup_until__lte=now, missed_at=None, ended_at=None,
        order__state=OrderState.PAID, order__fulfilment__state=FulfilmentState.READY,
    )  # fmt: skip
    ids = list(late.order_by("id").values_list("pk", flat=True)[:limit])
    return sum(_note_one(entry_id, now) for entry_id in ids)


@transaction.atomic
def _note_one(entry_id: int, now: datetime) -> bool:
    if not Entry.objects.filter(pk=entry_id, missed_at=None).update(missed_at=now):
        return False
    entry = Entry.objects.annotate(round_id=F("stop__round_id")).get(pk=entry_id)
    record(PickupMissed(entry.round_id, order_id=entry.order_id, member_id=entry.member_id), now=now)
    return True


@transaction.atomic
def remind(*, entry_id: int, actor: Member, now: datetime) -> bool:
    """The leader asks a buyer to come; once for each order. False: they were asked before.

    Raises NoSuchStation, NothingMissed when nothing of the order waits here.
    """
    entry = Entry.objects.select_for_update(of=("self",)).select_related("stop__station__point", "order").filter(pk=entry_id).first()  # fmt: skip
    if entry is None or not policies.may_run(actor, entry.stop.station):
        raise errors.NoSuchStation()
    waits = Fulfilment.objects.filter(order=entry.order, state=FulfilmentState.READY).exists()
    if not waits:
        raise errors.NothingMissed()
    if entry.reminded_at is not None:
        return False
    entry.reminded_at = now
    entry.save(update_fields=["reminded_at"])
    notify(
        member_id=entry.member_id,
        kind="pickup_waits",
        params={"point": entry.stop.station.point.name, "number": entry.order.number},
        link=f"/o/{entry.order.number}",
        key=f"pickup_waits:{entry.pk}",
        now=now,
    )
    return True
