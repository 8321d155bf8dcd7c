"""Circles that fall apart: looking, deciding, choosing, taking back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.community.circles.errors import FounderStays, NameImitates, RemovedBefore
from quanzi.community.circles.models import Circle
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import circle_at
from quanzi.faces.api.schemas.common import Id, Slug
from quanzi.faces.api.schemas.splitting import (
    CircleSplitsOut,
    SplitChoiceIn,
    SplitIn,
    SplitLeadIn,
    SplitSettingIn,
    SplitSettingOut,
    SplitUndoIn,
)
from quanzi.faces.api.security import member_of, staff_of
from quanzi.growth.splitting import errors, policies, queries, services
from quanzi.kernel import clock
from quanzi.kernel.errors import InvalidInput, NotAllowed, NotFound
from quanzi.people.accounts.models import Member

router = Router(tags=["circles"])
staff = Router(tags=["staff"])


@router.get(
    "/circles/{slug}/split",
    response=CircleSplitsOut,
    summary="How a circle falls apart",
    openapi_extra=refuses(NotFound),
)
def get_split(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """Each cut for whoever looks after the circle; those that were made for its people."""
    return _told(circle_at(slug), member_of(request))


@router.post(
    "/circles/{slug}/split/look",
    response={202: None},
    summary="Have a circle looked at",
    openapi_extra=refuses(NotFound, NotAllowed, errors.CircleTooSmall, errors.LookedLately),
)
def look_at_circle(request: HttpRequest, slug: Slug) -> Status[None]:
    """In a moment; at most once an hour. For whoever looks after the circle."""
    services.ask_to_look(circle=circle_at(slug), by=member_of(request), now=clock.now())
    return Status(202, None)


@router.post(
    "/circles/{slug}/splits/{split_id}",
    response=CircleSplitsOut,
    summary="Split a circle",
    openapi_extra=refuses(
        NotFound,
        NotAllowed,
        NameImitates,
        errors.NothingToDecide,
        errors.SureNeeded,
        errors.PartNameNeeded,
        errors.NotOfThisPart,
    ),
)
def split_circle(request: HttpRequest, slug: Slug, split_id: Id, body: SplitIn) -> dict[str, Any]:
    """A circle of each part; the old one stays with everything in it. The host's to decide; parts left out keep what was proposed."""
    me, circle = member_of(request), _of(slug, split_id)
    names, leaders = {one.id: one.name for one in body.parts}, {one.id: one.leader_id for one in body.parts}
    services.split_circle(split_id=split_id, by=me, names=names, leaders=leaders, sure=body.sure, now=clock.now())
    return _told(circle, me)


@router.post(
    "/circles/{slug}/splits/{split_id}/decline",
    response=CircleSplitsOut,
    summary="Leave a circle whole",
    openapi_extra=refuses(NotFound, NotAllowed, errors.NothingToDecide),
)
def decline_split(request: HttpRequest, slug: Slug, split_id: Id) -> dict[str, Any]:
    """It is left alone for ninety days."""
    me, circle = member_of(request), _of(slug, split_id)
    services.decline(split_id=split_id, by=me, now=clock.now())
    return _told(circle, me)


@router.post(
    "/circles/{slug}/splits/{split_id}/undo",
    response=CircleSplitsOut,
    summary="Take a split back",
    openapi_extra=refuses(NotFound, NotAllowed, errors.NothingToDecide, errors.WindowOver, errors.SureNeeded),
)
def undo_split(request: HttpRequest, slug: Slug, split_id: Id, body: SplitUndoIn) -> dict[str, Any]:
    """Within fourteen days, wholly. The host's to decide."""
    me, circle = member_of(request), _of(slug, split_id)
    services.undo(split_id=split_id, by=me, sure=body.sure, now=clock.now())
    return _told(circle, me)


@router.put(
    "/circles/{slug}/splits/{split_id}/choice",
    response=CircleSplitsOut,
    summary="Choose where I am after a split",
    openapi_extra=refuses(NotFound, errors.WindowOver, errors.NotPlaced, FounderStays, RemovedBefore),
)
def choose_part(request: HttpRequest, slug: Slug, split_id: Id, body: SplitChoiceIn) -> dict[str, Any]:
    """One part, several, or none; again and again while the fourteen days last."""
    me, circle = member_of(request), _of(slug, split_id)
    services.choose(split_id=split_id, member=me, part_ids=body.part_ids, now=clock.now())
    return _told(circle, me)


@router.post(
    "/split-parts/{part_id}/lead",
    response={204: None},
    summary="Answer whether I lead a new circle",
    openapi_extra=refuses(NotFound, errors.NothingToDecide, errors.WindowOver),
)
def answer_leading(request: HttpRequest, part_id: Id, body: SplitLeadIn) -> None:
    """Whoever was asked takes it over as its founder, or says no."""
    services.answer_leading(part_id=part_id, member=member_of(request), agrees=body.agrees, now=clock.now())


@staff.get("/staff/splitting", response=SplitSettingOut, summary="From what size on circles are looked at")
def get_split_setting(request: HttpRequest) -> dict[str, int]:
    """Needs circles.moderate."""
    staff_of(request, "circles.moderate")
    return {"least_members": services.least_members()}


@staff.put(
    "/staff/splitting",
    response=SplitSettingOut,
    summary="Choose from what size on circles are looked at",
    openapi_extra=refuses(NotAllowed, InvalidInput),
)
def set_split_setting(request: HttpRequest, body: SplitSettingIn) -> dict[str, int]:
    """20 to 100,000 people. Needs shop.edit."""
    me = staff_of(request, "shop.edit")
    services.set_least(least_members=body.least_members, by=me, now=clock.now())
    return {"least_members": services.least_members()}


def _of(slug: str, split_id: int) -> Circle:
    """The circle of a cut. Raises NotFound when the cut is another's."""
    circle = circle_at(slug)
    if not circle.splits.filter(pk=split_id).exists():
        raise NotFound
    return circle


def _told(circle: Circle, me: Member) -> dict[str, Any]:
    page = queries.split_page(circle, me, now=clock.now())
    look = queries.look_of(circle) if policies.may_look(me, circle) else None
    return {"least_members": services.least_members(), "look": look, "split": page}
