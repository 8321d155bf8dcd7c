"""Launches and brand days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.ordering import REFUSALS, ordering_of, placed
from quanzi.faces.api.schemas.common import Key, Slug
from quanzi.faces.api.schemas.launches import (
    BrandDayPageOut,
    CalendarOut,
    DayOrderIn,
    EnterIn,
    LaunchPageOut,
    SealedLotOut,
    TurnOrderIn,
)
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.security import EVERYBODY, member_of, viewer_of
from quanzi.kernel import clock
from quanzi.trade.launches import errors, queries, services

router = Router(tags=["deals"])


@router.get("/calendar", auth=EVERYBODY, response=CalendarOut, summary="Brand days and launches by date")
def get_calendar(request: HttpRequest) -> dict[str, Any]:
    """What is ahead, the next first, and what was in the last two weeks."""
    ahead, past = queries.calendar(viewer=viewer_of(request), now=clock.now())
    return {"ahead": [_date(one) for one in ahead], "past": [_date(one) for one in past]}


def _date(one: queries.CalendarDay) -> dict[str, Any]:
    return {"on": one.on.isoformat(), "days": one.days, "launches": one.launches}


@router.get(
    "/launches/{code}",
    auth=EVERYBODY,
    response=LaunchPageOut,
    summary="One launch",
    openapi_extra=refuses(errors.NoSuchLaunch),
)
def get_launch(request: HttpRequest, code: Slug) -> queries.LaunchPage:
    """Its numbers, and the caller's place in its queue. Asking every few seconds is enough: nobody gains by asking more."""
    return queries.launch_page(code=code, viewer=viewer_of(request), now=clock.now())


@router.get(
    "/launches/{code}/lot",
    auth=EVERYBODY,
    response=SealedLotOut,
    summary="The lot of a launch",
    openapi_extra=refuses(errors.NoSuchLaunch),
)
def get_launch_lot(request: HttpRequest, code: Slug) -> dict[str, Any]:
    """The seed and every code with its place, so that anybody can draw it again."""
    found, rows = queries.draw_sheet(code=code)
    return {"seed_hash": found.seed_hash, "seed": found.seed, "places": rows}


@router.post(
    "/launches/{code}/places",
    response={201: LaunchPageOut},
    summary="Enter the queue of a launch",
    openapi_extra=refuses(
        errors.NoSuchLaunch, errors.EntryClosed, errors.LaunchOver, errors.InAlready, errors.BadWanted
    ),
)
def enter_launch(request: HttpRequest, code: Slug, body: EnterIn) -> queries.LaunchPage:
    """One place for each member. Before the start the lot decides where; later, the order of arrival."""
    me, now = member_of(request), clock.now()
    found = queries.launch_page(code=code, viewer=me, now=now).launch
    services.enter(launch_id=found.id, member=me, wanted=body.wanted, now=now)
    return queries.launch_page(code=code, viewer=me, now=now)


@router.delete(
    "/launches/{code}/places/mine",
    response={204: None},
    summary="Leave the queue of a launch",
    openapi_extra=refuses(errors.NoSuchLaunch, errors.NotIn),
)
def leave_launch(request: HttpRequest, code: Slug) -> None:
    """A turn goes to the next at once."""
    me, now = member_of(request), clock.now()
    services.leave(launch_id=queries.launch_page(code=code, viewer=me, now=now).launch.id, member=me, now=now)


@router.post(
    "/launches/{code}/orders",
    response={201: PlacedOut},
    summary="Order with a turn",
    openapi_extra=refuses(
        errors.NoSuchLaunch, errors.NotIn, errors.NotYourTurn, errors.TurnOver, errors.LaunchOver, errors.MoreThanTurn, *REFUSALS
    ),
)  # fmt: skip
def order_in_launch(request: HttpRequest, code: Slug, body: TurnOrderIn, idempotency_key: Key) -> dict[str, Any]:
    """It waits for its payment as long as a turn lasts; then its units go to the next."""
    me, now = member_of(request), clock.now()
    found = queries.launch_page(code=code, viewer=me, now=now).launch
    order = services.order_turn(
        launch_id=found.id, member=me, quantity=body.quantity, now=now, **ordering_of(body, key=idempotency_key)
    )
    return placed(order)


@router.get(
    "/brand-days/{slug}",
    auth=EVERYBODY,
    response=BrandDayPageOut,
    summary="One brand day",
    openapi_extra=refuses(errors.NoSuchDay),
)
def get_brand_day(request: HttpRequest, slug: Slug) -> queries.DayPage:
    """Its goods and their prices, which hold from its opening to its end; afterwards it stays as a record."""
    return queries.day_page(slug=slug, viewer=viewer_of(request), now=clock.now())


@router.post(
    "/brand-days/{slug}/orders",
    response={201: PlacedOut},
    summary="Order goods of a brand day",
    openapi_extra=refuses(errors.NoSuchDay, errors.DayNotOpen, errors.NotOfDay, *REFUSALS),
)
def order_of_brand_day(request: HttpRequest, slug: Slug, body: DayOrderIn, idempotency_key: Key) -> dict[str, Any]:
    """At the prices of the day, while it is open."""
    me, now = member_of(request), clock.now()
    found = queries.day_page(slug=slug, viewer=me, now=now).day
    order = services.order_of_day(
        day_id=found.id, member=me, lines=[(line.sku_id, line.quantity) for line in body.lines], now=now,
        **ordering_of(body, key=idempotency_key),
    )  # fmt: skip
    return placed(order)


@router.put(
    "/brand-days/{slug}/reminder",
    response={204: None},
    summary="Be reminded of a brand day",
    openapi_extra=refuses(errors.NoSuchDay, errors.DayBegun, errors.TooManyReminders),
)
def ask_reminder(request: HttpRequest, slug: Slug) -> None:
    """Told once, when it opens. Of one calendar day a member is reminded of three at most."""
    me, now = member_of(request), clock.now()
    services.remind(day_id=queries.day_page(slug=slug, viewer=me, now=now).day.id, member=me, now=now)


@router.delete(
    "/brand-days/{slug}/reminder",
    response={204: None},
    summary="No reminder of a brand day after all",
    openapi_extra=refuses(errors.NoSuchDay),
)
def withdraw_reminder(request: HttpRequest, slug: Slug) -> None:
    """Safe to repeat."""
    me, now = member_of(request), clock.now()
    services.unremind(day_id=queries.day_page(slug=slug, viewer=me, now=now).day.id, member=me)
