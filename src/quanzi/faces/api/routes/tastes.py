"""What one cares for in goods."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, page_of
from quanzi.faces.api.schemas.tastes import OwnGoodsOut, PickIn, TasteKey, TasteOut
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of, viewer_of
from quanzi.faces.console.reading.goods import product_by_id
from quanzi.goods.catalogue.errors import UnknownProduct
from quanzi.growth.tastes import queries, services
from quanzi.growth.tastes.errors import TakenAway
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound

router = Router(tags=["goods"])
staff = Router(tags=["staff"])


@router.get("/tastes", auth=EVERYBODY, response=list[TasteOut], summary="What goods can be like")
def get_tastes(request: HttpRequest) -> Any:
    """The whole list, with how many goods on sale have each, and whether I picked it."""
    me = viewer_of(request)
    return queries.tastes(me.pk if me is not None else None)


@router.put("/me/tastes", response=list[TasteOut], summary="What I care for")
def put_tastes(request: HttpRequest, body: PickIn) -> Any:
    """These and no others. It chooses goods and posts for me alone."""
    me = member_of(request)
    services.pick(member=me, tastes=body.tastes, now=clock.now())
    return queries.tastes(me.pk)


@router.get("/supplier/tastes", response=Page[OwnGoodsOut], summary="What my goods are like")
def list_own_goods(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Goods that I make, or supply where no maker is a member; the newest first. Empty for everybody else."""
    return page_of(queries.own_goods(member_of(request).pk, before=cursor, limit=limit), limit)


@router.put(
    "/supplier/products/{product_id}/tastes",
    response=list[TasteKey],
    summary="Say what my goods are like",
    openapi_extra=refuses(TakenAway, NotFound),
)
def put_own_traits(request: HttpRequest, product_id: Id, body: PickIn) -> list[str]:
    """These and no others. What the shop took away only the shop can tick again."""
    services.say(product_id=product_id, tastes=body.tastes, member=member_of(request), now=clock.now())
    return sorted(queries.traits(product_id))


@staff.put(
    "/staff/products/{product_id}/tastes",
    response=list[TasteKey],
    summary="What goods are like",
    openapi_extra=refuses(NotAllowed, UnknownProduct),
)
def put_traits(request: HttpRequest, product_id: Id, body: PickIn) -> list[str]:
    """These and no others, on the maker's word; what a maker ticked and this leaves out stays away. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    product = product_by_id(product_id)
    if product is None:
        raise UnknownProduct
    services.describe(product=product, tastes=body.tastes, actor=me, now=clock.now())
    return sorted(queries.traits(product.pk))
