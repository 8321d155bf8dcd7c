"""Launches and brand days for the staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, page_of
from quanzi.faces.api.schemas.launches import BrandDayIn, BrandDayOut, BrandDayPageOut, LaunchIn, LaunchOut
from quanzi.faces.api.security import staff_of
from quanzi.goods.stock import errors as stock_errors
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, IllegalMove, InvalidInput
from quanzi.trade.launches import errors, queries, services
from quanzi.trade.launches.services import DayPlan

router = Router(tags=["staff"])


@router.get("/staff/launches", response=Page[LaunchOut], summary="Every launch")
def list_every_launch(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(queries.all_launches(before_id=cursor, limit=limit), limit)


@router.post(
    "/staff/launches",
    response={201: LaunchOut},
    summary="Plan a launch",
    openapi_extra=refuses(
        Errors, InvalidInput, errors.BadLaunchTimes, errors.BadLaunchPrice, errors.BadLaunchUnits, stock_errors.OutOfStock, stock_errors.SoldOut
    ),
)  # fmt: skip
def plan_launch(request: HttpRequest, body: LaunchIn) -> queries.LaunchRow:
    """Its goods are set aside and its seed is sealed at once; nothing of it is edited later. Needs goods.edit."""
    me, now = staff_of(request, "goods.edit"), clock.now()
    return queries.launch_row(services.plan_launch(actor=me, now=now, **body.model_dump()).pk)


@router.post(
    "/staff/launches/{launch_id}/call-off",
    response=LaunchOut,
    summary="Call a launch off",
    openapi_extra=refuses(errors.NoSuchLaunch, IllegalMove),
)
def call_launch_off(request: HttpRequest, launch_id: Id) -> queries.LaunchRow:
    """No more turns; everybody in the queue is told. Orders that were placed stand. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.call_off(launch_id=launch_id, actor=me, now=clock.now())
    return queries.launch_row(launch_id)


@router.get("/staff/brand-days", response=Page[BrandDayOut], summary="Every brand day")
def list_every_brand_day(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """The newest plan first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(queries.all_days(now=clock.now(), before_id=cursor, limit=limit), limit)


@router.post(
    "/staff/brand-days",
    response={201: BrandDayPageOut},
    summary="Plan a brand day",
    openapi_extra=refuses(Errors, InvalidInput, errors.BadDayTimes, errors.BadDayPrice),
)
def plan_brand_day(request: HttpRequest, body: BrandDayIn) -> queries.DayPage:
    """A maker's goods at prices of the day, within its hours; nothing of it is edited later. Needs goods.edit."""
    me, now = staff_of(request, "goods.edit"), clock.now()
    goods = [DayPlan(one.sku_id, one.price_minor) for one in body.goods]
    made = services.plan_day(goods=goods, actor=me, now=now, **body.model_dump(exclude={"goods"}))
    return queries.day_page(slug=made.slug, viewer=None, now=now)


@router.post(
    "/staff/brand-days/{day_id}/call-off",
    response=BrandDayPageOut,
    summary="Call a brand day off",
    openapi_extra=refuses(errors.NoSuchDay, errors.DayBegun),
)
def call_brand_day_off(request: HttpRequest, day_id: Id) -> queries.DayPage:
    """Possible until it opens. Needs goods.edit."""
    me, now = staff_of(request, "goods.edit"), clock.now()
    services.call_off_day(day_id=day_id, actor=me, now=now)
    return queries.day_page(slug=queries.slug_of_day(day_id), viewer=None, now=now)
