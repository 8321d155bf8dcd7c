"""Delivery runs: planned by the staff, driven by one member; parcels that suppliers send; papers of goods."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.base.audit import services as audit
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import own_picture
from quanzi.faces.api.routes.parcels import parcel_row
from quanzi.faces.api.schemas.common import Id, Key, Slug
from quanzi.faces.api.schemas.parcels import ParcelOut, SendParcelIn
from quanzi.faces.api.schemas.runs import (
    AskedParcelOut,
    AskNumberIn,
    DeclineParcelIn,
    DriverIn,
    DriverOut,
    DrivingOut,
    ImportFactsIn,
    LoadOut,
    MoveStopIn,
    PaperIn,
    PaperOut,
    RunIn,
    RunOut,
    RunRowOut,
    StopDoneIn,
)
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of
from quanzi.faces.console.reading.goods import product_by_id
from quanzi.goods.catalogue.errors import UnknownProduct
from quanzi.goods.catalogue.models import Lot
from quanzi.goods.catalogue.queries import product_page
from quanzi.goods.supply import errors as supply_errors
from quanzi.goods.supply import services as supply
from quanzi.goods.supply.policies import suppliers_of
from quanzi.goods.supply.queries.papers import PaperRow, papers_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove, NotFound
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import member_by_contact
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.models import Fulfilment, Stop
from quanzi.trade.fulfilment.policies import may_drive
from quanzi.trade.fulfilment.ports import Load
from quanzi.trade.fulfilment.queries.drivers import DriverRow, asked_to_drive, drivers
from quanzi.trade.fulfilment.queries.parcels import ParcelRow
from quanzi.trade.fulfilment.queries.runs import RunPage, RunRow, loads_to_plan, run_page, run_rows
from quanzi.trade.fulfilment.queries.supplied import AskedParcel, asked_of
from quanzi.trade.fulfilment.services import booking, supplied
from quanzi.trade.fulfilment.services import drivers as driving_services
from quanzi.trade.fulfilment.services import runs as services

staff = Router(tags=["staff"])
driving = Router(tags=["hand-over"])
supplying = Router(tags=["supplier"])
STOP = (errors.NoSuchStop, errors.StopIsOver)


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
    return _run(run_page(run_id=made.pk))


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
    return _run(run_page(run_id=run_id))


@staff.get("/staff/runs/{run_id}", response=RunOut, summary="One delivery run", openapi_extra=refuses(errors.NoSuchRun))
def get_run(request: HttpRequest, run_id: Id) -> RunPage:
    """With its stops as they stand. Needs orders.handle."""
    staff_of(request, "orders.handle")
    return _run(run_page(run_id=run_id))


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
    return _run(run_page(run_id=run_id))


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


@driving.get("/me/driving", response=DrivingOut, summary="Whether I drive")
def get_my_driving(request: HttpRequest) -> dict[str, Any]:
    """By my role, or because the shop asked and I said yes."""
    return _driving(member_of(request))


@driving.post(
    "/me/driving/accept", response=DrivingOut, summary="Say yes to driving", openapi_extra=refuses(errors.NotAsked)
)
def accept_driving(request: HttpRequest) -> dict[str, Any]:
    """Runs may be given to me from now on. Again changes nothing."""
    me = member_of(request)
    driving_services.accept_driving(member=me, now=clock.now())
    return _driving(me)


@driving.post("/me/driving/stop", response=DrivingOut, summary="Drive no longer")
def stop_driving(request: HttpRequest) -> dict[str, Any]:
    """Also a no to being asked. My runs wait for another driver. Again changes nothing."""
    me = member_of(request)
    driving_services.stop_driving(member=me, now=clock.now())
    return _driving(me)


@driving.get("/me/runs", response=list[RunRowOut], summary="Delivery runs that I drive")
def list_my_runs(request: HttpRequest) -> list[RunRow]:
    """Empty for everybody else."""
    return run_rows(driver_id=member_of(request).pk)


@driving.get(
    "/me/runs/{code}", response=RunOut, summary="One run that I drive", openapi_extra=refuses(errors.NoSuchRun)
)
def get_my_run(request: HttpRequest, code: Slug) -> RunPage:
    """Where, whom to call and what to hand over, stop after stop."""
    return _run(run_page(code=code, driver_id=member_of(request).pk))


@driving.post(
    "/me/runs/{code}/begin",
    response=RunOut,
    summary="Set out",
    openapi_extra=refuses(errors.NoSuchRun, errors.RunIsOver),
)
def begin_run(request: HttpRequest, code: Slug) -> RunPage:
    """Again changes nothing."""
    me = member_of(request)
    services.begin_run(run_id=_run(run_page(code=code, driver_id=me.pk)).id, driver=me, now=clock.now())
    return _run(run_page(code=code, driver_id=me.pk))


@driving.post("/me/stops/{stop_id}/here", response=RunOut, summary="I am at the door", openapi_extra=refuses(*STOP))
def arrive_at_stop(request: HttpRequest, stop_id: Id) -> RunPage:
    """Again changes nothing."""
    me = member_of(request)
    return _after(services.arrive_at_stop(stop_id=stop_id, driver=me, now=clock.now()))


@driving.post(
    "/me/stops/{stop_id}/given",
    response=RunOut,
    summary="Handed over at the door",
    openapi_extra=refuses(*STOP, PictureNotYours, errors.CountedThere, errors.NoLotFit, IllegalMove),
)
def hand_over_at_stop(request: HttpRequest, stop_id: Id, body: StopDoneIn) -> RunPage:
    """The goods leave the stock. Said again over a bad network it is said once."""
    me = member_of(request)
    stop = services.hand_over_at_stop(
        stop_id=stop_id,
        driver=me,
        picture=own_picture(body.picture_id, member=me, field="picture_id"),
        note=body.note,
        now=clock.now(),
    )
    return _after(stop)


@driving.post(
    "/me/stops/{stop_id}/missed", response=RunOut, summary="Nobody there", openapi_extra=refuses(*STOP, PictureNotYours)
)
def miss_stop(request: HttpRequest, stop_id: Id, body: StopDoneIn) -> RunPage:
    """The order waits for another run and its buyer is told. Again changes nothing."""
    me = member_of(request)
    stop = services.miss_stop(
        stop_id=stop_id,
        driver=me,
        picture=own_picture(body.picture_id, member=me, field="picture_id"),
        note=body.note,
        now=clock.now(),
    )
    return _after(stop)


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


papers = Router(tags=["goods"])


@papers.get(
    "/products/{slug}/papers",
    auth=EVERYBODY,
    response=list[PaperOut],
    summary="Papers of goods",
    openapi_extra=refuses(UnknownProduct),
)
def list_papers(request: HttpRequest, slug: Slug) -> list[PaperRow]:
    """Certificates of origin, customs declarations, inspections, proofs that they are genuine; newest first."""
    return papers_of(product_page(slug).id, today=clock.today(clock.now()))


@staff.post(
    "/staff/products/{product_id}/papers",
    response={201: list[PaperOut]},
    summary="File a paper of goods",
    openapi_extra=refuses(NotFound, supply_errors.PaperKnown, supply_errors.BadPaperDates),
)
def add_paper(request: HttpRequest, product_id: Id, body: PaperIn) -> list[PaperRow]:
    """Never edited: a wrong one is withdrawn. Needs goods.edit."""
    me, now = staff_of(request, "goods.edit"), clock.now()
    found = _product(product_id)
    lot = Lot.objects.filter(pk=body.lot_id or 0, sku__product=found).first()
    supply.add_paper(
        product=found, kind=body.kind, number=body.number, issuer=body.issuer, issued_on=body.issued_on,
        valid_until=body.valid_until, lot=lot, actor=me, actor_word=f"staff:{me.pk}", now=now,
    )  # fmt: skip
    return papers_of(found.pk, today=clock.today(now))


@staff.post(
    "/staff/papers/{paper_id}/check",
    response={204: None},
    summary="A paper was checked",
    openapi_extra=refuses(supply_errors.NoSuchPaper),
)
def check_paper(request: HttpRequest, paper_id: Id) -> None:
    """Somebody held it against the goods. Again changes nothing. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    supply.check_paper(paper_id=paper_id, actor=me, actor_word=f"staff:{me.pk}", now=clock.now())


@staff.post(
    "/staff/papers/{paper_id}/withdraw",
    response={204: None},
    summary="Withdraw a paper",
    openapi_extra=refuses(supply_errors.NoSuchPaper),
)
def withdraw_paper(request: HttpRequest, paper_id: Id) -> None:
    """Nobody is shown it any more. Again changes nothing. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    supply.withdraw_paper(paper_id=paper_id, actor=me, now=clock.now())


@staff.put(
    "/staff/products/{product_id}/import",
    response={204: None},
    summary="Where goods are imported from",
    openapi_extra=refuses(NotFound, supply_errors.BadDuty),
)
def set_import_facts(request: HttpRequest, product_id: Id, body: ImportFactsIn) -> None:
    """Country, customs code, taxes in the price, whether the receiver is declared. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    values: dict[str, Any] = body.model_dump()
    supply.set_import_facts(product=_product(product_id), **values, actor=me, now=clock.now())


def _product(product_id: int) -> Any:
    found = product_by_id(product_id)
    if found is None:
        raise NotFound
    return found


def _known(contact: str) -> Member:
    found = member_by_contact(contact)
    if found is None:
        raise NotFound
    return found


def _driving(me: Member) -> dict[str, Any]:
    asked = asked_to_drive(member_id=me.pk)
    return {
        "may_drive": may_drive(me), "invited_at": asked.invited_at if asked else None,
        "accepted_at": asked.accepted_at if asked else None,
    }  # fmt: skip


def _after(stop: Stop) -> RunPage:
    return _run(run_page(run_id=stop.run_id))


def _run(found: RunPage | None) -> RunPage:
    if found is None:
        raise errors.NoSuchRun
    return found


def _fulfilment_of(number: str) -> int:
    """The fulfilment of an order; raises NoSuchFulfilment while it is not released."""
    found = Fulfilment.objects.filter(order__number=number).values_list("pk", flat=True).first()
    if found is None:
        raise errors.NoSuchFulfilment
    return int(found)
