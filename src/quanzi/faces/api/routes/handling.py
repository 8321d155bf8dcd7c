"""Preparing and handing over: the staff anywhere, leaders at their own points."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import counts_misses, refuses
from quanzi.faces.api.schemas.cart import PointOut
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, page_of
from quanzi.faces.api.schemas.staff import CodeIn, HandedOut, HandOverIn, LotIn, ShipIn, WorkOut
from quanzi.faces.api.security import member_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove, NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors, services
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.fulfilment.policies import may_handle, may_see_work
from quanzi.trade.fulfilment.queries import WorkItem, points_of, work_list
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.queries import PointCard
from quanzi.trade.sales.queries.points import point_card

router = Router(tags=["hand-over"])
GIVING = (
    errors.NoSuchFulfilment,
    errors.NoLotFit,
    errors.NoneFitHere,
    errors.LotNotFit,
    errors.AlreadyHandedOver,
    IllegalMove,
)


@router.get("/me/points", response=list[PointOut], summary="Pickup points that I lead")
def list_my_points(request: HttpRequest) -> list[PointCard]:
    """Empty for who leads none."""
    return [point_card(point) for point in points_of(leader_id=member_of(request).pk)]


@router.get(
    "/work",
    response=Page[WorkOut],
    summary="What waits to be prepared or handed over",
    openapi_extra=refuses(NotAllowed, NotFound),
)
def list_work(request: HttpRequest, point_id: Id | None = None, cursor: Cursor | None = None, limit: Limit = 50) -> Any:
    """Oldest first. Without point_id everything, for the staff with orders.handle."""
    me = member_of(request)
    point = None
    if point_id is not None:
        point = PickupPoint.objects.filter(pk=point_id).first()
        if point is None or not may_see_work(me, point):
            raise NotFound
    elif not may_see_work(me, None):
        raise NotAllowed
    return page_of(work_list(point=point, after_id=cursor or 0, limit=limit), limit, "fulfilment_id")


@router.post(
    "/me/points/{point_id}/code",
    response=WorkOut,
    summary="Find an order by the buyer's code",
    openapi_extra=counts_misses(errors.WrongCode, errors.CodeUsed, errors.TooManyGuesses),
)
def find_by_code(request: HttpRequest, point_id: Id, body: CodeIn) -> WorkItem:
    """What waits at the point under this code. A miss counts as a wrong guess; too many make a pause."""
    me, point = member_of(request), PickupPoint.objects.filter(pk=point_id).first()
    if point is None or not may_see_work(me, point):
        raise NotFound
    found = services.look_up_code(person=me, point=point, code=body.code, now=clock.now())
    if found is None:
        raise errors.WrongCode(field="code")
    return found


@router.post(
    "/work/{fulfilment_id}/ready",
    response=HandedOut,
    summary="The goods wait at the point",
    openapi_extra=refuses(errors.NoSuchFulfilment, errors.NotForPickup, IllegalMove),
)
def make_ready(request: HttpRequest, fulfilment_id: Id) -> dict[str, Any]:
    """The buyer gets a pickup code. Again changes nothing."""
    me = member_of(request)
    _handled_by(me, fulfilment_id)
    found = services.make_ready(fulfilment_id=fulfilment_id, actor=f"member:{me.pk}", now=clock.now())
    return _handed(found)


@router.post(
    "/work/{fulfilment_id}/ship",
    response=HandedOut,
    summary="A carrier takes the goods",
    openapi_extra=refuses(errors.NotForDelivery, errors.CarrierNeeded, errors.TrackingTooLong, *GIVING),
)
def ship(request: HttpRequest, fulfilment_id: Id, body: ShipIn) -> dict[str, Any]:
    """They leave the stock; the buyer's seven days until auto-receipt begin."""
    me = member_of(request)
    _handled_by(me, fulfilment_id)
    found = services.ship(
        fulfilment_id=fulfilment_id, actor_member=me, carrier=body.carrier, tracking=body.tracking, lots=_lots(body.lots),
        now=clock.now(),
    )  # fmt: skip
    return _handed(found)


@router.post(
    "/work/{fulfilment_id}/hand-over",
    response=HandedOut,
    summary="Give the goods to the buyer",
    openapi_extra=counts_misses(errors.WrongCode, errors.TooManyGuesses, *GIVING),
)
def hand_over(request: HttpRequest, fulfilment_id: Id, body: HandOverIn) -> dict[str, Any]:
    """A pickup needs the buyer's code, which works once, and counts as received."""
    me = member_of(request)
    _handled_by(me, fulfilment_id)
    found = services.hand_over(
        fulfilment_id=fulfilment_id, actor_member=me, code=body.code, lots=_lots(body.lots), now=clock.now()
    )
    return _handed(found)


def _handled_by(me: Member, fulfilment_id: int) -> None:
    """Raises NoSuchFulfilment for who may not handle it, as if it were not there."""
    found = Fulfilment.objects.select_related("order__pickup_point").filter(pk=fulfilment_id).first()
    if found is None or not may_handle(me, found.order):
        raise errors.NoSuchFulfilment


def _lots(rows: list[LotIn]) -> dict[int, int] | None:
    return {row.line_id: row.lot_id for row in rows} or None


def _handed(found: Fulfilment) -> dict[str, Any]:
    return {"fulfilment_id": found.pk, "order_number": found.order.number, "state": found.state}
