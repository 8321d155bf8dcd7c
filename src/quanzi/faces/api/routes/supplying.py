"""For whoever acts for a supplier: purchases to answer, lots to offer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.supply import (
    ConfirmPurchaseIn,
    OfferIn,
    PurchaseCallOffIn,
    PurchaseOut,
    ShipPurchaseIn,
    SuppliedGoodsOut,
    SupplierOut,
    SupplyOfferOut,
)
from quanzi.faces.api.security import member_of
from quanzi.goods.catalogue import errors as catalogue_errors
from quanzi.goods.supply import errors, queries, services
from quanzi.goods.supply.models import SupplierGoods
from quanzi.goods.supply.policies import suppliers_of
from quanzi.goods.supply.queries import GoodsRow, OfferRow, PurchaseRow, SupplierRow
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, IllegalMove, NotFound

router = Router(tags=["supplier"])


@router.get("/supplier/suppliers", response=list[SupplierOut], summary="Suppliers that I act for")
def list_my_suppliers(request: HttpRequest) -> list[SupplierRow]:
    """Empty for everybody else; the shop's staff lets people in."""
    mine = set(_ids(request))
    return [row for row in queries.supplier_rows() if row.id in mine]


@router.get(
    "/supplier/suppliers/{supplier_id}/goods", response=list[SuppliedGoodsOut], summary="What the shop buys of me"
)
def list_what_i_supply(request: HttpRequest, supplier_id: Id) -> list[GoodsRow]:
    """With the agreed cost of one unit."""
    return queries.goods_of(_mine(request, supplier_id))


@router.get("/supplier/suppliers/{supplier_id}/purchases", response=Page[PurchaseOut], summary="Purchases of me")
def list_purchases_of_me(
    request: HttpRequest, supplier_id: Id, cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first; what the shop has not sent yet is not among them."""
    rows = queries.purchase_rows(
        supplier_id=_mine(request, supplier_id), with_drafts=False, before_id=cursor, limit=limit
    )
    return page_of(rows, limit)


@router.get(
    "/supplier/purchases/{number}",
    response=PurchaseOut,
    summary="One purchase of me",
    openapi_extra=refuses(errors.NoSuchPurchase),
)
def get_purchase_of_me(request: HttpRequest, number: Slug) -> PurchaseRow:
    """With what arrived of each line."""
    return queries.purchase_page(number, supplier_ids=_ids(request))


@router.post(
    "/supplier/purchases/{number}/confirm",
    response=PurchaseOut,
    summary="Say what will be sent, and when",
    openapi_extra=refuses(errors.NoSuchPurchase, errors.BadUnits, IllegalMove),
)
def confirm_purchase(request: HttpRequest, number: Slug, body: ConfirmPurchaseIn) -> PurchaseRow:
    """Each line whole unless it is named. Once."""
    found = queries.purchase_page(number, supplier_ids=_ids(request))
    said = {line.line_id: line.quantity for line in body.quantities}
    if not said.keys() <= {line.id for line in found.lines}:
        raise errors.NoSuchPurchase
    services.confirm(
        purchase_id=found.id, quantities=said, promised_at=body.promised_at, answer=body.answer, now=clock.now()
    )
    return queries.purchase_page(number)


@router.post(
    "/supplier/purchases/{number}/ship",
    response=PurchaseOut,
    summary="Say that it is on its way",
    openapi_extra=refuses(errors.NoSuchPurchase, IllegalMove),
)
def ship_purchase(request: HttpRequest, number: Slug, body: ShipPurchaseIn) -> PurchaseRow:
    """Again changes nothing."""
    found = queries.purchase_page(number, supplier_ids=_ids(request))
    services.ship(purchase_id=found.id, tracking=body.tracking, now=clock.now())
    return queries.purchase_page(number)


@router.post(
    "/supplier/purchases/{number}/decline",
    response=PurchaseOut,
    summary="Say that it cannot be",
    openapi_extra=refuses(errors.NoSuchPurchase, catalogue_errors.Missing, IllegalMove),
)
def decline_purchase(request: HttpRequest, number: Slug, body: PurchaseCallOffIn) -> PurchaseRow:
    """What it held of offered lots is free again."""
    found = queries.purchase_page(number, supplier_ids=_ids(request))
    services.decline(purchase_id=found.id, answer=body.reason, now=clock.now())
    return queries.purchase_page(number)


@router.get("/supplier/suppliers/{supplier_id}/offers", response=Page[SupplyOfferOut], summary="Lots that I offer")
def list_my_offers(
    request: HttpRequest, supplier_id: Id, cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first, those that are over too."""
    rows = queries.offer_rows(supplier_id=_mine(request, supplier_id), now=clock.now(), before_id=cursor, limit=limit)
    return page_of(rows, limit)


@router.post(
    "/supplier/suppliers/{supplier_id}/offers",
    response={201: SupplyOfferOut},
    summary="Offer a lot",
    openapi_extra=refuses(
        errors.NotSupplied, errors.OfferCodeTaken, errors.BadUnits, Errors, catalogue_errors.LotEndsBeforeItBegins
    ),
)
def offer_lot(request: HttpRequest, supplier_id: Id, body: OfferIn, idempotency_key: Key) -> Status[OfferRow]:
    """Of goods that the shop buys of me, at the agreed cost. The same name with the same values is the same lot."""
    goods = SupplierGoods.objects.filter(
        supplier_id=_mine(request, supplier_id), sku_id=body.sku_id, is_active=True
    ).first()
    if goods is None:
        raise errors.NotSupplied(field="sku_id", title=str(body.sku_id))
    made = services.make_offer(
        goods=goods, by=member_of(request), now=clock.now(), **body.model_dump(exclude={"sku_id"})
    )
    return Status(201, _offer(made.pk))


@router.post(
    "/supplier/offers/{offer_id}/withdraw",
    response=SupplyOfferOut,
    summary="Withdraw a lot",
    openapi_extra=refuses(errors.NoSuchOffer),
)
def withdraw_my_offer(request: HttpRequest, offer_id: Id) -> OfferRow:
    """Nothing more is taken of it; what was promised stays promised. Again changes nothing."""
    if queries.supplier_of_offer(offer_id) not in _ids(request):
        raise errors.NoSuchOffer
    services.withdraw_offer(offer_id=offer_id, actor=f"member:{member_of(request).pk}", now=clock.now())
    return _offer(offer_id)


def _offer(offer_id: int) -> OfferRow:
    return queries.offer_rows(now=clock.now(), before_id=offer_id + 1, limit=1)[0]


def _ids(request: HttpRequest) -> list[int]:
    return [one.pk for one in suppliers_of(member_of(request))]


def _mine(request: HttpRequest, supplier_id: int) -> int:
    """Raises NotFound, also for somebody else's supplier."""
    if supplier_id not in _ids(request):
        raise NotFound
    return supplier_id
