"""Buying for the staff: what is needed, purchases, receiving."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.staff_supply import TEXTS, supplier_or_404
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.supply import (
    BoughtOut,
    BuyIn,
    PurchaseCallOffIn,
    PurchaseDemandOut,
    PurchaseIn,
    PurchaseLineIn,
    PurchaseOut,
    ReceiveIn,
)
from quanzi.faces.api.security import staff_of
from quanzi.goods.catalogue import errors as catalogue_errors
from quanzi.goods.supply import errors, queries, services
from quanzi.goods.supply.queries import NeedRow, PurchaseRow
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_see

router = Router(tags=["staff"])
State = Literal["draft", "sent", "confirmed", "shipped", "received", "cancelled"]


@router.get("/staff/demands", response=list[PurchaseDemandOut], summary="What goods have yet to be bought for")
def list_demands(request: HttpRequest) -> list[dict[str, Any]]:
    """The most urgent first. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return [
        {"ref": one.head.ref, "title": one.head.title, "is_final": one.head.is_final, "due_at": one.head.due_at,
         "purchases": list(one.purchases), "needs": []}
        for one in queries.open_demands(now=clock.now())
    ]  # fmt: skip


@router.get(
    "/staff/demands/{ref}",
    response=PurchaseDemandOut,
    summary="The purchase sheet of a demand",
    openapi_extra=refuses(errors.NoSuchDemand),
)
def get_demand(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Variant by variant, with the places that need it. Needs goods.edit."""
    staff_of(request, "goods.edit")
    head, rows = queries.demand_sheet(ref[:40], now=clock.now())
    bought = queries.purchase_rows(ref=head.ref, limit=50)
    return {
        "ref": head.ref, "title": head.title, "is_final": head.is_final, "due_at": head.due_at,
        "purchases": [row.number for row in bought], "needs": [_need(row) for row in rows],
    }  # fmt: skip


@router.post(
    "/staff/purchases/from-demand",
    response=BoughtOut,
    summary="Write the purchases of a demand",
    openapi_extra=refuses(errors.NoSuchDemand),
)
def buy_for_demand(request: HttpRequest, body: BuyIn) -> dict[str, Any]:
    """One draft for each supplier, in whole packs; again finds them, and drafts follow the demand. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    made, missing = services.from_demand(ref=body.ref, actor=me, now=clock.now())
    return {"purchases": [one.number for one in made], "missing": missing}


@router.get("/staff/purchases", response=Page[PurchaseOut], summary="Purchases")
def list_purchases(
    request: HttpRequest,
    state: State | None = None,
    supplier_id: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Newest first; costs are null for who may not see them. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    rows = queries.purchase_rows(
        states=[state] if state else (), supplier_id=supplier_id, before_id=cursor, limit=limit
    )
    page = page_of(rows, limit)
    return {**page, "items": [_seen(row, me) for row in page["items"]]}


@router.get(
    "/staff/purchases/{number}",
    response=PurchaseOut,
    summary="One purchase",
    openapi_extra=refuses(errors.NoSuchPurchase),
)
def get_purchase(request: HttpRequest, number: Slug) -> Any:
    """With what arrived of each line. Needs orders.handle."""
    return _seen(queries.purchase_page(number), staff_of(request, "orders.handle"))


@router.post(
    "/staff/purchases",
    response={201: PurchaseOut},
    summary="Begin a purchase",
    openapi_extra=refuses(errors.NoSuchSupplier, *TEXTS),
)
def draft_purchase(request: HttpRequest, body: PurchaseIn, idempotency_key: Key) -> Status[Any]:
    """An empty draft. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    made = services.draft(
        supplier=supplier_or_404(body.supplier_id), title=body.title, due_at=body.due_at, note=body.note, actor=me, now=clock.now()
    )  # fmt: skip
    return Status(201, _seen(queries.purchase_page(made.number), me))


@router.put(
    "/staff/purchases/{number}/line",
    response=PurchaseOut,
    summary="Order a variant in a draft",
    openapi_extra=refuses(errors.NoSuchPurchase, errors.NotSupplied, errors.BadUnits, IllegalMove),
)
def set_purchase_line(request: HttpRequest, number: Slug, body: PurchaseLineIn) -> Any:
    """Needs goods.edit."""
    me, found = staff_of(request, "goods.edit"), queries.purchase_page(number)
    services.set_line(purchase_id=found.id, now=clock.now(), **body.model_dump())
    return _seen(queries.purchase_page(number), me)


@router.post(
    "/staff/purchases/{number}/send",
    response=PurchaseOut,
    summary="Send a purchase to its supplier",
    openapi_extra=refuses(
        errors.NoSuchPurchase, errors.EmptyPurchase, errors.OfferOver, errors.TooFewOffered, IllegalMove
    ),
)
def send_purchase(request: HttpRequest, number: Slug) -> Any:
    """What comes out of offered lots is taken of them, all or nothing; again changes nothing. Needs goods.edit."""
    me, found = staff_of(request, "goods.edit"), queries.purchase_page(number)
    services.send(purchase_id=found.id, actor=me, now=clock.now())
    return _seen(queries.purchase_page(number), me)


@router.post(
    "/staff/purchases/{number}/call-off",
    response=PurchaseOut,
    summary="Call a purchase off",
    openapi_extra=refuses(errors.NoSuchPurchase, catalogue_errors.Missing, IllegalMove),
)
def call_off_purchase(request: HttpRequest, number: Slug, body: PurchaseCallOffIn) -> Any:
    """Before it was sent off and before anything arrived. Needs goods.edit."""
    me, found = staff_of(request, "goods.edit"), queries.purchase_page(number)
    services.call_off(purchase_id=found.id, reason=body.reason, actor=me, now=clock.now())
    return _seen(queries.purchase_page(number), me)


@router.post(
    "/staff/purchases/{number}/close",
    response=PurchaseOut,
    summary="Nothing more will come of a purchase",
    openapi_extra=refuses(errors.NoSuchPurchase, IllegalMove),
)
def close_purchase(request: HttpRequest, number: Slug) -> Any:
    """Again changes nothing. Needs goods.edit."""
    me, found = staff_of(request, "goods.edit"), queries.purchase_page(number)
    services.close(purchase_id=found.id, actor=me, now=clock.now())
    return _seen(queries.purchase_page(number), me)


@router.post(
    "/staff/purchases/{number}/lines/{line_id}/receive",
    response={201: PurchaseOut},
    summary="Receive goods of a line",
    openapi_extra=refuses(
        errors.NoSuchPurchase, errors.ReceivedTooMany, errors.LotNameNeeded, errors.LotOfAnotherSupplier, errors.KeyReused,
        errors.BadUnits, catalogue_errors.LotEndsBeforeItBegins, IllegalMove,
    ),
)  # fmt: skip
def receive_purchase(
    request: HttpRequest, number: Slug, line_id: Id, body: ReceiveIn, idempotency_key: Key
) -> Status[Any]:
    """Whole units go on the shelf as their lot; damaged ones are counted. Needs orders.handle."""
    me, found = staff_of(request, "orders.handle"), queries.purchase_page(number)
    if line_id not in {line.id for line in found.lines}:
        raise errors.NoSuchPurchase
    services.receive(
        line_id=line_id, key=f"api:{me.pk}:{idempotency_key}", actor=f"staff:{me.pk}", now=clock.now(), **body.model_dump()
    )  # fmt: skip
    return Status(201, _seen(queries.purchase_page(number), me))


def _seen(row: PurchaseRow, me: Member) -> Any:
    """A purchase as this person may see it."""
    if may_see(me, "cost"):
        return row
    return replace(row, total=None, lines=tuple(replace(line, cost=None) for line in row.lines))  # type: ignore[arg-type]  # what may not be seen is null


def _need(row: NeedRow) -> dict[str, Any]:
    return {
        "sku_id": row.sku_id, "title": row.title, "wanted": row.wanted, "places": dict(row.places), "supplier_id": row.supplier_id,
        "buy": row.buy, "on_shelf": row.on_shelf,
    }  # fmt: skip
