"""Lots that stop and are called back, and what complaints say of lots, suppliers and pickup points."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Status

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.staff_orders import asked_out
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.schemas.quality import CheckIn, ClearIn, LotPageOut, QualityOut, RecallIn, ScoreOut, ScoreShownIn
from quanzi.faces.api.schemas.staff import AskedOut
from quanzi.faces.api.security import staff_of
from quanzi.goods.supply.errors import NoSuchSupplier
from quanzi.goods.supply.models import Supplier
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import errors, queries, services
from quanzi.trade.aftersales.asking import recall_or_ask
from quanzi.trade.aftersales.queries import LotPage, QualityRow
from quanzi.trade.aftersales.scoring import Score
from quanzi.trade.stations.queries import leader_score, station_rows
from quanzi.trade.stations.services import show_score

router = Router(tags=["staff"])
About = Literal["lots", "suppliers", "points"]
DAYS = 365


@router.get("/staff/lots/{lot_id}", response=LotPageOut, summary="One lot", openapi_extra=refuses(errors.NoSuchLot))
def get_lot(request: HttpRequest, lot_id: Id) -> LotPage:
    """What complaints say of it, its pauses and its recall. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return queries.lot_page(lot_id)


@router.post(
    "/staff/lots/{lot_id}/pause",
    response=LotPageOut,
    summary="Pause a lot",
    openapi_extra=refuses(errors.NoSuchLot, errors.ReasonMissing, errors.LotIsStopped),
)
def pause_lot(request: HttpRequest, lot_id: Id, body: RecallIn) -> LotPage:
    """Nobody hands it over and nobody orders it until it is released. Needs goods.edit."""
    services.pause(lot_id=lot_id, reason=body.reason, actor=staff_of(request, "goods.edit"), now=clock.now())
    return queries.lot_page(lot_id)


@router.post(
    "/staff/lots/{lot_id}/release",
    response=LotPageOut,
    summary="Release a paused lot",
    openapi_extra=refuses(errors.NoSuchLot, errors.ReasonMissing, errors.LotIsNotPaused, errors.CheckFirst),
)
def release_lot(request: HttpRequest, lot_id: Id, body: RecallIn) -> LotPage:
    """It is handed over and sold again. Needs goods.edit."""
    services.release(lot_id=lot_id, reason=body.reason, actor=staff_of(request, "goods.edit"), now=clock.now())
    return queries.lot_page(lot_id)


@router.post(
    "/staff/lots/{lot_id}/check",
    response=LotPageOut,
    summary="Write down a quality check",
    openapi_extra=refuses(errors.NoSuchLot, errors.ReasonMissing, errors.NothingToCheck),
)
def check_lot(request: HttpRequest, lot_id: Id, body: CheckIn) -> LotPage:
    """Of a lot that waits for it. One that does not pass stays off the shelf, to be checked again or recalled. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.check_lot(lot_id=lot_id, actor=me, now=clock.now(), **body.model_dump())
    return queries.lot_page(lot_id)


@router.post(
    "/staff/lots/{lot_id}/recall",
    response={200: LotPageOut, 202: AskedOut},
    summary="Recall a lot",
    openapi_extra=needs_scope("staff:money", errors.NoSuchLot, errors.ReasonMissing),
)
def recall_lot(request: HttpRequest, lot_id: Id, body: RecallIn) -> Status[Any]:
    """Never handed over again; everybody who has goods of it is paid back and told. Again changes nothing.

    Above the limit for one refund, or when one's own order is among them, a second person is asked first (202) and the lot is
    paused. Needs goods.edit and orders.refund. The money follows within minutes: see recall.settled.
    """
    staff, now = staff_of(request, "goods.edit"), clock.now()
    done = recall_or_ask(lot_id=lot_id, reason=body.reason, staff=staff, now=now)
    return Status(202, asked_out(done)) if isinstance(done, Approval) else Status(200, queries.lot_page(lot_id))


@router.post(
    "/staff/lots/{lot_id}/clear",
    response=LotPageOut,
    summary="Write off what is left of a recalled lot",
    openapi_extra=refuses(errors.NoSuchLot, errors.AlreadyCleared),
)
def clear_lot(request: HttpRequest, lot_id: Id, body: ClearIn) -> LotPage:
    """Thrown away or sent back: it leaves the shelf. Needs goods.edit."""
    actor, found = staff_of(request, "goods.edit"), queries.lot_page(lot_id).recall
    if found is None:
        raise errors.NoSuchLot()
    services.clear(recall_id=found.id, quantity=body.quantity, actor=actor, now=clock.now())
    return queries.lot_page(lot_id)


@router.get("/staff/quality", response=list[QualityOut], summary="What complaints say")
def list_quality(
    request: HttpRequest, about: About = "lots", days: Annotated[int, Query(ge=1, le=365)] = 90
) -> list[QualityRow]:
    """Lines with a complaint that was not declined, of lines handed over in so many days, at most 365; the most complaints first.

    The rate behind it lies between low_bp and high_bp in 95 of 100 cases. Needs goods.edit.
    """
    staff_of(request, "goods.edit")
    since = clock.now() - timedelta(days=min(max(days, 1), DAYS))
    read = {"lots": queries.of_lots, "suppliers": queries.of_suppliers, "points": queries.of_points}[about]
    return read(since=since)


@router.get(
    "/staff/suppliers/{supplier_id}/score",
    response=ScoreOut,
    summary="What facts say of a supplier",
    openapi_extra=refuses(NoSuchSupplier),
)
def get_supplier_score(request: HttpRequest, supplier_id: Id, days: Annotated[int, Query(ge=1, le=DAYS)] = 90) -> Score:
    """Complaints, recalls, late and short purchases, returns; each with its interval. Needs goods.edit."""
    staff_of(request, "goods.edit")
    if not Supplier.objects.filter(pk=supplier_id).exists():
        raise NoSuchSupplier
    now = clock.now()
    return queries.supplier_score(supplier_id, since=now - timedelta(days=days), now=now)


@router.get(
    "/staff/stations/{station_id}/score",
    response=ScoreOut,
    summary="What facts say of who leads a station",
    openapi_extra=refuses(NotFound),
)
def get_leader_score(request: HttpRequest, station_id: Id, days: Annotated[int, Query(ge=1, le=DAYS)] = 90) -> Score:
    """Complaints, deliveries not counted, orders not picked up, returns; each with its interval. Needs shop.edit."""
    staff_of(request, "shop.edit")
    now = clock.now()
    if not station_rows(now=now, station_id=station_id):
        raise NotFound
    return leader_score(station_id, since=now - timedelta(days=days), now=now)


@router.put(
    "/staff/stations/{station_id}/score",
    response=ScoreOut,
    summary="Show a station's score on its page, or not",
    openapi_extra=refuses(NotFound),
)
def show_leader_score(request: HttpRequest, station_id: Id, body: ScoreShownIn) -> Score:
    """Again changes nothing. Needs shop.edit."""
    me, now = staff_of(request, "shop.edit"), clock.now()
    show_score(station_id=station_id, is_shown=body.is_shown, actor=me, now=now)
    return leader_score(station_id, since=now - timedelta(days=90), now=now)
