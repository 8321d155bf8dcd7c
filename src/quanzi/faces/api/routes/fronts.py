"""Pages of one's own: how they are arranged, the record of facts behind a name, the report of who came."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.community.circles.policies import may_read
from quanzi.community.circles.queries import circle_by_slug, my_circle_ids
from quanzi.community.posts.queries import feed
from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.finding import member_by_id
from quanzi.faces.api.schemas.common import Id, Limit, Slug
from quanzi.faces.api.schemas.fronts import (
    FrontIn,
    FrontMoveIn,
    FrontMuteIn,
    FrontNewsIn,
    FrontNewsPageOut,
    FrontOut,
    FrontPinIn,
    FrontReportOut,
    PublicRecordOut,
    RecordCaseOut,
    RecordShownIn,
)
from quanzi.faces.api.security import EVERYBODY, member_of, viewer_of
from quanzi.growth.fronts import errors, services, updating
from quanzi.growth.fronts.centres import Centre, centre, of_member
from quanzi.growth.fronts.policies import may_keep
from quanzi.growth.fronts.queries.fronts import followers, front_page
from quanzi.growth.fronts.queries.record import Case, cases_of, may_see, record_of
from quanzi.growth.fronts.queries.report import report_of
from quanzi.growth.fronts.queries.updates import news_of, reach_of
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can

router = Router(tags=["people"])

Kind = Literal["u", "c", "m", "s"]
Speaking = Literal["u", "c", "m"]
"""Kinds that have news; a station's are its leader's."""


@router.get(
    "/fronts/{kind}/{key}",
    auth=EVERYBODY,
    response=FrontOut,
    summary="A page of one's own",
    openapi_extra=refuses(NotFound),
)
def get_front(request: HttpRequest, kind: Kind, key: Slug) -> dict[str, Any]:
    """Of a member (u, by number), a circle (c), a maker (m, by slug) or a station (s, by code): words, sections, pins that the reader may see."""
    me = viewer_of(request)
    return _front(_readable(kind, key, me), me)


@router.put(
    "/fronts/{kind}/{key}", response=FrontOut, summary="Arrange a page of my own",
    openapi_extra=refuses(NotFound, errors.IntroTooLong, errors.UnknownSection),
)  # fmt: skip
def arrange_front(request: HttpRequest, kind: Kind, key: Slug, body: FrontIn) -> dict[str, Any]:
    """Words and sections; the pins stay as they are."""
    me = member_of(request)
    mine = _mine(kind, key, me)
    services.arrange(member=me, centre=mine, intro=body.intro, sections=body.sections, now=clock.now())
    return _front(mine, me)


@router.post(
    "/fronts/{kind}/{key}/pins", response={201: FrontOut}, summary="Pin a note or goods, or stand by goods that I kept",
    openapi_extra=refuses(NotFound, errors.NotToPin, errors.TooManyPins, errors.IntroTooLong),
)  # fmt: skip
def put_pin(request: HttpRequest, kind: Kind, key: Slug, body: FrontPinIn) -> Status[Any]:
    """Behind the others; what is pinned already only gets the new words."""
    me = member_of(request)
    mine = _mine(kind, key, me)
    services.pin(
        member=me, centre=mine, post_id=body.post_id, product_id=body.product_id, line_id=body.line_id, note=body.note,
        now=clock.now(),
    )  # fmt: skip
    return Status(201, _front(mine, me))


@router.post(
    "/fronts/{kind}/{key}/pins/{pin_id}/move", response=FrontOut, summary="Move a pin by one place",
    openapi_extra=refuses(NotFound),
)  # fmt: skip
def move_pin(request: HttpRequest, kind: Kind, key: Slug, pin_id: Id, body: FrontMoveIn) -> dict[str, Any]:
    """At the end nothing changes."""
    me = member_of(request)
    mine = _mine(kind, key, me)
    services.move(member=me, centre=mine, pin_id=pin_id, up=body.up, now=clock.now())
    return _front(mine, me)


@router.delete(
    "/fronts/{kind}/{key}/pins/{pin_id}",
    response={204: None},
    summary="Take a pin off",
    openapi_extra=refuses(NotFound),
)
def take_pin_off(request: HttpRequest, kind: Kind, key: Slug, pin_id: Id) -> None:
    """The note or the goods stay where they are."""
    me = member_of(request)
    services.unpin(member=me, centre=_mine(kind, key, me), pin_id=pin_id, now=clock.now())


@router.get(
    "/fronts/{kind}/{key}/report",
    response=FrontReportOut,
    summary="Who came through my links",
    openapi_extra=refuses(NotFound),
)
def get_front_report(request: HttpRequest, kind: Kind, key: Slug, days: Literal[7, 30, 90] = 30) -> dict[str, Any]:
    """For the owner alone: sums, told from five people on."""
    me = member_of(request)
    found = report_of(_mine(kind, key, me), days=days, now=clock.now())
    return {
        **vars(found),
        "by_day": [{"on": on, "visits": visits} for on, visits in found.by_day],
        "loyalty": [
            {"days": one.days, "of": one.back.of, "back": one.back.count if one.back.is_told else None,
             "again": one.again.count if one.again.is_told else None}
            for one in found.loyalty
        ],
    }  # fmt: skip


@router.get(
    "/fronts/{kind}/{key}/news", response=FrontNewsPageOut, summary="What I told followers", openapi_extra=refuses(NotFound)
)  # fmt: skip
def list_front_news(request: HttpRequest, kind: Speaking, key: Slug) -> dict[str, Any]:
    """For whoever looks after the page: what went out, how it was met, and how many news written now would reach."""
    me = member_of(request)
    return _news(_mine(kind, key, me), me)


@router.post(
    "/fronts/{kind}/{key}/news", response={201: FrontNewsPageOut}, summary="Tell followers what is new",
    openapi_extra=refuses(NotFound, errors.NewsToSay, errors.NotToSend, errors.NewsTooOften),
)  # fmt: skip
def write_front_news(request: HttpRequest, kind: Speaking, key: Slug, body: FrontNewsIn) -> Status[dict[str, Any]]:
    """Goes to those who agreed and are free to hear it, ten minutes later, never by night. Twice in seven days at most."""
    me = member_of(request)
    mine = _mine(kind, key, me)
    updating.write_update(
        member=me, centre=mine, words=body.words, product_id=body.product_id, post_id=body.post_id, team_id=body.team_id,
        now=clock.now(),
    )  # fmt: skip
    return Status(201, _news(mine, me))


@router.delete(
    "/fronts/{kind}/{key}/news/{update_id}", response={204: None}, summary="Undo news", openapi_extra=refuses(NotFound, errors.GoneAlready)
)  # fmt: skip
def undo_front_news(request: HttpRequest, kind: Speaking, key: Slug, update_id: Id) -> None:
    """While they wait. Again changes nothing."""
    me = member_of(request)
    updating.undo_update(member=me, centre=_mine(kind, key, me), update_id=update_id, now=clock.now())


@router.put(
    "/fronts/{kind}/{key}/mute", response={204: None}, summary="Hear no news of a page", openapi_extra=refuses(NotFound)
)  # fmt: skip
def mute_front(request: HttpRequest, kind: Speaking, key: Slug, body: FrontMuteIn) -> None:
    """Or hear them again. Following stays as it is, and nobody is told."""
    me = member_of(request)
    updating.mute(member=me, centre=_readable(kind, key, me), muted=body.is_muted, now=clock.now())


@router.get(
    "/members/{member_id}/record", auth=EVERYBODY, response=PublicRecordOut, summary="What facts say of somebody",
    openapi_extra=refuses(NotFound),
)  # fmt: skip
def get_record(request: HttpRequest, member_id: Id) -> dict[str, Any]:
    """Public for whoever sells or leads, and for members who say so."""
    me = viewer_of(request)
    member_by_id(member_id, viewer=me)
    is_moderator = me is not None and can(me, "circles.moderate")
    found = record_of(member_id, now=clock.now(), for_moderator=is_moderator) if may_see(me, member_id) else None
    if found is None:
        raise NotFound
    facts = [
        {**vars(one.rate), "key": one.key, "role": one.role, "is_share": one.is_share, "is_told": one.rate.is_told}
        for one in found.facts
    ]
    return {**vars(found), "facts": facts}


@router.get(
    "/members/{member_id}/record/{measure}", auth=EVERYBODY, response=list[RecordCaseOut], summary="The facts behind a number",
    openapi_extra=refuses(NotFound),
)  # fmt: skip
def get_record_cases(
    request: HttpRequest, member_id: Id, measure: Slug, before: Id | None = None, limit: Limit = 20
) -> list[Case]:
    """The newest first, without anybody's name."""
    me = viewer_of(request)
    member_by_id(member_id, viewer=me)
    if not may_see(me, member_id):
        raise NotFound
    try:
        return cases_of(member_id, measure, now=clock.now(), before_id=before, limit=limit)
    except KeyError as unknown:
        raise NotFound from unknown


@router.put("/me/record", response={204: None}, summary="Show my record, or no longer")
def show_record(request: HttpRequest, body: RecordShownIn) -> None:
    """Whoever sells or leads has theirs shown anyway."""
    me = member_of(request)
    services.publish_record(member=me, centre=of_member(me), shown=body.is_shown, now=clock.now())


def _mine(kind: str, key: str, me: Member) -> Centre:
    """A page that the caller looks after; to everybody else it is not there to be arranged."""
    found = centre(kind, key)
    if not may_keep(me, found):
        raise NotFound
    return found


def _news(mine: Centre, me: Member) -> dict[str, Any]:
    now = clock.now()
    return {"reach": reach_of(mine, sender_id=me.pk, now=now).shown, "news": news_of(mine, now=now)}


def _readable(kind: str, key: str, me: Member | None) -> Centre:
    """A page that the reader may see: people across a block are not there, nor what stands behind a circle's door."""
    found = centre(kind, key)
    if found.kind == "u":
        member_by_id(found.id, viewer=me)
    circle = circle_by_slug(key) if found.kind == "c" else None
    if circle is not None and not may_read(me, circle):
        raise NotFound
    return found


def _front(found: Centre, me: Member | None) -> dict[str, Any]:
    page = front_page(found)
    wanted = [pin.post_id for pin in page.pins if pin.post_id is not None]
    items = feed(ids=wanted, circle_ids=my_circle_ids(me) if me is not None else (), limit=50) if wanted else []
    seen = {item.id for item in items}
    return {
        "kind": found.kind, "key": found.key, "name": found.name, "intro": page.intro, "sections": page.sections,
        "pins": [pin for pin in page.pins if pin.post_id is None or pin.post_id in seen],
        "followers": followers(found.member_id) if found.member_id is not None else None,
    }  # fmt: skip
