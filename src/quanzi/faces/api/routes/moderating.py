"""Keeping a circle: who waits at the door, roles, hiding what does not belong."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from quanzi.community.circles import errors, policies, queries, services
from quanzi.community.circles.models import Circle, Membership
from quanzi.community.posts import policies as post_policies
from quanzi.community.posts import services as posts
from quanzi.community.posts.errors import CommentNeeded
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at, member_by_id, post_for
from quanzi.faces.api.schemas.common import Id, Slug
from quanzi.faces.api.schemas.community import AnswerIn, PlaceOut, ReasonIn, RoleIn
from quanzi.faces.api.security import member_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member

router = Router(tags=["moderating"])


@router.get(
    "/circles/{slug}/requests",
    response=list[PlaceOut],
    summary="Who waits at the door",
    openapi_extra=refuses(NotAllowed),
)
def list_requests(request: HttpRequest, slug: Slug) -> list[Membership]:
    """The longest first, for those who keep the door."""
    return queries.requests(_kept_by(member_of(request), slug))


@router.post(
    "/circles/{slug}/requests/{membership_id}/answer",
    response=PlaceOut,
    summary="Let somebody in, or refuse",
    openapi_extra=refuses(NotAllowed, errors.ReasonNeeded, errors.AlreadyAnswered),
)
def answer_request(request: HttpRequest, slug: Slug, membership_id: Id, body: AnswerIn) -> Membership:
    """A refusal needs a reason; the person reads it."""
    me = member_of(request)
    circle = _kept_by(me, slug)
    if not Membership.objects.filter(pk=membership_id, circle=circle).exists():
        raise NotFound
    return services.answer_request(
        membership_id=membership_id, moderator=me, accept=body.accept, reason=body.reason, now=clock.now()
    )


@router.post(
    "/circles/{slug}/members/{member_id}/removal",
    response={204: None},
    summary="Take somebody out",
    openapi_extra=refuses(NotAllowed, errors.ReasonNeeded, errors.NotAMember, errors.FounderStays),
)
def remove_member(request: HttpRequest, slug: Slug, member_id: Id, body: ReasonIn) -> None:
    """With a reason that the person will read; it stands in the audit log."""
    me = member_of(request)
    circle = _kept_by(me, slug)
    person = member_by_id(member_id, viewer=None)
    services.remove_member(circle=circle, member=person, moderator=me, reason=body.reason, now=clock.now())


@router.put(
    "/circles/{slug}/members/{member_id}/role",
    response=PlaceOut,
    summary="Give a role",
    openapi_extra=refuses(NotAllowed, errors.NotAMember, errors.FounderStays),
)
def appoint(request: HttpRequest, slug: Slug, member_id: Id, body: RoleIn) -> Membership:
    """By the founder. Naming a new founder makes the old one a moderator."""
    me = member_of(request)
    circle, person = _kept_by(me, slug), member_by_id(member_id, viewer=None)
    return services.appoint(circle=circle, member=person, role=body.role, founder=me, now=clock.now())


@router.put(
    "/posts/{post_id}/hiding",
    response={204: None},
    summary="Hide a post",
    openapi_extra=refuses(NotAllowed, CommentNeeded),
)
def hide_post(request: HttpRequest, post_id: Id, body: ReasonIn) -> None:
    """By moderators, with a reason that its author reads."""
    me = member_of(request)
    post = post_for(post_id, viewer=me)
    posts.hide_post(post=post, moderator=me, reason=body.reason, now=clock.now())


@router.delete(
    "/posts/{post_id}/hiding",
    response={204: None},
    summary="Show a hidden post again",
    openapi_extra=refuses(NotAllowed),
)
def show_post(request: HttpRequest, post_id: Id) -> None:
    """By moderators."""
    me = member_of(request)
    post = post_for(post_id, viewer=me)
    if not post_policies.may_hide(me, post):
        raise NotAllowed
    posts.show_post(post=post, moderator=me, now=clock.now())


def _kept_by(me: Member, slug: str) -> Circle:
    """The circle, for those who moderate it. Raises NotFound, NotAllowed."""
    circle = circle_at(slug)
    if not policies.may_moderate(me, circle):
        raise NotAllowed
    return circle
