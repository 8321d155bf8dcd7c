"""Leads of the shop, what it looks out for, and its topics of offers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.leads import SENDING, State, offer_of, watch_of
from quanzi.faces.api.schemas.common import Id, Limit
from quanzi.faces.api.schemas.leads import (
    ApproachIn,
    ApproachOut,
    LeadOut,
    SenderOut,
    StaffTopicIn,
    StaffTopicOut,
    WatchIn,
    WatchOut,
)
from quanzi.faces.api.security import staff_of
from quanzi.growth.leads import errors, queries
from quanzi.growth.leads.models import Topic
from quanzi.growth.leads.queries import LeadRow, SenderRow
from quanzi.growth.leads.services import approaching, opening, watching
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member

router = Router(tags=["staff"])


@router.get("/staff/leads", response=list[LeadOut], summary="Leads of the shop", openapi_extra=refuses(NotAllowed))
def list_shop_leads(request: HttpRequest, state: State = "new", limit: Limit = 20) -> list[LeadRow]:
    """Public posts of members who are open to the shop. Needs members.contact."""
    staff_of(request, "members.contact")
    return watching.show_leads(owner=None, states=[state], limit=limit, now=clock.now())


@router.get(
    "/staff/leads/senders",
    response=list[SenderOut],
    summary="Whether anybody is pressed",
    openapi_extra=refuses(NotAllowed),
)
def list_senders(request: HttpRequest) -> list[SenderRow]:
    """Commercial messages of ninety days by sender; never to whom. Needs members.contact."""
    staff_of(request, "members.contact")
    return queries.senders(clock.now())


@router.post(
    "/staff/leads/{lead_id}/offer",
    response={201: ApproachOut},
    summary="Offer something in the name of the shop",
    openapi_extra=refuses(NotAllowed, NotFound, errors.WordsNeeded, *SENDING),
)
def offer_for_shop(request: HttpRequest, lead_id: Id, body: ApproachIn) -> Status[Any]:
    """Once for each lead. Needs members.contact."""
    me = staff_of(request, "members.contact")
    made = approaching.offer(
        sender=me, lead_id=lead_id, words=body.words, product_id=body.product_id, for_shop=True, now=clock.now()
    )
    return Status(201, offer_of(made))


@router.delete(
    "/staff/leads/{lead_id}", response={204: None}, summary="Put a lead of the shop away", openapi_extra=refuses(NotAllowed, NotFound)
)  # fmt: skip
def put_away_for_shop(request: HttpRequest, lead_id: Id) -> None:
    """It does not come again. Needs members.contact."""
    staff_of(request, "members.contact")
    watching.put_away(lead_id=lead_id, owner=None)


@router.get(
    "/staff/watches", response=list[WatchOut], summary="What the shop looks out for", openapi_extra=refuses(NotAllowed)
)
def list_shop_watches(request: HttpRequest) -> list[dict[str, Any]]:
    """Needs members.contact."""
    staff_of(request, "members.contact")
    return [watch_of(row) for row in queries.watches(None)]


@router.post(
    "/staff/watches",
    response={201: WatchOut},
    summary="Look out for a topic, for the shop",
    openapi_extra=refuses(NotAllowed, NotFound, errors.TopicForbidden, errors.TooManyWatches, errors.WatchWords),
)
def add_shop_watch(request: HttpRequest, body: WatchIn) -> Status[Any]:
    """Needs members.contact."""
    me = staff_of(request, "members.contact")
    made = watching.watch(owner=me, topic_id=body.topic_id, words=body.words, for_shop=True, now=clock.now())
    return Status(201, watch_of(made))


@router.delete(
    "/staff/watches/{watch_id}", response={204: None}, summary="Stop looking out for the shop", openapi_extra=refuses(NotAllowed, NotFound)
)  # fmt: skip
def end_shop_watch(request: HttpRequest, watch_id: Id) -> None:
    """Needs members.contact."""
    me = staff_of(request, "members.contact")
    watching.end_watch(watch_id=watch_id, owner=None, actor=me, now=clock.now())


@router.get(
    "/staff/topics", response=list[StaffTopicOut], summary="Topics of offers", openapi_extra=refuses(NotAllowed)
)
def list_shop_topics(request: HttpRequest) -> list[Topic]:
    """Sensitive ones last. Needs members.contact."""
    staff_of(request, "members.contact")
    return queries.topics()


@router.post(
    "/staff/topics",
    response={201: StaffTopicOut},
    summary="Add a topic",
    openapi_extra=refuses(NotAllowed, errors.TopicWordsNeeded),
)
def add_topic(request: HttpRequest, body: StaffTopicIn) -> Status[Any]:
    """It opens nothing for anybody. Needs shop.edit."""
    return Status(201, _keep(staff_of(request, "shop.edit"), None, body))


@router.put(
    "/staff/topics/{topic_id}",
    response=StaffTopicOut,
    summary="Write a topic anew",
    openapi_extra=refuses(NotAllowed, NotFound, errors.TopicWordsNeeded),
)
def put_topic(request: HttpRequest, topic_id: Id, body: StaffTopicIn) -> Topic:
    """What is forbidden (is_off) is closed for everybody at once. Needs shop.edit."""
    return _keep(staff_of(request, "shop.edit"), topic_id, body)


def _keep(actor: Member, topic_id: int | None, body: StaffTopicIn) -> Topic:
    return opening.keep_topic(
        topic_id=topic_id, name=body.name, name_en=body.name_en, words=body.words, is_sensitive=body.is_sensitive,
        is_off=body.is_off, actor=actor, now=clock.now(),
    )  # fmt: skip
