"""Parcels of orders, and many orders sent off at once."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id, Key, Slug
from quanzi.faces.api.schemas.parcels import (
    DeclarationIn,
    DeclarationOut,
    DispatchIn,
    DispatchOut,
    PackIn,
    ParcelOut,
    SendParcelIn,
)
from quanzi.faces.api.security import member_of, staff_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove, NotFound
from quanzi.trade.fulfilment import errors, services
from quanzi.trade.fulfilment.models import Declaration, Parcel
from quanzi.trade.fulfilment.queries.dispatching import BatchPage, batch_page
from quanzi.trade.fulfilment.queries.parcels import ParcelRow, parcel_rows, parcels_of
from quanzi.trade.fulfilment.services import batches, customs
from quanzi.trade.sales.errors import NoSuchOrder
from quanzi.trade.sales.queries import order_page

router = Router(tags=["hand-over"])
MOVING = (errors.NoSuchParcel, IllegalMove)


@router.get(
    "/orders/{number}/parcels",
    response=list[ParcelOut],
    summary="Parcels of an order",
    openapi_extra=refuses(NoSuchOrder),
)
def list_parcels(request: HttpRequest, number: Slug) -> list[ParcelRow]:
    """With what their carriers told, newest first. Empty for a pickup, and before anything is packed."""
    return parcels_of(order_page(number, member_of(request)).card.id)


@router.put(
    "/orders/{number}/customs",
    response=DeclarationOut,
    summary="Say who receives goods from abroad",
    openapi_extra=refuses(NoSuchOrder, errors.NameForCustoms, errors.NothingToDeclare, errors.AlreadyDeclared),
)
def declare_to_customs(request: HttpRequest, number: Slug, body: DeclarationIn) -> Declaration:
    """Asked where a quote says must_declare; without it nothing of the order leaves. For the buyer."""
    me = member_of(request)
    page = order_page(number, me)
    if not page.is_mine:
        raise NoSuchOrder
    if not body.agreed:
        raise errors.NameForCustoms(field="agreed")
    return customs.declare(order_id=page.card.id, member=me, name=body.name, now=clock.now())


@router.post(
    "/work/{fulfilment_id}/parcels",
    response={201: ParcelOut},
    summary="Pack a parcel",
    openapi_extra=refuses(
        errors.NoSuchFulfilment,
        errors.NotForDelivery,
        errors.NothingToPack,
        errors.PackedTooMany,
        errors.KeyReused,
        IllegalMove,
    ),
)
def pack_parcel(request: HttpRequest, fulfilment_id: Id, body: PackIn, idempotency_key: Key) -> ParcelRow:
    """Without lines everything that is in no parcel yet. An order goes in as many parcels as it needs."""
    lines = {row.line_id: row.quantity for row in body.lines} if body.lines else None
    made = services.pack(
        fulfilment_id=fulfilment_id, actor_member=member_of(request), lines=lines, key=f"api:{idempotency_key}",
        now=clock.now(),
    )  # fmt: skip
    return parcel_row(made.pk)


@router.post(
    "/parcels/{parcel_id}/ship",
    response=ParcelOut,
    summary="Send a parcel",
    openapi_extra=refuses(
        errors.AlreadyShipped, errors.CarrierNeeded, errors.TrackingTooLong, errors.NoLotFit, *MOVING
    ),
)
def ship_parcel(request: HttpRequest, parcel_id: Id, body: SendParcelIn) -> ParcelRow:
    """A line of the order counts as handed over with its last unit. Again with the same number changes nothing."""
    services.ship_parcel(
        parcel_id=parcel_id,
        actor_member=member_of(request),
        carrier=body.carrier,
        tracking=body.tracking,
        now=clock.now(),
    )
    return parcel_row(parcel_id)


@router.post(
    "/parcels/{parcel_id}/unpack",
    response=ParcelOut,
    summary="Open a packed parcel again",
    openapi_extra=refuses(*MOVING),
)
def unpack_parcel(request: HttpRequest, parcel_id: Id) -> ParcelRow:
    """What was in it can be packed anew. Again changes nothing."""
    services.unpack(parcel_id=parcel_id, actor_member=member_of(request), now=clock.now())
    return parcel_row(parcel_id)


@router.post(
    "/parcels/{parcel_id}/came-back", response=ParcelOut, summary="A parcel came back", openapi_extra=refuses(*MOVING)
)
def take_back_parcel(request: HttpRequest, parcel_id: Id) -> ParcelRow:
    """Its units can be sent again or refunded. Again changes nothing."""
    services.take_back(parcel_id=parcel_id, actor_member=member_of(request), now=clock.now())
    return parcel_row(parcel_id)


@router.post(
    "/staff/dispatches",
    response={202: DispatchOut},
    summary="Send many orders off",
    openapi_extra=refuses(errors.NothingToSend, errors.TooManyAtOnce, errors.CarrierNeeded, errors.NoSuchService),
)
def start_dispatch(request: HttpRequest, body: DispatchIn, idempotency_key: Key) -> BatchPage:
    """Each on its own, in the background; rows without a carrier get a number from `service`. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    rows = [batches.Sending(row.fulfilment_id, row.carrier, row.tracking) for row in body.rows]
    made = batches.start(
        rows=rows, service=body.service, actor_member=me, key=f"api:{me.pk}:{idempotency_key}", now=clock.now()
    )
    return _batch(made.pk)


@router.get(
    "/staff/dispatches/{dispatch_id}",
    response=DispatchOut,
    summary="How far a dispatch is",
    openapi_extra=refuses(NotFound),
)
def get_dispatch(request: HttpRequest, dispatch_id: Id) -> BatchPage:
    """Refused rows first. Needs orders.handle."""
    staff_of(request, "orders.handle")
    return _batch(dispatch_id)


def _batch(batch_id: int) -> BatchPage:
    found = batch_page(batch_id)
    if found is None:
        raise NotFound
    return found


def parcel_row(parcel_id: int) -> ParcelRow:
    return parcel_rows(list(Parcel.objects.select_related("supplier").filter(pk=parcel_id)))[0]
