"""Open to offers; what leaders and the shop look out for; commercial messages and their answers."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id, Limit
from quanzi.faces.api.schemas.leads import (
    ApproachIn,
    ApproachOut,
    AttentionIn,
    AttentionOut,
    FewerIn,
    LeadOut,
    OfferAnswerIn,
    OfferHealthOut,
    OfferSeenOut,
    OfferTopicOut,
    OpenTopicIn,
    SuggestionIn,
    WatchIn,
    WatchOut,
)
from quanzi.faces.api.security import member_of
from quanzi.growth.leads import errors, queries
from quanzi.growth.leads.models import Approach, Watch
from quanzi.growth.leads.queries import Health, LeadRow, SeenRow, TopicRow
from quanzi.growth.leads.services import approaching, opening, watching
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.queries import cards

router = Router(tags=["leads"])

SENDING = (errors.NoConsent, errors.OfferedOnce, errors.BeyondAttention, errors.TooMuch, errors.CoolsDown)
"""Refusals of any commercial message."""

State = Literal["new", "offered", "answered", "closed"]
WHERE = "api"


@router.get("/me/offers/topics", response=list[OfferTopicOut], summary="Topics on which I may be open to offers")
def list_topics(request: HttpRequest) -> list[dict[str, Any]]:
    """All closed until I open them."""
    return [_topic(row) for row in queries.my_topics(member_of(request), clock.now())]


@router.put(
    "/me/offers/topics/{topic_id}",
    response=OfferTopicOut,
    summary="Be open to offers on a topic",
    openapi_extra=refuses(NotFound, errors.TopicForbidden, errors.SentenceNeeded),
)
def open_topic(request: HttpRequest, topic_id: Id, body: OpenTopicIn) -> dict[str, Any]:
    """From now on, in place of what stood before. A sensitive topic needs i_agree, to its own sentence."""
    me, now = member_of(request), clock.now()
    opening.open_topic(
        member=me, topic_id=topic_id, scope=body.to, days=body.days, agreed=body.i_agree, where=WHERE, now=now
    )
    return next(_topic(row) for row in queries.my_topics(me, now) if row.topic.pk == topic_id)


@router.delete("/me/offers/topics/{topic_id}", response={204: None}, summary="Close a topic")
def close_topic(request: HttpRequest, topic_id: Id) -> None:
    """At once; also when it was not open."""
    opening.close_topic(member=member_of(request), topic_id=topic_id, now=clock.now())


@router.delete("/me/offers/topics", response={204: None}, summary="Close all topics")
def close_topics(request: HttpRequest) -> None:
    """The consent itself is withdrawn."""
    opening.close_all(member=member_of(request), where=WHERE, now=clock.now())


@router.get("/me/offers", response=list[ApproachOut], summary="What was offered to me")
def list_offers_to_me(request: HttpRequest, limit: Limit = 20) -> list[dict[str, Any]]:
    """The latest first."""
    return [offer_of(row) for row in queries.came_to(member_of(request), limit=limit)]


@router.post(
    "/me/offers/{offer_id}/answer",
    response=ApproachOut,
    summary="Answer an offer",
    openapi_extra=refuses(NotFound, errors.AnsweredOnce),
)
def answer_offer(request: HttpRequest, offer_id: Id, body: OfferAnswerIn) -> dict[str, Any]:
    """Once. A no keeps its sender away for ninety days."""
    me = member_of(request)
    approaching.answer(member=me, approach_id=offer_id, said=body.answer, now=clock.now())
    return next(offer_of(row) for row in queries.came_to(me, limit=1000) if row.pk == offer_id)


@router.get("/me/offers/seen", response=list[OfferSeenOut], summary="Who was shown what I wrote")
def list_shown_posts(request: HttpRequest, limit: Limit = 20) -> list[SeenRow]:
    """As leads, the latest first."""
    return queries.seen_by(member_of(request), limit=limit)


@router.delete(
    "/me/offers/seen/{lead_id}",
    response={204: None},
    summary="Do not show it to them any more",
    openapi_extra=refuses(NotFound),
)
def hide_lead(request: HttpRequest, lead_id: Id) -> None:
    """Of a post of mine."""
    opening.close_lead(member=member_of(request), lead_id=lead_id)


@router.get(
    "/me/offers/attention", response=AttentionOut, summary="How many commercial messages a week, and at what hours"
)
def get_attention(request: HttpRequest) -> dict[str, int]:
    """From everybody together."""
    me = member_of(request)
    begins, ends = queries.hours_of(me.pk)
    return {"per_week": queries.per_week(me), "begins": begins, "ends": ends}


@router.put(
    "/me/offers/attention",
    response={204: None},
    summary="Choose how many commercial messages a week, and at what hours",
    openapi_extra=refuses(errors.HoursNeeded),
)
def set_attention(request: HttpRequest, body: AttentionIn) -> None:
    """From everybody together; 0 means none. What comes at another hour waits for the next day."""
    one_of_two = (body.begins is None) != (body.ends is None)
    hours = None if body.begins is None and body.ends is None else (body.begins or 0, body.ends or 0)
    if one_of_two:
        raise errors.HoursNeeded(field="begins", least=9, most=21)
    opening.want_at_most(member=member_of(request), per_week=body.per_week, hours=hours)


@router.put("/me/offers/fewer", response={204: None}, summary="Fewer from somebody", openapi_extra=refuses(NotFound))
def set_fewer(request: HttpRequest, body: FewerIn) -> None:
    """They are not told."""
    me = member_of(request)
    if body.fewer:
        opening.want_fewer(member=me, other_id=body.member_id, now=clock.now())
    else:
        opening.want_as_before(member=me, other_id=body.member_id)


@router.get("/me/watches", response=list[WatchOut], summary="What I look out for")
def list_watches(request: HttpRequest) -> list[dict[str, Any]]:
    """Only leaders do."""
    return [watch_of(row) for row in queries.watches(member_of(request))]


@router.post(
    "/me/watches",
    response={201: WatchOut},
    summary="Look out for a topic",
    openapi_extra=refuses(NotFound, errors.NotALeader, errors.TopicForbidden, errors.TooManyWatches, errors.WatchWords),
)
def add_watch(request: HttpRequest, body: WatchIn) -> Status[Any]:
    """From now on, and thirty days back; only posts of people who are open to it."""
    made = watching.watch(owner=member_of(request), topic_id=body.topic_id, words=body.words, now=clock.now())
    return Status(201, watch_of(made))


@router.delete(
    "/me/watches/{watch_id}", response={204: None}, summary="Stop looking out", openapi_extra=refuses(NotFound)
)
def end_watch(request: HttpRequest, watch_id: Id) -> None:
    """What was not offered goes."""
    me = member_of(request)
    watching.end_watch(watch_id=watch_id, owner=me, actor=me, now=clock.now())


@router.get("/me/leads", response=list[LeadOut], summary="My leads")
def list_leads(request: HttpRequest, state: State = "new", limit: Limit = 20) -> list[LeadRow]:
    """As long as all of it stands: consent, post, audience and text. Their authors see that they were shown."""
    return watching.show_leads(owner=member_of(request), states=[state], limit=limit, now=clock.now())


@router.get("/me/leads/health", response=OfferHealthOut, summary="How my commercial messages are met")
def my_health(request: HttpRequest) -> Health:
    """Nobody else reads it."""
    return queries.health(member_of(request), clock.now())


@router.post(
    "/me/leads/{lead_id}/offer",
    response={201: ApproachOut},
    summary="Offer something to the author of a lead",
    openapi_extra=refuses(NotFound, errors.WordsNeeded, *SENDING),
)
def offer_on_lead(request: HttpRequest, lead_id: Id, body: ApproachIn) -> Status[Any]:
    """Once for each lead that was shown to me; it comes by day."""
    made = approaching.offer(
        sender=member_of(request), lead_id=lead_id, words=body.words, product_id=body.product_id, now=clock.now()
    )
    return Status(201, offer_of(made))


@router.delete("/me/leads/{lead_id}", response={204: None}, summary="Put a lead away", openapi_extra=refuses(NotFound))
def put_lead_away(request: HttpRequest, lead_id: Id) -> None:
    """It does not come again."""
    watching.put_away(lead_id=lead_id, owner=member_of(request))


@router.post(
    "/me/suggestions",
    response={201: ApproachOut},
    summary="Tell somebody I know about goods",
    openapi_extra=refuses(NotFound, errors.WordsNeeded, *SENDING),
)
def suggest_goods(request: HttpRequest, body: SuggestionIn) -> Status[Any]:
    """To whom I am tied and who agreed to hear of deals and to be recommended to."""
    made = approaching.suggest(
        sender=member_of(request), recipient_id=body.member_id, product_id=body.product_id, words=body.words, now=clock.now()
    )  # fmt: skip
    return Status(201, offer_of(made))


def _topic(row: TopicRow) -> dict[str, Any]:
    topic, stands = row.topic, row.opening
    return {
        "id": topic.pk, "name": topic.label, "words": topic.words, "is_sensitive": topic.is_sensitive,
        "sentence": opening.sentence(topic) if topic.is_sensitive else "", "to": stands.scope if stands else None,
        "until": stands.until if stands else None,
    }  # fmt: skip


def watch_of(row: Watch) -> dict[str, Any]:
    return {
        "id": row.pk,
        "topic_id": row.topic_id,
        "topic": row.topic.label,
        "words": row.words,
        "made_at": row.made_at,
    }


def offer_of(row: Approach) -> dict[str, Any]:
    lead = row.lead
    return {
        "id": row.pk, "kind": row.kind, "sender": None if row.for_shop else cards([row.sender_id]).get(row.sender_id),
        "words": row.words, "product_slug": row.product.slug if row.product else None, "post_id": lead.post_id if lead else None,
        "topic": lead.opening.topic.label if lead else None, "at": row.told_at or row.shows_at, "answer": row.answer,
    }  # fmt: skip
