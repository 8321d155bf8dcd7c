"""Reading delivery runs: for the staff, for the driver, and the one line that a buyer sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, Run, RunState, Stop, StopState
from quanzi.trade.sales.models import DeliveryMethod, OrderLine

LIVE = (StopState.WAITING, StopState.ARRIVED)
GOING = (RunState.PLANNED, RunState.UNDER_WAY)


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop as the driver needs it: where, whom to call, what to hand over. is_off: refunded meanwhile, do not deliver."""

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


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with its stops in their order."""

    id: int
    code: str
    title: str
    state: str
    driver_id: int
    driver_name: str
    starts_at: datetime
    ends_at: datetime
    stops: tuple[StopRow, ...]

    @property
    def next_stop(self) -> StopRow | None:
        return next((stop for stop in self.stops if stop.state in LIVE and not stop.is_off), None)

    @property
    def done(self) -> int:
        return sum(stop.state == StopState.HANDED_OVER for stop in self.stops)


def run_page(*, run_id: int | None = None, code: str = "", driver_id: int | None = None) -> RunPage | None:
    """By id for the staff, by code for its driver; None when there is none for them."""
    found = Run.objects.select_related("driver").filter(pk=run_id) if run_id else Run.objects.filter(code=code)
    if driver_id is not None:
        found = found.filter(driver_id=driver_id)
    run = found.select_related("driver").first()
    if run is None:
        return None
    rows = list(run.stops.select_related("fulfilment__order", "picture").order_by("position"))
    goods: dict[int, list[tuple[str, int]]] = {row.fulfilment.order_id: [] for row in rows}
    lines = OrderLine.objects.filter(order_id__in=goods, dropped_at=None).order_by("id")
    for order_id, title, quantity in lines.values_list("order_id", "title", "quantity"):
        goods[order_id].append((title, quantity))
    return RunPage(
        run.pk, run.code, run.title, run.state, run.driver_id, run.driver.name, run.starts_at, run.ends_at,
        tuple(_stop(row, tuple(goods[row.fulfilment.order_id]), is_driver=driver_id is not None) for row in rows),
    )  # fmt: skip


def _stop(row: Stop, goods: tuple[tuple[str, int], ...], *, is_driver: bool) -> StopRow:
    order, is_live = row.fulfilment.order, row.state in LIVE and row.run.state in GOING
    # Who drove there need not know for ever who lives there, and a stop that is done needs nobody called.
    to = order.ship_to if is_live or not is_driver else {}
    return StopRow(
        id=row.pk, position=row.position, number=order.number, state=row.state, recipient=to.get("recipient", ""),
        phone=to.get("phone", "") if is_live else "", region=to.get("region_name", ""), address=to.get("detail", ""),
        note=order.note if is_live or not is_driver else "", goods=goods, from_at=row.from_at, to_at=row.to_at,
        arrived_at=row.arrived_at, ended_at=row.ended_at,
        said=row.note, picture_url=row.picture.url(640) if row.picture else "",
        is_off=is_live and row.fulfilment.state == FulfilmentState.CANCELLED,
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
    found = Run.objects.all() if driver_id is None else Run.objects.filter(driver_id=driver_id)
    if only_open:
        found = found.filter(state__in=GOING)
    rows = found.select_related("driver").annotate(
        size=Count("stops"), left=Count("stops", filter=Q(stops__state__in=LIVE))
    )
    return [
        RunRow(row.pk, row.code, row.title, row.state, row.driver.name, row.starts_at, row.ends_at, row.size, row.left)
        for row in rows.order_by("-starts_at", "-pk")[:limit]
    ]


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
