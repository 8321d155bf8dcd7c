"""What one cares for in goods."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.schemas.tastes import PickIn, TasteKey, TasteOut
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of, viewer_of
from quanzi.faces.console.reading.goods import product_by_id
from quanzi.goods.catalogue.errors import UnknownProduct
from quanzi.growth.tastes import queries, services
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed

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


@staff.put(
    "/staff/products/{product_id}/tastes",
    response=list[TasteKey],
    summary="What goods are like",
    openapi_extra=refuses(NotAllowed, UnknownProduct),
)
def put_traits(request: HttpRequest, product_id: Id, body: PickIn) -> list[str]:
    """These and no others, on the maker's word. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    product = product_by_id(product_id)
    if product is None:
        raise UnknownProduct
    services.describe(product=product, tastes=body.tastes, actor=me, now=clock.now())
    return sorted(queries.traits(product.pk))
