"""Other people: their page, following, ties, blocking, reporting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles.queries import shared_circles
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import member_by_id
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.schemas.people import (
    BlockOut,
    MemberOut,
    ReportIn,
    TieAnswerIn,
    TieChangeIn,
    TieRequestIn,
    TieRequestsOut,
    TrustedOut,
)
from quanzi.faces.api.security import member_of, viewer_of
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import card_of
from quanzi.people.safety import errors as safety_errors
from quanzi.people.safety import services as safety
from quanzi.people.safety.queries import blocks_of, muted_ids, mutes_of
from quanzi.people.trust import errors
from quanzi.people.trust import services as trust
from quanzi.people.trust.models import Tie, TieKind
from quanzi.people.trust.queries import TrustedPerson, circle_of_trust, requests_from, requests_to, tie_label

router = Router(tags=["people"])


@router.get("/members/{member_id}", response=MemberOut, summary="Somebody's page")
def get_member(request: HttpRequest, member_id: Id) -> dict[str, Any]:
    """Who they are to the reader, and what they say of themselves."""
    me, now = viewer_of(request), clock.now()
    other = member_by_id(member_id, viewer=me)
    return {
        "card": card_of(other),
        "bio": other.bio,
        "joined_at": other.joined_at,
        "tie": tie_label(me.pk, other.pk, now) if me is not None and me.pk != other.pk else None,
        "circle": shared_circles(me.pk, [other.pk]).get(other.pk, "") if me is not None and me.pk != other.pk else "",
        "is_followed": me is not None and _follows(me, other),
        "is_muted": me is not None and other.pk in muted_ids(me.pk),
    }


@router.put(
    "/members/{member_id}/follow", response={204: None}, summary="Follow", openapi_extra=refuses(errors.NotOneself)
)
def follow(request: HttpRequest, member_id: Id) -> None:
    """See more of somebody. A second time changes nothing."""
    me = member_of(request)
    trust.follow(member=me, target=member_by_id(member_id, viewer=me), now=clock.now())


@router.delete("/members/{member_id}/follow", response={204: None}, summary="Stop following")
def unfollow(request: HttpRequest, member_id: Id) -> None:
    """A second time changes nothing."""
    trust.unfollow(member=member_of(request), target=_anybody(member_id), now=clock.now())


@router.put(
    "/members/{member_id}/block", response={204: None}, summary="Block", openapi_extra=refuses(safety_errors.NotOneself)
)
def block(request: HttpRequest, member_id: Id) -> None:
    """Neither sees the other from now on, and no tie between them is read."""
    safety.block(member=member_of(request), other=_anybody(member_id), now=clock.now())


@router.delete("/members/{member_id}/block", response={204: None}, summary="Take a block back")
def unblock(request: HttpRequest, member_id: Id) -> None:
    """One's own only; the other's, if there is one, stands."""
    safety.unblock(member=member_of(request), other=_anybody(member_id), now=clock.now())


@router.put(
    "/members/{member_id}/mute", response={204: None}, summary="Mute", openapi_extra=refuses(safety_errors.NotOneself)
)
def mute(request: HttpRequest, member_id: Id) -> None:
    """Do not show me their posts. They are not told."""
    me = member_of(request)
    safety.mute(member=me, other=member_by_id(member_id, viewer=me), now=clock.now())


@router.delete("/members/{member_id}/mute", response={204: None}, summary="Take a mute back")
def unmute(request: HttpRequest, member_id: Id) -> None:
    """Show me their posts again."""
    safety.unmute(member=member_of(request), other=_anybody(member_id), now=clock.now())


@router.get("/me/blocks", response=list[BlockOut], summary="People I blocked")
def list_blocks(request: HttpRequest) -> list[dict[str, Any]]:
    """Newest first."""
    rows = blocks_of(member_of(request))
    return [{"id": row.other_id, "name": row.other.name, "made_at": row.made_at} for row in rows]


@router.get("/me/mutes", response=list[BlockOut], summary="People I muted")
def list_mutes(request: HttpRequest) -> list[dict[str, Any]]:
    """Newest first."""
    rows = mutes_of(member_of(request))
    return [{"id": row.other_id, "name": row.other.name, "made_at": row.made_at} for row in rows]


@router.post(
    "/members/{member_id}/reports",
    response={204: None},
    summary="Report somebody to the moderators",
    openapi_extra=refuses(safety_errors.UnknownReason, safety_errors.NoteTooLong, safety_errors.NotOneself),
)
def report_member(request: HttpRequest, member_id: Id, body: ReportIn) -> None:
    """Reporting again while it waits finds the first report."""
    me = member_of(request)
    other = member_by_id(member_id, viewer=me)
    safety.report(member=me, subject=f"member:{other.pk}", reason=body.reason, note=body.note, now=clock.now())


@router.get("/me/ties", response=list[TrustedOut], summary="My circle of trust")
def list_ties(request: HttpRequest) -> list[TrustedPerson]:
    """The people I am tied to, and the nearest of theirs, the strongest first, with the reasons."""
    return circle_of_trust(member_of(request), clock.now())


@router.get("/me/tie-requests", response=TieRequestsOut, summary="Requests to be tied")
def list_tie_requests(request: HttpRequest) -> dict[str, Any]:
    """Those that wait for my answer, and mine without a yes. One that was declined looks like one that waits."""
    me = member_of(request)
    return {"to_me": requests_to(me), "from_me": requests_from(me)}


@router.post(
    "/members/{member_id}/tie-requests",
    response={204: None},
    summary="Ask to be friend or family",
    openapi_extra=refuses(errors.NotOneself, errors.AlreadyTied, errors.TooManyRequests, errors.LabelTooLong),
)
def ask_tie(request: HttpRequest, member_id: Id, body: TieRequestIn) -> None:
    """When they asked the same before, this is the answer and ties the two."""
    me = member_of(request)
    other = member_by_id(member_id, viewer=me)
    trust.ask_tie(source=me, target=other, kind=body.kind, label=body.label, now=clock.now())


@router.post(
    "/me/tie-requests/{request_id}/answer",
    response={204: None},
    summary="Answer a request",
    openapi_extra=refuses(errors.RequestNotFound, errors.LabelTooLong),
)
def answer_tie(request: HttpRequest, request_id: Id, body: TieAnswerIn) -> None:
    """Agree, which ties the two, or decline, of which nobody is told."""
    trust.answer_tie(
        request_id=request_id, member=member_of(request), accept=body.accept, label=body.label, now=clock.now()
    )


@router.patch(
    "/me/ties/{member_id}",
    response={204: None},
    summary="Hide a tie, leave it out of recommending, or choose my word for it",
    openapi_extra=refuses(errors.TieNotFound, errors.LabelTooLong),
)
def change_tie(request: HttpRequest, member_id: Id, body: TieChangeIn) -> None:
    """hidden: keep it out of everybody's paths. is_used: whether things may be recommended through it. label: only I read it.

    What is left out stays.
    """
    me, now = member_of(request), clock.now()
    other = member_by_id(member_id, viewer=me)
    if body.label is not None:
        trust.set_label(member=me, target=other, label=body.label, now=now)
    if body.hidden is not None:
        trust.set_hidden(member=me, target=other, hidden=body.hidden, now=now)
    if body.is_used is not None:
        trust.set_used(member=me, target=other, used=body.is_used, now=now)


@router.delete(
    "/me/ties/{member_id}",
    response={204: None},
    summary="Withdraw a tie",
    openapi_extra=refuses(errors.TieNotFound),
)
def withdraw_tie(request: HttpRequest, member_id: Id) -> None:
    """No path leads over it from this moment."""
    trust.withdraw_tie(member=member_of(request), target=_anybody(member_id), now=clock.now())


def _anybody(member_id: int) -> Member:
    """Somebody, also behind a block: one's own block and ties can always be taken back."""
    return member_by_id(member_id, viewer=None)


def _follows(me: Member, other: Member) -> bool:
    return Tie.objects.filter(source=me, target=other, kind=TieKind.FOLLOW, withdrawn_at=None).exists()
