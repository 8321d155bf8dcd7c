"""Driving: who said yes, the runs of a driver, and what happens at each stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import own_picture
from quanzi.faces.api.routes.runs import run_or_404
from quanzi.faces.api.schemas.common import Id, Slug
from quanzi.faces.api.schemas.runs import (
    DrivingOut,
    RunOut,
    RunRowOut,
    StopDoneIn,
)
from quanzi.faces.api.security import member_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.models import Stop
from quanzi.trade.fulfilment.policies import may_drive
from quanzi.trade.fulfilment.queries.drivers import asked_to_drive
from quanzi.trade.fulfilment.queries.runs import RunPage, RunRow, run_page, run_rows
from quanzi.trade.fulfilment.services import drivers as driving_services
from quanzi.trade.fulfilment.services import runs as services

router = Router(tags=["hand-over"])
STOP = (errors.NoSuchStop, errors.StopIsOver)


@router.get("/me/driving", response=DrivingOut, summary="Whether I drive")
def get_my_driving(request: HttpRequest) -> dict[str, Any]:
    """By my role, or because the shop asked and I said yes."""
    return _driving(member_of(request))


@router.post(
    "/me/driving/accept", response=DrivingOut, summary="Say yes to driving", openapi_extra=refuses(errors.NotAsked)
)
def accept_driving(request: HttpRequest) -> dict[str, Any]:
    """Runs may be given to me from now on. Again changes nothing."""
    me = member_of(request)
    driving_services.accept_driving(member=me, now=clock.now())
    return _driving(me)


@router.post("/me/driving/stop", response=DrivingOut, summary="Drive no longer")
def stop_driving(request: HttpRequest) -> dict[str, Any]:
    """Also a no to being asked. My runs wait for another driver. Again changes nothing."""
    me = member_of(request)
    driving_services.stop_driving(member=me, now=clock.now())
    return _driving(me)


@router.get("/me/runs", response=list[RunRowOut], summary="Delivery runs that I drive")
def list_my_runs(request: HttpRequest) -> list[RunRow]:
    """Empty for everybody else."""
    return run_rows(driver_id=member_of(request).pk)


@router.get("/me/runs/{code}", response=RunOut, summary="One run that I drive", openapi_extra=refuses(errors.NoSuchRun))
def get_my_run(request: HttpRequest, code: Slug) -> RunPage:
    """Where, whom to call and what to hand over, stop after stop."""
    return run_or_404(run_page(code=code, driver_id=member_of(request).pk))


@router.post(
    "/me/runs/{code}/begin",
    response=RunOut,
    summary="Set out",
    openapi_extra=refuses(errors.NoSuchRun, errors.RunIsOver),
)
def begin_run(request: HttpRequest, code: Slug) -> RunPage:
    """Again changes nothing."""
    me = member_of(request)
    services.begin_run(run_id=run_or_404(run_page(code=code, driver_id=me.pk)).id, driver=me, now=clock.now())
    return run_or_404(run_page(code=code, driver_id=me.pk))


@router.post("/me/stops/{stop_id}/here", response=RunOut, summary="I am at the door", openapi_extra=refuses(*STOP))
def arrive_at_stop(request: HttpRequest, stop_id: Id) -> RunPage:
    """Again changes nothing."""
    me = member_of(request)
    return _after(services.arrive_at_stop(stop_id=stop_id, driver=me, now=clock.now()))


@router.post(
    "/me/stops/{stop_id}/given",
    response=RunOut,
    summary="Handed over at the door",
    openapi_extra=refuses(*STOP, PictureNotYours, errors.CountedThere, errors.NoLotFit, IllegalMove),
)
def hand_over_at_stop(request: HttpRequest, stop_id: Id, body: StopDoneIn) -> RunPage:
    """The goods leave the stock. Said again over a bad network it is said once."""
    return _done(services.hand_over_at_stop, request, stop_id, body)


@router.post(
    "/me/stops/{stop_id}/missed", response=RunOut, summary="Nobody there", openapi_extra=refuses(*STOP, PictureNotYours)
)
def miss_stop(request: HttpRequest, stop_id: Id, body: StopDoneIn) -> RunPage:
    """The order waits for another run and its buyer is told. Again changes nothing."""
    return _done(services.miss_stop, request, stop_id, body)


def _done(act: Callable[..., Stop], request: HttpRequest, stop_id: int, body: StopDoneIn) -> RunPage:
    """What is over at a stop, with a picture and a note where there are any."""
    me = member_of(request)
    picture = own_picture(body.picture_id, member=me, field="picture_id")
    return _after(act(stop_id=stop_id, driver=me, picture=picture, note=body.note, now=clock.now()))


def _driving(me: Member) -> dict[str, Any]:
    asked = asked_to_drive(member_id=me.pk)
    return {
        "may_drive": may_drive(me), "invited_at": asked.invited_at if asked else None,
        "accepted_at": asked.accepted_at if asked else None,
    }  # fmt: skip


def _after(stop: Stop) -> RunPage:
    return run_or_404(run_page(run_id=stop.run_id))
