"""Reading delivery runs: for the staff, for the driver, and the one line that a buyer sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import ports
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, Run, RunState, Stop, StopState
from quanzi.trade.fulfilment.policies import may_drive
from quanzi.trade.fulfilment.ports import Load
from quanzi.trade.sales.models import DeliveryMethod, OrderLine

LIVE = (StopState.WAITING, StopState.ARRIVED)
GOING = (RunState.PLANNED, RunState.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop as the driver needs it: where, whom to call, what to hand over. is_off: refunded meanwhile, do not deliver.

    is_load: goods for a place where others hand over (number is empty): counted there, due_at: to be there by then.
    """

    id: int
    position: int
    number: str
    state: str
    recipient: str
    phone: str
    region: str
    address: str
    note: str
    goods: tuple[tuple[str, int], ...]
    from_at: datetime
    to_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    said: str
    picture_url: str
    is_off: bool
    is_load: bool = False
    due_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Promised later than the place needs it."""
        return self.due_at is not None and self.to_at > self.due_at

    @property
    def is_to_do(self) -> bool:
        """Something is left for the driver there; what a place has to count is not theirs."""
        return not self.is_off and (
            self.state == StopState.WAITING or (self.state == StopState.ARRIVED and not self.is_load)
        )


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with its stops in their order."""

    id: int
    code: str
    title: str
    state: str
    driver_id: int
    driver_name: str
    driver_may: bool
    starts_at: datetime
    ends_at: datetime
    stops: tuple[StopRow, ...]

    @property
    def next_stop(self) -> StopRow | None:
        return next((stop for stop in self.stops if stop.is_to_do), None)

    @property
    def done(self) -> int:
        return sum(stop.state == StopState.HANDED_OVER for stop in self.stops)


def run_page(*, run_id: int | None = None, code: str = "", driver_id: int | None = None) -> RunPage | None:
    """By id for the staff, by code for its driver; None when there is none for them."""
    found = Run.objects.select_related("driver").filter(pk=run_id) if run_id else Run.objects.filter(code=code)
    if driver_id is not None:
        found = found.filter(driver_id=driver_id) if _drives(driver_id) else found.none()
    run = found.select_related("driver").first()
    if run is None:
        return None
    rows = list(run.stops.select_related("fulfilment__order", "picture", "point").order_by("position"))
    goods: dict[int, list[tuple[str, int]]] = {row.fulfilment.order_id: [] for row in rows if row.fulfilment}
    lines = OrderLine.objects.filter(order_id__in=goods, dropped_at=None).order_by("id")
    for order_id, title, quantity in lines.values_list("order_id", "title", "quantity"):
        goods[order_id].append((title, quantity))
    knows, refs = ports.loads(), [row.ref for row in rows if row.ref]
    loads = knows.of(refs, now=clock.now()) if knows and refs else {}
    is_driver = driver_id is not None
    return RunPage(
        run.pk, run.code, run.title, run.state, run.driver_id, run.driver.name, may_drive(run.driver), run.starts_at, run.ends_at,
        tuple(
            _stop(row, row.fulfilment, tuple(goods[row.fulfilment.order_id]), is_driver=is_driver)
            if row.fulfilment
            else _load(row, loads.get(row.ref))
            for row in rows
        ),
    )  # fmt: skip


def _load(row: Stop, load: Load | None) -> StopRow:
    """Of a place that everybody may see only the phone is told no longer than needed."""
    point, is_live = row.point, row.state in LIVE and row.run.state in GOING
    return StopRow(
        id=row.pk, position=row.position, number="", state=row.state, recipient=point.name if point else "",
        phone=load.phone if load and is_live else "", region=load.taken_in_by if load else "", address=point.address if point else "",
        note="", goods=load.goods if load else (), from_at=row.from_at, to_at=row.to_at, arrived_at=row.arrived_at,
        ended_at=row.ended_at, said=row.note, picture_url=row.picture.url(640) if row.picture else "", is_off=False, is_load=True,
        due_at=load.due_at if load else None,
    )  # fmt: skip


def _stop(row: Stop, fulfilment: Fulfilment, goods: tuple[tuple[str, int], ...], *, is_driver: bool) -> StopRow:
    order, is_live = fulfilment.order, row.state in LIVE and row.run.state in GOING
    # Who drove there need not know for ever who lives there, and a stop that is done needs nobody called.
    to = order.ship_to if is_live or not is_driver else {}
    return StopRow(
        id=row.pk, position=row.position, number=order.number, state=row.state, recipient=to.get("recipient", ""),
        phone=to.get("phone", "") if is_live else "", region=to.get("region_name", ""), address=to.get("detail", ""),
        note=order.note if is_live or not is_driver else "", goods=goods, from_at=row.from_at, to_at=row.to_at,
        arrived_at=row.arrived_at, ended_at=row.ended_at,
        said=row.note, picture_url=row.picture.url(640) if row.picture else "",
        is_off=is_live and fulfilment.state == FulfilmentState.CANCELLED,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in a list. left: stops that are still to come."""

    id: int
    code: str
    title: str
    state: str
    driver_name: str
    starts_at: datetime
    ends_at: datetime
    stops: int
    left: int


def run_rows(*, driver_id: int | None = None, only_open: bool = False, limit: int = 50) -> list[RunRow]:
    """Runs, the latest first; of one driver, or all."""
    found = Run.objects.all()
    if driver_id is not None:
        found = found.filter(driver_id=driver_id)
    if only_open:
        found = found.filter(state__in=GOING)
    rows = found.select_related("driver").annotate(
        size=Count("stops"), left=Count("stops", filter=Q(stops__state__in=LIVE))
    )
    shown = list(rows.order_by("-starts_at", "-pk")[:limit])
    if shown and driver_id is not None and not _drives(driver_id):
        return []
    return [
        RunRow(row.pk, row.code, row.title, row.state, row.driver.name, row.starts_at, row.ends_at, row.size, row.left)
        for row in shown
    ]


def _drives(member_id: int) -> bool:
    """Who may drive no longer sees nothing more of it, from the moment on."""
    member = Member.objects.filter(pk=member_id).first()
    return member is not None and may_drive(member)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is in no run and no parcel, for planning."""

    fulfilment_id: int
    number: str
    recipient: str
    region: str
    address: str


def to_plan(*, limit: int = 200) -> list[Waiting]:
    """Oldest first."""
    found = Fulfilment.objects.filter(state=FulfilmentState.WAITING, order__method=DeliveryMethod.DELIVERY)
    found = found.exclude(stops__state__in=LIVE).exclude(parcels__state="packed").select_related("order")
    return [
        Waiting(
            row.pk, row.order.number, row.order.ship_to.get("recipient", ""), row.order.ship_to.get("region_name", ""),
            row.order.ship_to.get("detail", ""),
        )
        for row in found.order_by("pk")[:limit]
    ]  # fmt: skip


def loads_to_plan(*, now: datetime) -> list[Load]:
    """Places that should still get something and are in no run."""
    knows = ports.loads()
    if knows is None:
        return []
    taken = set(Stop.objects.filter(state__in=LIVE).exclude(ref="").values_list("ref", flat=True))
    return [one for one in knows.waiting(now=now) if one.ref not in taken]


@dataclass(frozen=True, slots=True)
class Coming:
    """What the buyer is told: the window, and how many stops come before while the driver is under way."""

    state: str
    run_state: str
    from_at: datetime
    to_at: datetime
    before: int
    driver_name: str


def coming(*, order_id: int) -> Coming | None:
    """The last stop of an order; None when no driver of ours comes."""
    stop = Stop.objects.select_related("run__driver").filter(fulfilment__order_id=order_id).order_by("-pk").first()
    if stop is None or stop.state == StopState.DROPPED:
        return None
    before = Stop.objects.filter(run=stop.run, position__lt=stop.position, state__in=LIVE).count()
    return Coming(stop.state, stop.run.state, stop.from_at, stop.to_at, before, stop.run.driver.name)
