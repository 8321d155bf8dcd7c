"""Stations and rounds: for members who order, for leaders who count and hand over."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from quanzi.faces.api.document import counts_misses, refuses
from quanzi.faces.api.routes.ordering import REFUSALS, ordering_of, placed
from quanzi.faces.api.schemas.common import Cursor, Id, Key, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.stations import (
    ApplicationIn,
    ApplicationOut,
    ArrivalSheetOut,
    CountArrivalIn,
    CountedOut,
    DayOut,
    FreshOut,
    LeaderPayOut,
    PickOut,
    ReminderOut,
    RoundEarningOut,
    RoundOrderIn,
    RoundOut,
    StationCodeIn,
    StationHandedOut,
    StationOut,
    StationPageOut,
)
from quanzi.faces.api.security import EVERYBODY, member_of
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.trade.fulfilment import errors as giving
from quanzi.trade.stations import errors, policies, queries, services
from quanzi.trade.stations.models import Station, StationApplication, Stop

router = Router(tags=["stations"])
work = Router(tags=["hand-over"])
KEPT_SINCE = timedelta(weeks=4)
Latitude = Annotated[float | None, Query(ge=-90, le=90)]
Longitude = Annotated[float | None, Query(ge=-180, le=180)]
Words = Annotated[str, Query(max_length=60)]


@router.get("/stations", auth=EVERYBODY, response=list[StationOut], summary="Stations")
def list_stations(
    request: HttpRequest, latitude: Latitude = None, longitude: Longitude = None, q: Words = ""
) -> list[queries.StationCard]:
    """Open ones: the nearest first when latitude and longitude are given, or those whose place reads like q. Where is not kept."""
    here = (latitude, longitude) if latitude is not None and longitude is not None else None
    return queries.nearest(here=here, words=q.replace("\x00", ""))


@router.get(
    "/stations/{code}", auth=EVERYBODY, response=StationPageOut, summary="One station", openapi_extra=refuses(errors.NoSuchStation)
)  # fmt: skip
def get_station(request: HttpRequest, code: Slug) -> dict[str, Any]:
    """With the rounds that come to it and are not over."""
    found = queries.station_by_code(code)
    return asdict(found) | {"rounds": queries.rounds_of_station(station_id=found.id, now=clock.now())}


@router.get(
    "/rounds/{round_id}", auth=EVERYBODY, response=RoundOut, summary="One round", openapi_extra=refuses(errors.NoSuchRound)
)  # fmt: skip
def get_round(request: HttpRequest, round_id: Id) -> queries.RoundCard:
    """Its goods with true counts."""
    return queries.round_card(round_id, now=clock.now())


@router.post(
    "/rounds/{round_id}/orders",
    response={201: PlacedOut},
    summary="Order in a round",
    openapi_extra=refuses(
        errors.NoSuchRound, errors.RoundClosed, errors.NotInRound, errors.StationNotInRound, errors.RoundSoldOut,
        errors.StationFull, errors.NoDoor, *REFUSALS,
    ),
)  # fmt: skip
def order_in_round(request: HttpRequest, round_id: Id, body: RoundOrderIn, idempotency_key: Key) -> dict[str, Any]:
    """To be fetched at one of its stations. It counts when it is paid before the cut-off."""
    values = ordering_of(body, key=idempotency_key)
    order = services.order_in_round(
        round_id=round_id, station_id=body.station_id, member=member_of(request), to_door=body.to_door, now=clock.now(),
        lines=[(line.sku_id, line.quantity) for line in body.lines],
        **{name: values[name] for name in ("note", "idempotency_key", "expected_amount_minor", "without_return")},
    )  # fmt: skip
    return placed(order)


@router.get(
    "/me/station-application", response=ApplicationOut | None, summary="What I asked last about a station of mine"
)
def get_my_application(request: HttpRequest) -> StationApplication | None:
    """null when I never asked."""
    return queries.newest_application(member_of(request).pk)


@router.post(
    "/me/station-application",
    response={201: ApplicationOut},
    summary="Ask to run a station",
    openapi_extra=refuses(errors.AppliedAlready, errors.BadCapacity, errors.BadPlace, Errors),
)
def apply_for_station(request: HttpRequest, body: ApplicationIn) -> StationApplication:
    """Somebody of the shop decides."""
    values = body.model_dump(exclude={"latitude", "longitude"})
    return services.apply_for_station(
        member=member_of(request), latitude=_degrees(body.latitude), longitude=_degrees(body.longitude), now=clock.now(),
        **values,
    )  # fmt: skip


def _degrees(said: str | None) -> float | None:
    return float(said) if said else None


@work.get("/me/stations", response=list[StationOut], summary="Stations that I lead")
def list_my_stations(request: HttpRequest) -> list[queries.StationCard]:
    """Empty for who leads none."""
    return queries.stations_of(leader_id=member_of(request).pk)


@work.get(
    "/me/stations/{station_id}/day", response=DayOut, summary="A station's day", openapi_extra=refuses(errors.NoSuchStation)
)  # fmt: skip
def get_my_day(request: HttpRequest, station_id: Id) -> queries.Day:
    """What is being handed out, what takes orders, what was not fetched."""
    now = clock.now()
    return queries.day_of(station_id=_run_by_me(request, station_id).pk, now=now, since=now - KEPT_SINCE)


@work.get(
    "/me/stops/{stop_id}/people", response=list[PickOut], summary="Who comes", openapi_extra=refuses(errors.NoSuchStation)
)  # fmt: skip
def list_people_of_stop(request: HttpRequest, stop_id: Id) -> list[dict[str, Any]]:
    """Orders of one round at one station, in the order in which they were paid. No telephone numbers, no codes."""
    stop = Stop.objects.filter(pk=stop_id).first()
    if stop is None:
        raise errors.NoSuchStation
    _run_by_me(request, stop.station_id)
    return [
        {**vars(row), "lines": [{"title": title, "units": units} for title, units in row.lines]}
        for row in queries.pick_rows(stop_id=stop_id)
    ]


@work.get(
    "/me/stations/{station_id}/arrivals",
    response=ArrivalSheetOut | None,
    summary="What to count at a station",
    openapi_extra=refuses(errors.NoSuchStation),
)
def get_arrivals(request: HttpRequest, station_id: Id) -> queries.ArrivalSheet | None:
    """The newest round that is cut off; null when there is none."""
    return queries.arrival_sheet(station_id=_run_by_me(request, station_id).pk, now=clock.now())


@work.post(
    "/me/arrivals",
    response=CountedOut,
    summary="Count one lot",
    openapi_extra=refuses(errors.NoSuchStation, errors.NotCutOff, errors.NotOfRound, errors.BadCount, errors.ActReused),
)
def count_arrival(request: HttpRequest, body: CountArrivalIn, idempotency_key: Key) -> dict[str, Any]:
    """Counting it again corrects it. Buyers whose goods are all here get their codes."""
    made = services.count_arrival(
        actor=member_of(request), key=f"api:{idempotency_key}", now=clock.now(), **body.model_dump()
    )
    return vars(made)


@work.post(
    "/me/stations/{station_id}/hand-over",
    response=StationHandedOut,
    summary="Hand over by the buyer's code",
    openapi_extra=counts_misses(
        errors.NoSuchStation, errors.ActReused, giving.WrongCode, giving.CodeUsed, giving.TooManyGuesses,
        giving.AlreadyHandedOver, giving.NoneFitHere,
    ),
)  # fmt: skip
def hand_over_at_station(
    request: HttpRequest, station_id: Id, body: StationCodeIn, idempotency_key: Key
) -> dict[str, Any]:
    """Of the lots that were counted there. A code works once; the same key finds the first answer."""
    made = services.hand_over(
        station_id=station_id, code=body.code, actor=member_of(request), key=f"api:{idempotency_key}", now=clock.now()
    )
    return vars(made)


@work.post(
    "/me/entries/{entry_id}/remind",
    response=ReminderOut,
    summary="Ask a buyer to come",
    openapi_extra=refuses(errors.NoSuchStation, errors.NothingMissed),
)
def remind_buyer(request: HttpRequest, entry_id: Id) -> dict[str, bool]:
    """Once for each order."""
    return {"was_asked": services.remind(entry_id=entry_id, actor=member_of(request), now=clock.now())}


@work.get(
    "/me/stations/{station_id}/fresh",
    response=list[FreshOut],
    summary="Fresh goods that nobody fetched at my station",
    openapi_extra=refuses(errors.NoSuchStation),
)
def list_my_fresh(request: HttpRequest, station_id: Id) -> list[queries.FreshRow]:
    """What has to be decided first comes first; the shop decides."""
    return queries.fresh_rows(station_id=_run_by_me(request, station_id).pk)


@work.get("/me/station-pay", response=LeaderPayOut, summary="What I earned by handing over")
def get_my_station_pay(request: HttpRequest) -> queries.Pay:
    """Payable, waiting, and the level with the facts that it follows from."""
    return queries.pay_of(leader_id=member_of(request).pk, now=clock.now())


@work.get("/me/station-pay/lines", response=Page[RoundEarningOut], summary="My part, line by line")
def list_my_earnings(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first."""
    return page_of(queries.earnings_of(leader_id=member_of(request).pk, before_id=cursor, limit=limit), limit)


def _run_by_me(request: HttpRequest, station_id: int) -> Station:
    """Raises NoSuchStation, also for who does not run it."""
    found = Station.objects.select_related("point").filter(pk=station_id).first()
    if found is None or not policies.may_run(member_of(request), found):
        raise errors.NoSuchStation
    return found
