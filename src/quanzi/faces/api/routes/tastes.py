"""What one cares for in goods."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.schemas.tastes import PickIn, TasteOut
from quanzi.faces.api.security import EVERYBODY, member_of, viewer_of
from quanzi.growth.tastes import queries, services
from quanzi.kernel import clock

router = Router(tags=["recommendations"])


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
