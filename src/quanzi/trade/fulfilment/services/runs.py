"""Delivery runs: planned by the staff, driven by one person, each stop done once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from quanzi.base.events import services as events
from quanzi.base.media.models import Picture
from quanzi.kernel import crash
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors, policies, ports, rules
from quanzi.trade.fulfilment.events import RunPlanned, StopMissed
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, Run, RunState, Stop, StopState
from quanzi.trade.fulfilment.ports import Load
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
    fulfilment_ids: Sequence[int] = (),
    refs: Sequence[str] = (),
    actor: str,
    key: str = "",
    now: datetime,
) -> Run:
    """A run over these deliveries and loads (see ports), in the order of area, due time and street, each with its window.

    The same key again is the same run. Raises MayNotDrive, BadRun, NothingToSend, TooManyAtOnce, NotForDelivery,
    NoSuchLoad, InAnotherRun, NotWaiting.
    """
    known = Run.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    title = clean(title)
    if not 1 <= len(title) <= 60 or not now < ends_at or not starts_at < ends_at:
        raise errors.BadRun(field="title" if not 1 <= len(title) <= 60 else "ends_at")
    if not policies.may_drive(driver):
        raise errors.MayNotDrive(field="driver")
    if not fulfilment_ids and not refs:
        raise errors.NothingToSend()
    if len(set(fulfilment_ids)) + len(set(refs)) > MOST_STOPS:
        raise errors.TooManyAtOnce(most=MOST_STOPS)
    rows = Fulfilment.objects.select_for_update(of=("self",)).select_related("order").filter(pk__in=fulfilment_ids)
    found = list(rows.order_by("pk"))
    for row in found:
        if row.order.method != DeliveryMethod.DELIVERY:
            raise errors.NotForDelivery()
        if row.state != FulfilmentState.WAITING:
            raise errors.NotWaiting(number=row.order.number)
    stops = _in_order(found, _loads(refs, now))
    run = Run.objects.create(
        code=new_token()[:12], title=title, driver=driver, starts_at=starts_at, ends_at=ends_at, made_at=now, made_by=actor,
        key=key or None,
    )  # fmt: skip
    windows = rules.windows(starts_at=starts_at, ends_at=ends_at, stops=len(stops))
    try:
        with transaction.atomic():
            Stop.objects.bulk_create(
                Stop(run=run, position=n, from_at=window[0], to_at=window[1], **where)
                for n, (where, window) in enumerate(zip(stops, windows, strict=True), start=1)
            )
    except IntegrityError as twice:
        raise errors.InAnotherRun() from twice
    crash.point("fulfilment.run.written")
    events.record(RunPlanned(run_id=run.pk), now=now)
    return run


def _loads(refs: Sequence[str], now: datetime) -> list[Load]:
    """What waits under these words; raises NoSuchLoad."""
    knows = ports.loads()
    waiting = {one.ref: one for one in knows.waiting(now=now)} if knows and refs else {}
    if not set(refs) <= set(waiting):
        raise errors.NoSuchLoad()
    return [waiting[ref] for ref in dict.fromkeys(refs)]


def _in_order(rows: Sequence[Fulfilment], loads: Sequence[Load]) -> list[dict[str, Any]]:
    """What each stop is, in the order of the way."""
    places, what = [], dict[str, dict[str, Any]]()
    for row in rows:
        to = row.order.ship_to
        what[f"order:{row.pk}"] = {"fulfilment": row}
        places.append(
            rules.Place(f"order:{row.pk}", to.get("region_code", ""), to.get("region_name", ""), to.get("detail", ""))
        )
    for load in loads:
        what[load.ref] = {"point_id": load.point_id, "ref": load.ref}
        places.append(rules.Place(load.ref, "", "", load.address, load.due_at))
    return [what[key] for key in rules.in_order(places)]


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
    """The driver is at the door, or unloads at the place of a load. Again changes nothing. Raises NoSuchStop, StopIsOver."""
    stop = _locked(stop_id, driver)
    if stop.state == StopState.WAITING:
        _under_way(stop.run, now)
        stop.state, stop.arrived_at = StopState.ARRIVED, now
        stop.save(update_fields=["state", "arrived_at"])
        knows = ports.loads()
        if stop.ref and knows:
            knows.on_arrival(stop.ref, driver_name=driver.name, now=now)
        _close(stop.run, now)
    elif stop.state != StopState.ARRIVED:
        raise errors.StopIsOver()
    return stop


@transaction.atomic
def hand_over_at_stop(
    *, stop_id: int, driver: Member, picture: Picture | None = None, note: str = "", now: datetime
) -> Stop:
    """The buyer, or the place they named, has the goods: they leave the stock. Saying it again is saying it once.

    Raises NoSuchStop, StopIsOver, CountedThere for a load, NoLotFit, NotHereYet, IllegalMove (refunded meanwhile: nothing is handed over).
    """
    stop = _locked(stop_id, driver)
    if stop.state == StopState.HANDED_OVER:
        return stop
    if stop.state not in LIVE:
        raise errors.StopIsOver()
    if stop.fulfilment_id is None:
        raise errors.CountedThere()
    handing.hand_over_by_driver(fulfilment_id=stop.fulfilment_id, driver=driver, now=now)
    crash.point("fulfilment.stop.given")
    return _end(stop, StopState.HANDED_OVER, picture, note, now)


@transaction.atomic
def miss_stop(*, stop_id: int, driver: Member, picture: Picture | None = None, note: str = "", now: datetime) -> Stop:
    """Nobody there: the order or load waits for another run, and its buyer is told. Saying it again is saying it once."""
    stop = _locked(stop_id, driver)
    if stop.state == StopState.MISSED:
        return stop
    if stop.state not in LIVE:
        raise errors.StopIsOver()
    if stop.fulfilment is not None:
        events.record(
            StopMissed(fulfilment_id=stop.fulfilment.pk, order_id=stop.fulfilment.order_id, stop_id=stop.pk), now=now
        )
    return _end(stop, StopState.MISSED, picture, note, now)


@transaction.atomic
def taken_in(*, ref: str, now: datetime) -> None:
    """A load was counted where it belongs: its stop is handed over, whatever the driver said. No run brought it: nothing happens."""
    stop = Stop.objects.filter(ref=ref, state__in=LIVE).values_list("pk", flat=True).first() if ref else None
    if stop is not None:
        found = _locked(stop)
        if found.state in LIVE:
            _end(found, StopState.HANDED_OVER, None, "", now)


def _under_way(run: Run, now: datetime) -> None:
    """Whoever stands at a stop has set out."""
    if run.state == RunState.PLANNED:
        run.state, run.began_at = RunState.UNDER_WAY, now
        run.save(update_fields=["state", "began_at"])


def _close(run: Run, now: datetime) -> None:
    """The driver is done when nothing is to come; a load that was unloaded may still be counted."""
    left = run.stops.filter(Q(state=StopState.WAITING) | Q(state=StopState.ARRIVED, ref=""))
    if not left.exists():
        Run.objects.filter(pk=run.pk, state__in=OPEN).update(state=RunState.DONE, ended_at=now)


def _end(stop: Stop, state: str, picture: Picture | None, note: str, now: datetime) -> Stop:
    stop.state, stop.ended_at, stop.picture, stop.note = state, now, picture, clean(note)[:200]
    stop.arrived_at = stop.arrived_at or now
    stop.save(update_fields=["state", "ended_at", "picture", "note", "arrived_at"])
    _under_way(stop.run, now)
    _close(stop.run, now)
    return stop


def _locked_run(run_id: int, driver: Member) -> Run:
    run = Run.objects.select_for_update().filter(pk=run_id, driver=driver).first()
    if run is None or not policies.may_drive(driver):
        raise errors.NoSuchRun()
    return run


def _locked(stop_id: int, driver: Member | None = None) -> Stop:
    """The stop under its order's, its run's and its own lock; for anybody but the driver, as long as they may drive, there is none."""
    known = Stop.objects.filter(pk=stop_id).values_list("run_id", "run__driver_id", "fulfilment__order_id").first()
    if known is None or (driver is not None and (known[1] != driver.pk or not policies.may_drive(driver))):
        raise errors.NoSuchStop()
    if known[2] is not None:
        handing.lock_order_of(known[2])
    run = Run.objects.select_for_update().get(pk=known[0])
    if run.state not in OPEN and run.state != RunState.DONE:
        raise errors.StopIsOver()
    stop = Stop.objects.select_for_update(of=("self",)).select_related("fulfilment__order").get(pk=stop_id)
    stop.run = run
    return stop
