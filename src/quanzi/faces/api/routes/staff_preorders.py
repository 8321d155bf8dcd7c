"""Preorders for the staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.staff_orders import asked_out
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, page_of
from quanzi.faces.api.schemas.preorders import (
    BatchIn,
    LaterDateIn,
    NewsIn,
    PreorderIn,
    PreorderOut,
    StaffPlaceOut,
    StaffPreorderOut,
    WhyIn,
)
from quanzi.faces.api.schemas.staff import AskedOut
from quanzi.faces.api.security import staff_of
from quanzi.goods.stock import errors as stock_errors
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, InvalidInput
from quanzi.people.approvals.errors import KeyReused
from quanzi.trade.preorders import asking, errors, queries, services
from quanzi.trade.preorders.services import GoodPlan

router = Router(tags=["staff"])


@router.get("/staff/preorders", response=Page[PreorderOut], summary="Every preorder")
def list_every_preorder(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(queries.all_cards(now=clock.now(), before_id=cursor, limit=limit), limit)


@router.post(
    "/staff/preorders",
    response={201: StaffPreorderOut},
    summary="Plan a preorder",
    openapi_extra=refuses(Errors, InvalidInput, errors.BadTerms, errors.BadWindow, errors.BadDeposit, errors.NoGoods),
)
def plan_preorder(request: HttpRequest, body: PreorderIn) -> dict[str, Any]:
    """Its terms are never edited; a later date is asked about. Needs goods.edit."""
    me, now = staff_of(request, "goods.edit"), clock.now()
    goods = [GoodPlan(**one.model_dump()) for one in body.goods]
    made = services.open_preorder(goods=goods, actor=me, now=now, **body.model_dump(exclude={"goods"}))
    return _shown(made.pk)


@router.get(
    "/staff/preorders/{preorder_id}",
    response=StaffPreorderOut,
    summary="How a preorder stands",
    openapi_extra=refuses(errors.NoSuchPreorder),
)
def watch_preorder(request: HttpRequest, preorder_id: Id) -> dict[str, Any]:
    """Its numbers and the money of its deposits. Needs orders.view."""
    staff_of(request, "orders.view")
    return _shown(preorder_id)


@router.get("/staff/preorders/{preorder_id}/places", response=Page[StaffPlaceOut], summary="Who takes part")
def list_places(
    request: HttpRequest, preorder_id: Id, cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(queries.places_of(preorder_id=preorder_id, before_id=cursor, limit=limit), limit)


@router.post(
    "/staff/preorders/{preorder_id}/make",
    response=StaffPreorderOut,
    summary="Make the batch",
    openapi_extra=refuses(errors.NoSuchPreorder, errors.BelowThreshold, errors.Ended),
)
def make_batch(request: HttpRequest, preorder_id: Id) -> dict[str, Any]:
    """Before its window ends, when enough is paid for. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.make_batch(preorder_id=preorder_id, actor=me, now=clock.now())
    return _shown(preorder_id)


@router.post(
    "/staff/preorders/{preorder_id}/ask-balance",
    response=StaffPreorderOut,
    summary="Ask for the balances",
    openapi_extra=refuses(errors.NoSuchPreorder, errors.NotMade),
)
def ask_balance(request: HttpRequest, preorder_id: Id) -> dict[str, Any]:
    """Everybody with a place has the days that were said. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.ask_balance(preorder_id=preorder_id, actor=me, now=clock.now())
    return _shown(preorder_id)


@router.post(
    "/staff/preorders/{preorder_id}/news",
    response={201: StaffPreorderOut},
    summary="Tell news of a batch",
    openapi_extra=refuses(errors.NoSuchPreorder, errors.Ended, InvalidInput),
)
def tell_preorder_news(request: HttpRequest, preorder_id: Id, body: NewsIn) -> dict[str, Any]:
    """Everybody with a place reads it. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.tell_news(preorder_id=preorder_id, text=body.text, actor=me, now=clock.now())
    return _shown(preorder_id)


@router.post(
    "/staff/preorders/{preorder_id}/date",
    response={201: StaffPreorderOut},
    summary="Ask about a later date",
    openapi_extra=refuses(errors.NoSuchPreorder, errors.Ended, errors.NotLater, errors.StillAsking, InvalidInput),
)
def ask_later_date(request: HttpRequest, preorder_id: Id, body: LaterDateIn) -> dict[str, Any]:
    """Whoever says no, or nothing for five days, gets everything back. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.ask_date(preorder_id=preorder_id, after=body.after, reason=body.reason, actor=me, now=clock.now())
    return _shown(preorder_id)


@router.post(
    "/staff/preorders/{preorder_id}/received",
    response=StaffPreorderOut,
    summary="The batch is here",
    openapi_extra=refuses(
        errors.NoSuchPreorder, errors.NotMade, errors.NotOfPreorder, stock_errors.BadQuantity, stock_errors.KeyReused
    ),
)
def receive_batch(request: HttpRequest, preorder_id: Id, body: BatchIn, idempotency_key: Key) -> dict[str, Any]:
    """Units that the shop made itself go on the shelf; whoever has paid in full is served first. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.receive_batch(
        preorder_id=preorder_id, idempotency_key=idempotency_key, actor=me, now=clock.now(), **body.model_dump()
    )
    return _shown(preorder_id)


@router.post(
    "/staff/preorders/{preorder_id}/call-off",
    response={200: StaffPreorderOut, 202: AskedOut},
    summary="Call a preorder off",
    openapi_extra=needs_scope("staff:money", errors.NoSuchPreorder, errors.Ended, InvalidInput, KeyReused),
)
def call_preorder_off(
    request: HttpRequest, preorder_id: Id, body: WhyIn, idempotency_key: Key
) -> Status[dict[str, Any]]:
    """All the money goes back; goods that have left stay with their orders. Above a limit a second person is asked first (202). Needs goods.edit."""
    asked = asking.call_off_or_ask(
        preorder_id=preorder_id, reason=body.reason, staff=staff_of(request, "goods.edit"),
        idempotency_key=f"api:{idempotency_key}", now=clock.now(),
    )  # fmt: skip
    return Status(202, asked_out(asked)) if asked else Status(200, _shown(preorder_id))


def _shown(preorder_id: int) -> dict[str, Any]:
    card = queries.card_of(preorder_id=preorder_id, now=clock.now())
    return {"preorder": card, "sums": queries.watch_sums(preorder_id=preorder_id), "timeline": queries.timeline(card)}
