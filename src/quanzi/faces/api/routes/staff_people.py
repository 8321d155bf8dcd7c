"""Members and circles for the staff: who is here, who waits at a door, what was reported."""

from __future__ import annotations

from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles import errors as circle_errors
from quanzi.community.circles import services as circles
from quanzi.community.circles.models import Membership
from quanzi.community.posts import services as posts
from quanzi.community.posts.errors import CommentNeeded
from quanzi.community.posts.models import Post
from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, Word, next_of, page_of
from quanzi.faces.api.schemas.community import AnswerIn, PlaceOut
from quanzi.faces.api.schemas.staff_house import (
    DecisionIn,
    MemberRowOut,
    QuestionOut,
    ReportOut,
    RingDecisionIn,
    RingOut,
    StaffCircleOut,
    StaffMemberOut,
    WaitingOut,
)
from quanzi.faces.api.security import staff_of
from quanzi.faces.console.reading.circles import circle_rows, unanswered, waiting_at_doors
from quanzi.faces.console.reading.members import Figures, brought, figures, hidden_contact, member_rows
from quanzi.growth.insight.queries import member_timeline, stages_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.safety import errors as safety_errors
from quanzi.people.safety import services as safety
from quanzi.people.safety.models import Report
from quanzi.people.safety.queries import ReportRow, open_reports
from quanzi.people.trust import rings

router = Router(tags=["staff"])
FACTS = 60
Stage = Literal["", "imported", "contact", "member", "buyer", "repeat_buyer", "advocate", "leader", "dormant"]


@router.get("/staff/members", response=Page[MemberRowOut], summary="Members")
def list_people(
    request: HttpRequest, stage: Stage = "", words: Word = "", cursor: Cursor | None = None, limit: Limit = 20
) -> dict[str, Any]:
    """Newest first, with counts of their facts; words: part of a name or contact. Needs members.view."""
    me = staff_of(request, "members.view")
    rows = member_rows(viewer=me, words=words, stage=stage, before_id=cursor, limit=limit, now=clock.now())
    return page_of(rows, limit)


@router.get("/staff/members/{member_id}", response=StaffMemberOut, summary="One member, from the facts")
def get_person(request: HttpRequest, member_id: Id) -> dict[str, Any]:
    """Stage, counts and the newest facts. Needs members.view."""
    me, now = staff_of(request, "members.view"), clock.now()
    found = Member.objects.filter(pk=member_id, confirmed_at__isnull=False, erased_at=None).first()
    if found is None:
        raise NotFound
    return {
        "id": found.pk,
        "name": found.name,
        "contact": hidden_contact(found),
        "joined_at": found.joined_at,
        "stage": stages_of([found.pk], now).get(found.pk, ""),
        "figures": figures([found.pk], viewer=me).get(found.pk, Figures()),
        "brought": brought(found.pk),
        "facts": member_timeline(found.pk, now=now, limit=FACTS),
    }


@router.get("/staff/circles", response=Page[StaffCircleOut], summary="Every circle")
def list_every_circle(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """Newest first, closed ones too. Needs circles.moderate."""
    staff_of(request, "circles.moderate")
    rows = circle_rows(before_id=cursor, limit=limit, now=clock.now())
    same = ("id", "slug", "name", "admission", "founder", "created_at", "closed_at")
    items = [
        {**{name: getattr(row.circle, name) for name in same}, "members": row.members, "waiting": row.waiting, "posts": row.posts}
        for row in rows
    ]  # fmt: skip
    return {"items": items, "next": next_of([row.circle for row in rows], limit, "pk")}


@router.get("/staff/joins", response=list[WaitingOut], summary="Who waits at some circle's door")
def list_waiting(request: HttpRequest, limit: Limit = 50) -> list[Membership]:
    """The longest first; answered ones are gone from here. Needs circles.moderate."""
    staff_of(request, "circles.moderate")
    return waiting_at_doors(limit=limit)


@router.post(
    "/staff/joins/{membership_id}/answer",
    response=PlaceOut,
    summary="Let somebody in, or refuse, for the merchant",
    openapi_extra=refuses(circle_errors.ReasonNeeded, circle_errors.AlreadyAnswered),
)
def answer_waiting(request: HttpRequest, membership_id: Id, body: AnswerIn) -> Membership:
    """A refusal needs a reason; the person reads it. Needs circles.moderate."""
    me = staff_of(request, "circles.moderate")
    if not Membership.objects.filter(pk=membership_id).exists():
        raise NotFound
    return circles.answer_request(
        membership_id=membership_id, moderator=me, accept=body.accept, reason=body.reason, now=clock.now()
    )


@router.get("/staff/questions", response=list[QuestionOut], summary="Questions that nobody answered")
def list_unanswered(request: HttpRequest, limit: Limit = 50) -> list[Post]:
    """The oldest first, each for more than four hours. Needs circles.moderate."""
    staff_of(request, "circles.moderate")
    return unanswered(now=clock.now(), limit=limit)


@router.get("/staff/reports", response=Page[ReportOut], summary="Reports that wait for a decision")
def list_reports(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 20) -> dict[str, Any]:
    """The oldest first. Needs circles.moderate."""
    staff_of(request, "circles.moderate")
    rows: list[ReportRow] = open_reports(after_id=cursor or 0, limit=limit)
    return page_of(rows, limit)


@router.post(
    "/staff/reports/{report_id}/decision",
    response={204: None},
    summary="Decide a report",
    openapi_extra=refuses(CommentNeeded, safety_errors.AlreadyDecided),
)
def decide_report(request: HttpRequest, report_id: Id, body: DecisionIn) -> None:
    """Whoever reported it is told. “hidden” hides the post in the same breath. Needs circles.moderate."""
    me, now = staff_of(request, "circles.moderate"), clock.now()
    found = Report.objects.filter(pk=report_id).first()
    if found is None:
        raise NotFound
    with transaction.atomic():
        if body.decision == "hidden":
            posts.hide_post(post=_post_in(found.subject), moderator=me, reason=body.reason, now=now)
        safety.decide_report(report_id=report_id, moderator=me, decision=body.decision, now=now)


@router.get("/staff/rings", response=list[RingOut], summary="Rings that were found")
def list_rings(request: HttpRequest) -> list[dict[str, Any]]:
    """Those that wait first, with every sign of each pair. Needs circles.moderate."""
    staff_of(request, "circles.moderate")
    return [
        vars(row) | {"signs": [{"one": one, "other": other, "signs": kinds} for one, other, kinds in row.signs]}
        for row in rings.rings()
    ]


@router.post(
    "/staff/rings/{ring_id}/decision",
    response={204: None},
    summary="Decide about a ring",
    openapi_extra=refuses(rings.RingReasonNeeded),
)
def decide_ring(request: HttpRequest, ring_id: Id, body: RingDecisionIn) -> None:
    """Leave its people out of counts, ranking and proof, or count them as honest; they are told. Needs circles.moderate."""
    me = staff_of(request, "circles.moderate")
    rings.decide_ring(ring_id=ring_id, state=body.state, reason=body.reason, actor=me, now=clock.now())


def _post_in(subject: str) -> Post:
    """The post that a report is about, itself or by its experience. Raises NotFound for anything else."""
    kind, _, key = subject.partition(":")
    about = {"post": {"pk": key}, "experience": {"experience__pk": key}}.get(kind)
    found = Post.objects.select_related("circle", "author").filter(**about).first() if about else None
    if found is None:
        raise NotFound
    return found
