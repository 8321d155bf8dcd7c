"""Help that is asked for before or beside a review, and the word that a complaint was solved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, page_of
from quanzi.faces.api.schemas.helping import HelpAnswerIn, HelpIn, HelpOut, HelpSpeedOut, SolvedIn
from quanzi.faces.api.security import member_of, staff_of
from quanzi.kernel import clock
from quanzi.trade.aftersales import errors, queries, services
from quanzi.trade.aftersales.queries import HelpRow, HelpSpeed
from quanzi.trade.sales.errors import NoSuchLine

router = Router(tags=["orders"])
staff = Router(tags=["staff"])
DAYS = 90


@router.put(
    "/me/claims/{claim_id}/solved",
    response={204: None},
    summary="Say that a complaint was solved",
    openapi_extra=refuses(errors.NoSuchClaim, errors.NotMadeGood),
)
def say_solved(request: HttpRequest, claim_id: Id, body: SolvedIn) -> None:
    """Where the shop gave money or other goods; it stands beside the review, which stays as it is. Taken back with false."""
    services.say_solved(claim_id=claim_id, member=member_of(request), is_solved=body.is_solved, now=clock.now())


@router.post(
    "/me/lines/{line_id}/help",
    response={201: HelpOut},
    summary="Ask a person for help",
    openapi_extra=refuses(NoSuchLine, errors.HelpNotYet, errors.HelpAsked, errors.HelpWordsNeeded),
)
def ask_help(request: HttpRequest, line_id: Id, body: HelpIn) -> HelpRow:
    """About goods one received; an answer is promised by promised_by. A review can be published at any time."""
    made = services.ask_help(line_id=line_id, member=member_of(request), now=clock.now(), **body.model_dump())
    return next(row for row in queries.helps_of([line_id])[line_id] if row.id == made.pk)


@router.get(
    "/me/lines/{line_id}/help", response=list[HelpOut], summary="Help I asked for", openapi_extra=refuses(NoSuchLine)
)
def list_my_help(request: HttpRequest, line_id: Id) -> list[HelpRow]:
    """About a line of an order of mine, the newest first."""
    if queries.line_of(line_id, member_id=member_of(request).pk) is None:
        raise NoSuchLine
    return queries.helps_of([line_id]).get(line_id, [])


@staff.get("/staff/help", response=Page[HelpOut], summary="Help that waits for an answer")
def list_help(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """The oldest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(queries.open_helps(after_id=cursor or 0, limit=limit), limit)


@staff.get("/staff/help/speed", response=HelpSpeedOut, summary="How well the promise of help is kept")
def get_help_speed(request: HttpRequest) -> HelpSpeed:
    """Of the last 90 days. Needs orders.view."""
    staff_of(request, "orders.view")
    now = clock.now()
    return queries.help_speed(since=now - timedelta(days=DAYS), now=now)


@staff.post(
    "/staff/help/{help_id}/answer",
    response={204: None},
    summary="Answer who asked for help",
    openapi_extra=refuses(errors.NoSuchHelp, errors.HelpAnswered, errors.HelpWordsNeeded),
)
def answer_help(request: HttpRequest, help_id: Id, body: HelpAnswerIn) -> None:
    """Once, in words that the buyer reads. Needs orders.view."""
    actor = staff_of(request, "orders.view")
    services.answer_help(ask_id=help_id, actor_member=actor, answer=body.answer, now=clock.now())
