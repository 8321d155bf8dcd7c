"""Samples in the hands from which a word goes farthest, one's own reach, and whom to ask for an area."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.schemas.spreading import (
    AskedOfMeOut,
    SampleAnswerIn,
    SpreadAskedOut,
    SpreadPlanIn,
    SpreadPlanOut,
    SpreadWholeOut,
    StationAnswerIn,
    SuggestionOut,
)
from quanzi.faces.api.security import member_of, staff_of
from quanzi.goods.stock.errors import OutOfStock, SoldOut
from quanzi.growth.spread import errors, queries, services
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member

router = Router(tags=["me"])
staff = Router(tags=["staff"])


@router.get("/me/asked", response=AskedOfMeOut, summary="What the shop asks me, and how far my word goes")
def asked_of_me(request: HttpRequest) -> dict[str, Any]:
    """Only after the caller agreed to be asked; the reach is for the caller alone."""
    return _asked(member_of(request))


@router.put(
    "/me/asked/samples/{seed_id}",
    response=AskedOfMeOut,
    summary="Say whether I would try a sample",
    openapi_extra=refuses(errors.NotAsked),
)
def answer_sample(request: HttpRequest, seed_id: Id, body: SampleAnswerIn) -> dict[str, Any]:
    """A no frees the sample for somebody else; a yes may be taken back until it has left."""
    me = member_of(request)
    services.answer(seed_id=seed_id, member=me, accept=body.yes, address_id=body.address_id, now=clock.now())
    return _asked(me)


@router.put(
    "/me/asked/stations/{call_id}",
    response=AskedOfMeOut,
    summary="Say whether I would look after a station",
    openapi_extra=refuses(errors.NotAsked),
)
def answer_station(request: HttpRequest, call_id: Id, body: StationAnswerIn) -> dict[str, Any]:
    """The application is a step of its own."""
    me = member_of(request)
    services.answer_call(call_id=call_id, member=me, willing=body.yes, now=clock.now())
    return _asked(me)


@staff.get(
    "/staff/spread/plans", response=list[SpreadPlanOut], summary="Plans of samples", openapi_extra=refuses(NotAllowed)
)
def list_plans(request: HttpRequest) -> list[queries.PlanRow]:
    """The newest first. Needs sources.edit."""
    staff_of(request, "sources.edit")
    return queries.plans()


@staff.post(
    "/staff/spread/plans",
    response={201: SpreadWholeOut},
    summary="Plan samples",
    openapi_extra=refuses(
        NotAllowed, errors.NameNeeded, errors.NoSuchGoods, errors.BadSamples, errors.BeyondBudget, errors.BadEnd
    ),
)
def make_plan(request: HttpRequest, body: SpreadPlanIn) -> Status[Any]:
    """Whom to ask is counted by a job: the plan says how far it is. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    made = services.make_plan(actor=me, now=clock.now(), **body.model_dump())
    return Status(201, _whole(made.pk))


@staff.get(
    "/staff/spread/plans/{plan_id}",
    response=SpreadWholeOut,
    summary="One plan of samples",
    openapi_extra=refuses(NotAllowed, NotFound),
)
def get_plan(request: HttpRequest, plan_id: Id) -> dict[str, Any]:
    """Whom it asks, and who came through them beside the forecast. Needs sources.edit."""
    staff_of(request, "sources.edit")
    return _whole(plan_id)


@staff.post(
    "/staff/spread/plans/{plan_id}/ask",
    response=SpreadAskedOut,
    summary="Ask those who come next",
    openapi_extra=refuses(NotAllowed, errors.NotReady, errors.NobodyLeft, OutOfStock, SoldOut),
)
def ask_next(request: HttpRequest, plan_id: Id) -> dict[str, int]:
    """As many as there are samples that nobody has; one is held for each. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    return {"asked": services.ask_next(plan_id=plan_id, actor=me, now=clock.now())}


@staff.post(
    "/staff/spread/plans/{plan_id}/close",
    response={204: None},
    summary="Close a plan of samples",
    openapi_extra=refuses(NotAllowed, errors.NotReady),
)
def close_plan(request: HttpRequest, plan_id: Id) -> None:
    """Samples that had not left are free again. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    services.close(plan_id=plan_id, actor=me, now=clock.now())


@staff.post(
    "/staff/spread/seeds/{seed_id}/send",
    response={204: None},
    summary="A sample has left",
    openapi_extra=refuses(NotAllowed, errors.NothingToSend, OutOfStock, SoldOut),
)
def send_sample(request: HttpRequest, seed_id: Id) -> None:
    """It is written off the shelf and never counts as sold. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    services.send(seed_id=seed_id, actor=me, now=clock.now())


@staff.get(
    "/staff/spread/leaders",
    response=list[SuggestionOut],
    summary="Whom to ask where no station is near",
    openapi_extra=refuses(NotAllowed),
)
def list_leaders(request: HttpRequest) -> list[queries.Suggestion]:
    """Members who agreed to be asked, with the facts that speak for them. Needs sources.edit."""
    staff_of(request, "sources.edit")
    return queries.suggestions(now=clock.now())


@staff.post(
    "/staff/spread/leaders/{member_id}/call",
    response={204: None},
    summary="Ask a member to look after a station",
    openapi_extra=refuses(NotAllowed, errors.NotWilling),
)
def call_leader(request: HttpRequest, member_id: Id) -> None:
    """They read the same reasons. Needs sources.edit."""
    me = staff_of(request, "sources.edit")
    services.call(member_id=member_id, actor=me, now=clock.now())


def _asked(me: Member) -> dict[str, Any]:
    return {"samples": queries.offers_of(me.pk), "stations": queries.calls_of(me.pk), "reach": queries.reach_of(me.pk)}


def _whole(plan_id: int) -> dict[str, Any]:
    row = queries.plan_row(plan_id)
    if row is None:
        raise NotFound
    seen = queries.tracked(row, now=clock.now())
    return {"plan": row, "seeds": queries.seeds(plan_id, seen=seen), "seen": seen}
