"""Own delivery rounds for the staff, and parcels that suppliers send."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from quanzi.base.audit import services as audit
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.parcels import parcel_row
from quanzi.faces.api.schemas.common import Id, Key, Slug
from quanzi.faces.api.schemas.parcels import ParcelOut, SendParcelIn
from quanzi.faces.api.schemas.runs import (
    AskedParcelOut,
    AskNumberIn,
    DeclineParcelIn,
    DriverIn,
    DriverOut,
    LoadOut,
    MoveStopIn,
    RunIn,
    RunOut,
    RunRowOut,
)
from quanzi.faces.api.security import member_of, staff_of
from quanzi.goods.supply.policies import suppliers_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import member_by_contact
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.fulfilment.ports import Load
from quanzi.trade.fulfilment.queries.drivers import DriverRow, drivers
from quanzi.trade.fulfilment.queries.parcels import ParcelRow
from quanzi.trade.fulfilment.queries.runs import RunPage, RunRow, loads_to_plan, run_page, run_rows
from quanzi.trade.fulfilment.queries.supplied import AskedParcel, asked_of
from quanzi.trade.fulfilment.services import booking, supplied
from quanzi.trade.fulfilment.services import drivers as driving_services
from quanzi.trade.fulfilment.services import runs as services

staff = Router(tags=["staff"])
supplying = Router(tags=["supplier"])


@staff.get("/staff/runs", response=list[RunRowOut], summary="Delivery runs")
def list_runs(request: HttpRequest) -> list[RunRow]:
    """The latest first. Needs orders.handle."""
    staff_of(request, "orders.handle")
    return run_rows()


@staff.post(
    "/staff/runs",
    response={201: RunOut},
    summary="Plan a delivery run",
    openapi_extra=refuses(
        NotFound,
        errors.MayNotDrive,
        errors.BadRun,
        errors.NothingToSend,
        errors.TooManyAtOnce,
        errors.NotForDelivery,
        errors.NoSuchLoad,
        errors.NotWaiting,
        errors.InAnotherRun,
    ),
)
def plan_run(request: HttpRequest, body: RunIn, idempotency_key: Key) -> RunPage:
    """Stops in the order of area, due time and street, with a window for each; every buyer is told. Needs orders.handle."""
    me, now, driver = staff_of(request, "orders.handle"), clock.now(), _known(body.driver)
    made = services.plan_run(
        title=body.title, driver=driver, starts_at=body.starts_at, ends_at=body.ends_at, fulfilment_ids=body.fulfilment_ids, refs=body.loads,
        actor=f"staff:{me.pk}", key=f"api:{me.pk}:{idempotency_key}"[:80], now=now,
    )  # fmt: skip
    audit.write(actor=me, action="run.plan", target=f"run:{made.pk}", after={"driver": driver.pk}, now=now)
    return run_or_404(run_page(run_id=made.pk))


@staff.get("/staff/loads", response=list[LoadOut], summary="Stations that wait for goods")
def list_loads(request: HttpRequest) -> list[Load]:
    """In no run yet, the soonest first. Needs orders.handle."""
    staff_of(request, "orders.handle")
    return loads_to_plan(now=clock.now())


@staff.get("/staff/drivers", response=list[DriverOut], summary="Who drives")
def list_drivers(request: HttpRequest) -> list[DriverRow]:
    """Staff by their role, and members who were asked. Needs orders.handle."""
    staff_of(request, "orders.handle")
    return drivers()


@staff.post(
    "/staff/drivers",
    response={201: list[DriverOut]},
    summary="Ask a member to drive",
    openapi_extra=refuses(NotFound, errors.DrivesAlready),
)
def invite_driver(request: HttpRequest, body: DriverIn) -> list[DriverRow]:
    """They drive once they said yes. Asked again changes nothing. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    driving_services.invite_driver(member=_known(body.driver), actor=me, now=clock.now())
    return drivers()


@staff.post(
    "/staff/drivers/{driver_id}/end",
    response={204: None},
    summary="End somebody's driving",
    openapi_extra=refuses(errors.NoSuchDriver),
)
def end_driver(request: HttpRequest, driver_id: Id) -> None:
    """Their pages and acts end at once. Again changes nothing. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    driving_services.end_driver(driver_id=driver_id, actor=me, now=clock.now())


@staff.post(
    "/staff/runs/{run_id}/driver",
    response=RunOut,
    summary="Give a run to another driver",
    openapi_extra=refuses(NotFound, errors.NoSuchRun, errors.MayNotDrive, errors.RunIsOver),
)
def give_run(request: HttpRequest, run_id: Id, body: DriverIn) -> RunPage:
    """Also under way. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    driving_services.give_run(run_id=run_id, driver=_known(body.driver), actor=me, now=clock.now())
    return run_or_404(run_page(run_id=run_id))


@staff.get("/staff/runs/{run_id}", response=RunOut, summary="One delivery run", openapi_extra=refuses(errors.NoSuchRun))
def get_run(request: HttpRequest, run_id: Id) -> RunPage:
    """With its stops as they stand. Needs orders.handle."""
    staff_of(request, "orders.handle")
    return run_or_404(run_page(run_id=run_id))


@staff.post(
    "/staff/runs/{run_id}/call-off",
    response=RunOut,
    summary="Call a delivery run off",
    openapi_extra=refuses(errors.NoSuchRun),
)
def call_off_run(request: HttpRequest, run_id: Id) -> RunPage:
    """What was not handed over waits again. Again changes nothing. Needs orders.handle."""
    me, now = staff_of(request, "orders.handle"), clock.now()
    services.call_off_run(run_id=run_id, now=now)
    audit.write(actor=me, action="run.call_off", target=f"run:{run_id}", now=now)
    return run_or_404(run_page(run_id=run_id))


@staff.post(
    "/staff/stops/{stop_id}/move",
    response={204: None},
    summary="Move a stop up or down",
    openapi_extra=refuses(errors.NoSuchStop, errors.RunIsOver),
)
def move_stop(request: HttpRequest, stop_id: Id, body: MoveStopIn) -> None:
    """Before the driver sets out; the windows stay with the places. Needs orders.handle."""
    staff_of(request, "orders.handle")
    services.move_stop(stop_id=stop_id, up=body.up, now=clock.now())


@staff.post(
    "/staff/orders/{number}/ask-suppliers",
    response={201: list[ParcelOut]},
    summary="Ask suppliers to send what lies at their place",
    openapi_extra=refuses(errors.NoSuchFulfilment, errors.NotForDelivery, errors.NothingAtSuppliers),
)
def ask_suppliers(request: HttpRequest, number: Slug) -> list[ParcelRow]:
    """One parcel for each supplier, straight to the buyer. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    found = _fulfilment_of(number)
    made = supplied.ask_suppliers(fulfilment_id=found, actor_member=me, now=clock.now())
    return [parcel_row(one.pk) for one in made]


@staff.post(
    "/staff/parcels/{parcel_id}/number",
    response=ParcelOut,
    summary="Ask a carrier for a number",
    openapi_extra=refuses(errors.NoSuchParcel, errors.NoSuchService, IllegalMove),
)
def ask_number(request: HttpRequest, parcel_id: Id, body: AskNumberIn) -> ParcelRow:
    """In the background; asked again it is the same number. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    booking.ask_number(parcel_id=parcel_id, actor_member=me, service=body.service, now=clock.now())
    return parcel_row(parcel_id)


@supplying.get("/supplier/parcels", response=list[AskedParcelOut], summary="Parcels that I am to send")
def list_asked_parcels(request: HttpRequest) -> list[AskedParcel]:
    """To be sent first, then the last that were sent, without whom they went to."""
    return asked_of([one.pk for one in suppliers_of(member_of(request))])


@supplying.post(
    "/supplier/parcels/{parcel_id}/ship",
    response={204: None},
    summary="Sent straight to the buyer",
    openapi_extra=refuses(
        errors.NoSuchParcel, errors.AlreadyShipped, errors.CarrierNeeded, errors.TrackingTooLong, IllegalMove
    ),
)
def ship_asked_parcel(request: HttpRequest, parcel_id: Id, body: SendParcelIn) -> None:
    """Again with the same number changes nothing."""
    supplied.send_for_supplier(
        parcel_id=parcel_id, member=member_of(request), carrier=body.carrier, tracking=body.tracking, now=clock.now()
    )


@supplying.post(
    "/supplier/parcels/{parcel_id}/decline",
    response={204: None},
    summary="Say that a parcel cannot be sent",
    openapi_extra=refuses(errors.NoSuchParcel, IllegalMove),
)
def decline_asked_parcel(request: HttpRequest, parcel_id: Id, body: DeclineParcelIn) -> None:
    """Whoever asked hears why; the goods wait in the shop again."""
    supplied.decline_for_supplier(parcel_id=parcel_id, member=member_of(request), note=body.note, now=clock.now())


def _known(contact: str) -> Member:
    found = member_by_contact(contact)
    if found is None:
        raise NotFound
    return found


def run_or_404(found: RunPage | None) -> RunPage:
    if found is None:
        raise errors.NoSuchRun
    return found


def _fulfilment_of(number: str) -> int:
    """The fulfilment of an order; raises NoSuchFulfilment while it is not released."""
    found = Fulfilment.objects.filter(order__number=number).values_list("pk", flat=True).first()
    if found is None:
        raise errors.NoSuchFulfilment
    return int(found)
