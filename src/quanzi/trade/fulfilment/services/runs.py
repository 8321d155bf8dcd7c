"""Delivery runs: planned by the staff, driven by one person, each stop done once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from quanzi.base.events import services as events
from quanzi.base.media.models import Picture
from quanzi.kernel import crash
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors, rules
from quanzi.trade.fulfilment.events import RunPlanned, StopMissed
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, Run, RunState, Stop, StopState
from quanzi.trade.fulfilment.services import handing
from quanzi.trade.sales.models import DeliveryMethod
from quanzi.trade.sales.rules import clean

MOST_STOPS = 80
LIVE = (StopState.WAITING, StopState.ARRIVED)
OPEN = (RunState.PLANNED, RunState.UNDER_WAY)


@transaction.atomic
def plan_run(
    *,
    title: str,
    driver: Member,
    starts_at: datetime,
    ends_at: datetime,
    fulfilment_ids: Sequence[int],
    actor: str,
    key: str = "",
    now: datetime,
) -> Run:
    """A run over these deliveries, in the order of their area and street, with a window of two hours or less for each.

    The same key again is the same run. Raises BadRun, NothingToSend, TooManyAtOnce, NotForDelivery, InAnotherRun, NotWaiting.
    """
    known = Run.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    title = clean(title)
    if not 1 <= len(title) <= 60 or not now < ends_at or not starts_at < ends_at:
        raise errors.BadRun(field="title" if not 1 <= len(title) <= 60 else "ends_at")
    if not fulfilment_ids:
        raise errors.NothingToSend()
    if len(set(fulfilment_ids)) > MOST_STOPS:
        raise errors.TooManyAtOnce(most=MOST_STOPS)
    rows = Fulfilment.objects.select_for_update(of=("self",)).select_related("order").filter(pk__in=fulfilment_ids)
    found = sorted(rows.order_by("pk"), key=lambda row: rules.place_key(row.order.ship_to))
    for row in found:
        if row.order.method != DeliveryMethod.DELIVERY:
            raise errors.NotForDelivery()
        if row.state != FulfilmentState.WAITING:
            raise errors.NotWaiting(number=row.order.number)
    run = Run.objects.create(
        code=new_token()[:12], title=title, driver=driver, starts_at=starts_at, ends_at=ends_at, made_at=now, made_by=actor,
        key=key or None,
    )  # fmt: skip
    windows = rules.windows(starts_at=starts_at, ends_at=ends_at, stops=len(found))
    try:
        with transaction.atomic():
            Stop.objects.bulk_create(
                Stop(run=run, fulfilment=row, position=n, from_at=window[0], to_at=window[1])
                for n, (row, window) in enumerate(zip(found, windows, strict=True), start=1)
            )
    except IntegrityError as twice:
        raise errors.InAnotherRun() from twice
    crash.point("fulfilment.run.written")
    events.record(RunPlanned(run_id=run.pk), now=now)
    return run


@transaction.atomic
def move_stop(*, stop_id: int, up: bool, now: datetime) -> None:
    """Change places with the stop before or after; the windows stay with the places. Raises NoSuchStop, RunIsOver."""
    stop = _locked(stop_id)
    if stop.run.state != RunState.PLANNED:
        raise errors.RunIsOver()
    beside = Stop.objects.filter(run=stop.run, state=StopState.WAITING)
    other = (
        beside.filter(position__lt=stop.position).order_by("-position").first()
        if up
        else beside.filter(position__gt=stop.position).order_by("position").first()
    )
    if other is None:
        return
    stop.position, other.position = other.position, stop.position
    stop.from_at, other.from_at = other.from_at, stop.from_at
    stop.to_at, other.to_at = other.to_at, stop.to_at
    for one in (stop, other):
        one.save(update_fields=["position", "from_at", "to_at"])


@transaction.atomic
def begin_run(*, run_id: int, driver: Member, now: datetime) -> Run:
    """The driver sets out. Again changes nothing. Raises NoSuchRun for anybody else, RunIsOver."""
    run = _locked_run(run_id, driver)
    if run.state == RunState.PLANNED:
        run.state, run.began_at = RunState.UNDER_WAY, now
        run.save(update_fields=["state", "began_at"])
    elif run.state != RunState.UNDER_WAY:
        raise errors.RunIsOver()
    return run


@transaction.atomic
def call_off_run(*, run_id: int, now: datetime) -> Run:
    """It does not go, or no further: what was not handed over waits again. Again changes nothing."""
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise errors.NoSuchRun()
    if run.state in OPEN:
        run.stops.filter(state__in=LIVE).update(state=StopState.DROPPED, ended_at=now)
        run.state, run.ended_at = RunState.CALLED_OFF, now
        run.save(update_fields=["state", "ended_at"])
    return run


@transaction.atomic
def arrive_at_stop(*, stop_id: int, driver: Member, now: datetime) -> Stop:
    """The driver is at the door. Again changes nothing. Raises NoSuchStop, StopIsOver."""
    stop = _locked(stop_id, driver)
    if stop.state == StopState.WAITING:
        stop.state, stop.arrived_at = StopState.ARRIVED, now
        stop.save(update_fields=["state", "arrived_at"])
    elif stop.state != StopState.ARRIVED:
        raise errors.StopIsOver()
    return stop


@transaction.atomic
def hand_over_at_stop(
    *, stop_id: int, driver: Member, picture: Picture | None = None, note: str = "", now: datetime
) -> Stop:
    """The buyer, or the place they named, has the goods: they leave the stock. Saying it again is saying it once.

    Raises NoSuchStop, StopIsOver, NoLotFit, NotHereYet, IllegalMove (refunded meanwhile: nothing is handed over).
    """
    stop = _locked(stop_id, driver)
    if stop.state == StopState.HANDED_OVER:
        return stop
    if stop.state not in LIVE:
        raise errors.StopIsOver()
    handing.hand_over_by_driver(fulfilment_id=stop.fulfilment_id, driver=driver, now=now)
    crash.point("fulfilment.stop.given")
    return _end(stop, StopState.HANDED_OVER, picture, note, now)


@transaction.atomic
def miss_stop(*, stop_id: int, driver: Member, picture: Picture | None = None, note: str = "", now: datetime) -> Stop:
    """Nobody there: the order waits for another run, and its buyer is told. Saying it again is saying it once."""
    stop = _locked(stop_id, driver)
    if stop.state == StopState.MISSED:
        return stop
    if stop.state not in LIVE:
        raise errors.StopIsOver()
    events.record(
        StopMissed(fulfilment_id=stop.fulfilment_id, order_id=stop.fulfilment.order_id, stop_id=stop.pk), now=now
    )
    return _end(stop, StopState.MISSED, picture, note, now)


def _end(stop: Stop, state: str, picture: Picture | None, note: str, now: datetime) -> Stop:
    stop.state, stop.ended_at, stop.picture, stop.note = state, now, picture, clean(note)[:200]
    stop.arrived_at = stop.arrived_at or now
    stop.save(update_fields=["state", "ended_at", "picture", "note", "arrived_at"])
    if not stop.run.stops.filter(state__in=LIVE).exists():
        Run.objects.filter(pk=stop.run_id, state__in=OPEN).update(state=RunState.DONE, ended_at=now)
    return stop


def _locked_run(run_id: int, driver: Member) -> Run:
    run = Run.objects.select_for_update().filter(pk=run_id, driver=driver).first()
    if run is None:
        raise errors.NoSuchRun()
    return run


def _locked(stop_id: int, driver: Member | None = None) -> Stop:
    """The stop under its order's, its run's and its own lock; for anybody but the driver there is none."""
    known = Stop.objects.filter(pk=stop_id).values_list("run_id", "run__driver_id", "fulfilment__order_id").first()
    if known is None or (driver is not None and known[1] != driver.pk):
        raise errors.NoSuchStop()
    handing.lock_order_of(known[2])
    run = Run.objects.select_for_update().get(pk=known[0])
    if run.state not in OPEN and run.state != RunState.DONE:
        raise errors.StopIsOver()
    stop = Stop.objects.select_for_update(of=("self",)).select_related("fulfilment__order").get(pk=stop_id)
    stop.run = run
    return stop
