"""Stations and rounds for the staff: who runs one, what is sold when, what leaders are owed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.staff_orders import asked_out
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, page_of
from quanzi.faces.api.schemas.staff import AskedOut
from quanzi.faces.api.schemas.staff_stations import (
    ApplicationAnswerIn,
    LeaderDueOut,
    RoundIn,
    RoundReasonIn,
    SettleLeaderIn,
    SettlementOut,
    StaffApplicationOut,
    StaffRoundOut,
    StaffRoundRowOut,
    StaffStationIn,
    StaffStationOut,
)
from quanzi.faces.api.schemas.stations import FreshOut, KeepFreshIn
from quanzi.faces.api.security import staff_of
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors, IllegalMove, InvalidInput
from quanzi.people.approvals.errors import KeyReused, SecondPersonNeeded
from quanzi.trade.stations import asking, errors, queries, services
from quanzi.trade.stations.models import StationApplication
from quanzi.trade.stations.services import GoodPlan

router = Router(tags=["staff"])


@router.get("/staff/fresh", response=list[FreshOut], summary="Fresh goods that nobody fetched")
def list_fresh(request: HttpRequest) -> list[queries.FreshRow]:
    """What has to be decided first comes first. Needs orders.handle."""
    staff_of(request, "orders.handle")
    return queries.fresh_rows()


@router.post(
    "/staff/fresh/{line_id}/keep",
    response={204: None},
    summary="Let fresh goods wait",
    openapi_extra=refuses(errors.NothingMissed, errors.BadWait),
)
def keep_fresh(request: HttpRequest, line_id: Id, body: KeepFreshIn) -> None:
    """Three days after the pickup window at most; the buyer is told. Needs orders.handle."""
    me = staff_of(request, "orders.handle")
    services.keep_fresh(line_id=line_id, until=body.until, note=body.note, actor=me, now=clock.now())


@router.post(
    "/staff/fresh/{line_id}/let-go",
    response={204: None},
    summary="Refund fresh goods that nobody fetched",
    openapi_extra=needs_scope("staff:money", errors.NothingMissed, SecondPersonNeeded),
)
def let_fresh_go(request: HttpRequest, line_id: Id) -> None:
    """The money goes back, the goods leave the stock. Needs orders.refund."""
    me = staff_of(request, "orders.refund")
    services.let_fresh_go(line_id=line_id, actor=me, now=clock.now())


@router.get("/staff/stations", response=list[StaffStationOut], summary="Every station")
def list_every_station(request: HttpRequest) -> list[queries.StationRow]:
    """Open ones first, then those that are paused. Needs shop.edit."""
    staff_of(request, "shop.edit")
    return queries.station_rows(now=clock.now())


@router.put(
    "/staff/stations/{station_id}",
    response=StaffStationOut,
    summary="Change a station",
    openapi_extra=refuses(errors.NoSuchStation, errors.BadCapacity, InvalidInput, Errors),
)
def change_station(request: HttpRequest, station_id: Id, body: StaffStationIn) -> queries.StationRow:
    """All fields; is_open false pauses it. Rounds that run keep the number of orders they began with. Needs shop.edit."""
    me, now = staff_of(request, "shop.edit"), clock.now()
    services.change_station(station_id=station_id, actor=me, now=now, **body.model_dump())
    return queries.station_rows(now=now, station_id=station_id)[0]


@router.get(
    "/staff/station-applications", response=list[StaffApplicationOut], summary="Who would like to run a station"
)
def list_applications(request: HttpRequest) -> list[StationApplication]:
    """Those that wait, the oldest first. Needs shop.edit."""
    staff_of(request, "shop.edit")
    return queries.applications()


@router.post(
    "/staff/station-applications/{application_id}/approve",
    response=StaffStationOut,
    summary="Open the station",
    openapi_extra=refuses(errors.NoSuchApplication, errors.OwnApplication, IllegalMove),
)
def approve_station(request: HttpRequest, application_id: Id, body: ApplicationAnswerIn) -> queries.StationRow:
    """The member becomes its leader. Nobody decides about their own. Needs shop.edit."""
    me, now = staff_of(request, "shop.edit"), clock.now()
    made = services.approve(application_id=application_id, actor=me, answer=body.answer, now=now)
    return queries.station_rows(now=now, station_id=made.pk)[0]


@router.post(
    "/staff/station-applications/{application_id}/decline",
    response=StaffApplicationOut,
    summary="Decline an application",
    openapi_extra=refuses(errors.NoSuchApplication, errors.OwnApplication, InvalidInput, IllegalMove),
)
def decline_station(request: HttpRequest, application_id: Id, body: ApplicationAnswerIn) -> StationApplication:
    """The member reads the answer. Needs shop.edit."""
    me = staff_of(request, "shop.edit")
    return services.decline(application_id=application_id, actor=me, answer=body.answer, now=clock.now())


@router.get("/staff/rounds", response=Page[StaffRoundRowOut], summary="Every round")
def list_every_round(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(queries.round_rows(before_id=cursor, limit=limit), limit)


@router.get(
    "/staff/rounds/{round_id}", response=StaffRoundOut, summary="A round and its stations", openapi_extra=refuses(errors.NoSuchRound)
)  # fmt: skip
def get_every_round(request: HttpRequest, round_id: Id) -> dict[str, Any]:
    """Needs orders.view."""
    staff_of(request, "orders.view")
    return _round(round_id)


@router.post(
    "/staff/rounds",
    response={201: StaffRoundOut},
    summary="Plan a round",
    openapi_extra=refuses(
        errors.EmptyRound, errors.BadTimes, errors.BadGood, errors.NoSuchStation, InvalidInput, Errors
    ),
)
def plan_round(request: HttpRequest, body: RoundIn) -> Status[dict[str, Any]]:
    """Its terms are never edited. Needs goods.edit."""
    me, values = staff_of(request, "goods.edit"), body.model_dump(exclude={"goods"})
    goods = [GoodPlan(**good.model_dump()) for good in body.goods]
    made = services.open_round(goods=goods, actor=me, now=clock.now(), **values)
    return Status(201, _round(made.pk))


@router.post(
    "/staff/rounds/{round_id}/call-off",
    response={200: StaffRoundOut, 202: AskedOut},
    summary="Call a round off",
    openapi_extra=needs_scope("staff:money", errors.NoSuchRound, KeyReused, IllegalMove),
)
def call_off_round(
    request: HttpRequest, round_id: Id, body: RoundReasonIn, idempotency_key: Key
) -> Status[dict[str, Any]]:
    """All the money goes back; above a limit a second person is asked first (202). Needs goods.edit."""
    asked = asking.call_off_or_ask(
        round_id=round_id, staff=staff_of(request, "goods.edit"), reason=body.reason, idempotency_key=f"api:{idempotency_key}",
        now=clock.now(),
    )  # fmt: skip
    return Status(202, asked_out(asked)) if asked else Status(200, _round(round_id))


@router.post(
    "/staff/stops/{stop_id}/end",
    response={204: None, 202: AskedOut},
    summary="Nothing more comes to a station",
    openapi_extra=needs_scope("staff:money", errors.NoSuchStation, errors.NotCutOff, errors.NothingCounted, KeyReused),
)
def end_wait_of_stop(request: HttpRequest, stop_id: Id, body: RoundReasonIn, idempotency_key: Key) -> Any:
    """What was counted serves who paid first, the rest is refunded; above a limit a second person is asked (202). Needs goods.edit."""
    asked = asking.end_wait_or_ask(
        stop_id=stop_id, staff=staff_of(request, "goods.edit"), reason=body.reason, idempotency_key=f"api:{idempotency_key}",
        now=clock.now(),
    )  # fmt: skip
    return Status(202, asked_out(asked)) if asked else Status(204, None)


@router.get("/staff/leaders/due", response=list[LeaderDueOut], summary="What leaders are owed")
def list_leaders_due(request: HttpRequest) -> list[queries.LeaderDue]:
    """The most first; below zero is taken off later earnings. Needs payouts.make."""
    staff_of(request, "payouts.make")
    return queries.leaders_due()


@router.post(
    "/staff/leaders/{member_id}/settle",
    response={201: SettlementOut, 202: AskedOut},
    summary="Write a transfer to a leader down",
    openapi_extra=needs_scope("staff:money", errors.NothingDue, KeyReused, InvalidInput),
)
def settle_leader(request: HttpRequest, member_id: Id, body: SettleLeaderIn, idempotency_key: Key) -> Status[Any]:
    """Everything payable to them; above a limit a second person is asked first (202). Needs payouts.make."""
    asked = asking.settle_or_ask(
        leader_id=member_id, reference=body.reference, staff=staff_of(request, "payouts.make"), key=f"api:{idempotency_key}",
        now=clock.now(),
    )  # fmt: skip
    return Status(202, asked_out(asked)) if asked else Status(201, queries.settlements(leader_id=member_id, limit=1)[0])


def _round(round_id: int) -> dict[str, Any]:
    row, card = queries.round_row(round_id), queries.round_card(round_id, now=clock.now())
    return {**vars(row), "goods": card.goods, "stops": queries.stop_rows(round_id)}
