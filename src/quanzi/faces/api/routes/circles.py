"""Circles: finding, founding, the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router

from quanzi.community.circles import errors, policies, queries, services
from quanzi.community.circles.models import Circle, JoinLink, Membership
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at, own_picture
from quanzi.faces.api.schemas.common import Cursor, Limit, Page, Slug, page_of
from quanzi.faces.api.schemas.community import (
    CircleChangeIn,
    CircleIn,
    CircleOut,
    CircleRowOut,
    JoinIn,
    LinkIn,
    LinkOut,
    MemberPlaceOut,
    PlaceOut,
)
from quanzi.faces.api.security import EVERYBODY, member_of, viewer_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.people.accounts.models import Member
from quanzi.people.trust.queries import reach

router = Router(tags=["circles"])
DOOR = (
    errors.CircleClosed, errors.RemovedBefore, errors.AnswerNeeded, errors.NotInvited, errors.LinkExpired, errors.LinkUsedUp,
)  # fmt: skip


@router.get("/circles", auth=EVERYBODY, response=Page[CircleRowOut], summary="Circles that anybody may find")
def list_circles(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """Those that are not closed and not by invitation, the largest first."""
    return page_of(queries.cards(after=cursor, limit=limit), limit)


@router.get("/me/circles", response=Page[CircleRowOut], summary="My circles")
def list_my_circles(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """The circles that I belong to, the largest first."""
    return page_of(queries.my_circles(member_of(request), after=cursor, limit=limit), limit)


@router.post(
    "/circles",
    response={201: CircleOut},
    summary="Found a circle",
    openapi_extra=refuses(
        errors.NameNeeded, errors.NameImitates, errors.NameTaken, errors.QuestionNeeded, PictureNotYours
    ),
)
def found_circle(request: HttpRequest, body: CircleIn) -> dict[str, Any]:
    """The founder is its first member."""
    me, now = member_of(request), clock.now()
    cover = own_picture(body.cover_id, member=me, field="cover_id")
    circle = services.create_circle(founder=me, cover=cover, now=now, **body.model_dump(exclude={"cover_id"}))
    return _drawn(circle, me, now)


@router.get("/circles/{slug}", auth=EVERYBODY, response=CircleOut, summary="One circle")
def get_circle(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Its charter and its door, also for whoever does not belong to it yet; what is said inside needs may_read."""
    return _drawn(circle_at(slug), viewer_of(request), clock.now())


@router.patch(
    "/circles/{slug}",
    response=CircleOut,
    summary="Change a circle",
    openapi_extra=refuses(NotAllowed, errors.NameNeeded, errors.QuestionNeeded, PictureNotYours),
)
def change_circle(request: HttpRequest, slug: Slug, body: CircleChangeIn) -> dict[str, Any]:
    """By its founder, its moderators, or the merchant's."""
    me, now, circle = member_of(request), clock.now(), circle_at(slug)
    sent = body.model_dump(exclude_unset=True, exclude={"cover_id"})
    changes: dict[str, Any] = {name: value for name, value in sent.items() if value is not None}
    if "cover_id" in body.model_fields_set:
        changes["cover"] = own_picture(body.cover_id, member=me, field="cover_id")
    return _drawn(services.update_circle(circle=circle, moderator=me, changes=changes, now=now), me, now)


@router.post("/circles/{slug}/join", response=PlaceOut, summary="Ask to come in", openapi_extra=refuses(*DOOR))
def join_circle(request: HttpRequest, slug: Slug, body: JoinIn) -> Membership:
    """At once for an open circle or a good link; else the answer waits for a moderator. Asking twice changes nothing."""
    return services.ask_to_join(
        circle=circle_at(slug), member=member_of(request), answer=body.answer, token=body.token, now=clock.now()
    )


@router.post("/join-links/{token}", response=PlaceOut, summary="Come in by a join link", openapi_extra=refuses(*DOOR))
def use_join_link(request: HttpRequest, token: Slug) -> Membership:
    """The circle is the one that the link belongs to."""
    me, link = member_of(request), queries.link_by_token(token)
    if link is None:
        raise NotFound
    return services.ask_to_join(circle=link.circle, member=me, token=token, now=clock.now())


@router.post(
    "/circles/{slug}/leave",
    response={204: None},
    summary="Leave a circle",
    openapi_extra=refuses(errors.NotAMember, errors.FounderStays),
)
def leave_circle(request: HttpRequest, slug: Slug) -> None:
    """What the member wrote stays."""
    services.leave(circle=circle_at(slug), member=member_of(request), now=clock.now())


@router.get("/circles/{slug}/members", auth=EVERYBODY, response=Page[MemberPlaceOut], summary="Members of a circle")
def list_members(request: HttpRequest, slug: Slug, cursor: Cursor | None = None, limit: Limit = 30) -> dict[str, Any]:
    """In order of joining, for whoever may read the circle."""
    circle = circle_at(slug)
    if not policies.may_read(viewer_of(request), circle):
        raise NotFound
    return page_of(queries.members_page(circle, after=cursor or 0, limit=limit), limit)


@router.post(
    "/circles/{slug}/links",
    response={201: LinkOut},
    summary="Make a join link",
    openapi_extra=refuses(errors.NotAMember, errors.CircleClosed),
)
def make_link(request: HttpRequest, slug: Slug, body: LinkIn) -> dict[str, Any]:
    """By any member of the circle."""
    now = clock.now()
    link = services.make_join_link(
        circle=circle_at(slug), member=member_of(request), uses=body.uses, expires_at=now + timedelta(days=body.days), now=now
    )  # fmt: skip
    return _link(request, link)


@router.delete("/join-links/{token}", response={204: None}, summary="Take a join link back")
def revoke_link(request: HttpRequest, token: Slug) -> None:
    """By its maker or a moderator; for anybody else it does not exist. Who came in stays in."""
    me, link = member_of(request), queries.link_by_token(token)
    if link is None or (link.maker_id != me.pk and not policies.may_moderate(me, link.circle)):
        raise NotFound
    services.revoke_join_link(link=link, member=me, now=clock.now())


def _drawn(circle: Circle, me: Member | None, now: datetime) -> dict[str, Any]:
    place = policies.membership_of(me, circle)
    ids = set(queries.member_ids(circle))
    same = (
        "id", "name", "slug", "summary", "charter", "place", "admission", "question", "cover", "founder", "is_demo",
        "created_at", "closed_at",
    )  # fmt: skip
    return {
        **{name: getattr(circle, name) for name in same},
        "members": len(ids),
        "known": len(ids & set(reach(me.pk, now))) if me is not None else 0,
        "my_state": place.state if place is not None else "",
        "my_role": place.role if place is not None else "",
        "may_read": policies.may_read(me, circle),
        "may_post": policies.may_post(me, circle),
        "may_moderate": policies.may_moderate(me, circle),
    }


def _link(request: HttpRequest, link: JoinLink) -> dict[str, Any]:
    return {
        "token": link.token,
        "url": request.build_absolute_uri(reverse("storefront:join_link", args=[link.token])),
        "uses_left": link.uses_left,
        "made_at": link.made_at,
        "expires_at": link.expires_at,
    }
