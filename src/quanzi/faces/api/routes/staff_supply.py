"""Suppliers for the staff: who they are, what they send, what they offer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, page_of
from quanzi.faces.api.schemas.supply import (
    SellFromOfferIn,
    SuppliedGoodsIn,
    SuppliedGoodsOut,
    SupplierIn,
    SupplierOut,
    SupplierPersonIn,
    SupplyOfferOut,
)
from quanzi.faces.api.security import staff_of
from quanzi.goods.catalogue import errors as catalogue_errors
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.supply import errors, queries, services
from quanzi.goods.supply.models import Supplier
from quanzi.goods.supply.queries import GoodsRow, OfferRow, SupplierRow
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.people.accounts.models import Member

router = Router(tags=["staff"])
TEXTS = (Errors, errors.NameTaken, catalogue_errors.Missing, catalogue_errors.TooLong)


@router.get("/staff/suppliers", response=list[SupplierOut], summary="Suppliers")
def list_suppliers(request: HttpRequest) -> list[SupplierRow]:
    """All of them, the active first, with what they did. Needs goods.edit."""
    staff_of(request, "goods.edit")
    return queries.supplier_rows()


@router.post("/staff/suppliers", response={201: SupplierOut}, summary="Add a supplier", openapi_extra=refuses(*TEXTS))
def add_supplier(request: HttpRequest, body: SupplierIn, idempotency_key: Key) -> Status[SupplierRow]:
    """Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    made = services.create_supplier(actor=me, now=clock.now(), **body.model_dump(exclude={"is_active"}))
    return Status(201, _supplier(made.pk))


@router.put(
    "/staff/suppliers/{supplier_id}",
    response=SupplierOut,
    summary="Change a supplier",
    openapi_extra=refuses(errors.NoSuchSupplier, *TEXTS),
)
def change_supplier(request: HttpRequest, supplier_id: Id, body: SupplierIn) -> SupplierRow:
    """All fields. What runs with a supplier who is not active any more goes on. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.update_supplier(supplier=supplier_or_404(supplier_id), actor=me, now=clock.now(), **body.model_dump())
    return _supplier(supplier_id)


@router.post(
    "/staff/suppliers/{supplier_id}/people",
    response={204: None},
    summary="Let somebody act for a supplier",
    openapi_extra=refuses(errors.NoSuchSupplier),
)
def let_in_for_supplier(request: HttpRequest, supplier_id: Id, body: SupplierPersonIn) -> None:
    """Again changes nothing. Needs goods.edit."""
    me, supplier = staff_of(request, "goods.edit"), supplier_or_404(supplier_id)
    member = Member.objects.filter(pk=body.member_id, erased_at=None).first()
    if member is None:
        raise errors.NoSuchSupplier
    services.add_person(supplier=supplier, member=member, actor=me, now=clock.now())


@router.delete(
    "/staff/suppliers/{supplier_id}/people/{member_id}",
    response={204: None},
    summary="Somebody no longer acts for a supplier",
    openapi_extra=refuses(errors.NoSuchSupplier),
)
def let_out_of_supplier(request: HttpRequest, supplier_id: Id, member_id: Id) -> None:
    """At once; again changes nothing. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.end_person(supplier=supplier_or_404(supplier_id), member_id=member_id, actor=me, now=clock.now())


@router.get(
    "/staff/suppliers/{supplier_id}/goods",
    response=list[SuppliedGoodsOut],
    summary="What a supplier can send",
    openapi_extra=refuses(errors.NoSuchSupplier),
)
def list_supplied_goods(request: HttpRequest, supplier_id: Id) -> list[GoodsRow]:
    """Needs goods.edit."""
    staff_of(request, "goods.edit")
    return queries.goods_of(supplier_or_404(supplier_id).pk)


@router.put(
    "/staff/suppliers/{supplier_id}/goods/{sku_id}",
    response=SuppliedGoodsOut,
    summary="Say how a supplier sends a variant",
    openapi_extra=refuses(errors.NoSuchSupplier, errors.BadCost, Errors),
)
def set_supplied_goods(request: HttpRequest, supplier_id: Id, sku_id: Id, body: SuppliedGoodsIn) -> GoodsRow:
    """Whoever becomes first for a variant takes the place of who was. Needs goods.edit."""
    me, supplier = staff_of(request, "goods.edit"), supplier_or_404(supplier_id)
    sku = Sku.objects.filter(pk=sku_id).first()
    if sku is None:
        raise errors.NoSuchSupplier
    made = services.set_goods(supplier=supplier, sku=sku, actor=me, now=clock.now(), **body.model_dump())
    return next(row for row in queries.goods_of(supplier_id) if row.id == made.pk)


@router.get("/staff/offers", response=Page[SupplyOfferOut], summary="Lots that suppliers offer")
def list_offers(
    request: HttpRequest,
    supplier_id: Id | None = None,
    sku_id: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Of which something can be taken, newest first. Needs goods.edit."""
    staff_of(request, "goods.edit")
    rows = queries.offer_rows(
        now=clock.now(), supplier_id=supplier_id, sku_id=sku_id, only_open=True, before_id=cursor, limit=limit
    )
    return page_of(rows, limit)


@router.post(
    "/staff/offers/{offer_id}/sell",
    response=SupplyOfferOut,
    summary="Sell units from where they lie",
    openapi_extra=refuses(
        errors.NoSuchOffer, errors.NotSendingDirect, errors.OfferOver, errors.TooFewOffered, errors.BadUnits
    ),
)
def sell_from_offer(request: HttpRequest, offer_id: Id, body: SellFromOfferIn, idempotency_key: Key) -> OfferRow:
    """They stand on the shop's shelf as one lot, and the supplier sends them. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.sell_from_offer(
        offer_id=offer_id, quantity=body.quantity, key=idempotency_key, actor=me, actor_word=f"staff:{me.pk}", now=clock.now()
    )  # fmt: skip
    return queries.offer_rows(now=clock.now(), before_id=offer_id + 1, limit=1)[0]


def supplier_or_404(supplier_id: int) -> Supplier:
    found = Supplier.objects.filter(pk=supplier_id).first()
    if found is None:
        raise errors.NoSuchSupplier
    return found


def _supplier(supplier_id: int) -> SupplierRow:
    return next(row for row in queries.supplier_rows() if row.id == supplier_id)
