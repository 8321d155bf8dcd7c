"""Asking friends before buying."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import refuses
from quanzi.faces.api.routes.ordering import REFUSALS, ordering_of, placed
from quanzi.faces.api.schemas.common import Key, Slug
from quanzi.faces.api.schemas.orders import PlacedOut
from quanzi.faces.api.schemas.polls import (
    AskablePersonOut,
    FriendsAnswerIn,
    FriendsDecisionIn,
    FriendsQuestionIn,
    FriendsQuestionOut,
    FriendsQuestionRowOut,
    HeldOrderIn,
    MayBeAskedIn,
    MayBeAskedOut,
)
from quanzi.faces.api.security import member_of
from quanzi.goods.stock.errors import OutOfStock, SoldOut
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.trade.polls import buying, errors, queries, services

router = Router(tags=["deals"])


@router.get("/asked", response=list[FriendsQuestionRowOut], summary="Questions to and of friends")
def list_questions_to_friends(request: HttpRequest) -> list[queries.PollCard]:
    """What the caller asks and is asked, the open ones first."""
    return queries.polls_of(viewer_id=member_of(request).pk, now=clock.now())


@router.get("/asked/people", response=list[AskablePersonOut], summary="Who may be asked")
def list_askable_people(request: HttpRequest) -> list[dict[str, Any]]:
    """Own people who may be asked now, the nearest first."""
    found = queries.askable(member_id=member_of(request).pk, now=clock.now())
    return [{"person": face, "tie": tie} for face, tie in found]


@router.put("/asked/choice", response=MayBeAskedOut, summary="Let oneself be asked, or not")
def put_may_be_asked(request: HttpRequest, body: MayBeAskedIn) -> dict[str, bool]:
    """Whether people who know the caller may ask them before they buy."""
    services.set_open(member=member_of(request), may_be_asked=body.may_be_asked, now=clock.now())
    return {"may_be_asked": body.may_be_asked}


@router.post(
    "/asked",
    response={201: FriendsQuestionOut},
    summary="Ask friends before buying",
    openapi_extra=refuses(
        Errors, errors.BadGoods, errors.BadPeople, errors.WordsTooLong, errors.CannotBeAsked, errors.HeldLately, errors.TooManyOpen,
        OutOfStock, SoldOut,
    ),
)  # fmt: skip
def ask_friends(request: HttpRequest, body: FriendsQuestionIn) -> queries.PollPage:
    """One of each is held for a day at today's price, while they answer."""
    me, now = member_of(request), clock.now()
    made = services.ask(asker=me, sku_ids=body.sku_ids, member_ids=body.people, words=body.words, now=now)
    return queries.poll_page(poll=made, viewer_id=me.pk, now=now)


@router.get(
    "/asked/{code}",
    response=FriendsQuestionOut,
    summary="One question to friends",
    openapi_extra=refuses(errors.NoSuchPoll),
)
def get_question_to_friends(request: HttpRequest, code: Slug) -> queries.PollPage:
    """For its asker and for those who were asked; nobody else finds it."""
    me = member_of(request)
    return queries.poll_page(poll=queries.find_poll(code, viewer_id=me.pk), viewer_id=me.pk, now=clock.now())


@router.put(
    "/asked/{code}/answer",
    response=FriendsQuestionOut,
    summary="Answer a friend",
    openapi_extra=refuses(
        errors.NoSuchPoll, errors.PollOver, errors.BadAnswer, errors.NotKeptToTell, errors.WordsToTell
    ),
)
def answer_friend(request: HttpRequest, code: Slug, body: FriendsAnswerIn) -> queries.PollPage:
    """Said again it is the new answer, until the question ends. Only the asker reads it, unless it is told as an experience."""
    me, now = member_of(request), clock.now()
    found = queries.find_poll(code, viewer_id=me.pk)
    services.answer(
        poll=found, member=me, good_id=body.good_id, words=body.words, has_it=body.has_it, tells=body.tells_good_id, now=now
    )  # fmt: skip
    return queries.poll_page(poll=found, viewer_id=me.pk, now=now)


@router.delete(
    "/asked/{code}/answer/experience",
    response={204: None},
    summary="Take an answer back from others",
    openapi_extra=refuses(errors.NoSuchPoll),
)
def take_answer_back(request: HttpRequest, code: Slug) -> None:
    """The experience that it became is gone; the asker keeps the answer. Again changes nothing."""
    me = member_of(request)
    services.take_back(poll=queries.find_poll(code, viewer_id=me.pk), member=me, now=clock.now())


@router.post(
    "/asked/{code}/decision",
    response=FriendsQuestionOut,
    summary="Tell friends what came of it",
    openapi_extra=refuses(errors.NoSuchPoll, errors.NotOver, errors.BadAnswer),
)
def tell_friends(request: HttpRequest, code: Slug, body: FriendsDecisionIn) -> queries.PollPage:
    """Once. What is not taken is free again."""
    me, now = member_of(request), clock.now()
    found = queries.find_poll(code, viewer_id=me.pk)
    services.decide(poll=found, asker=me, decision=body.decision, words=body.words, thanked=body.thanked, now=now)
    return queries.poll_page(poll=found, viewer_id=me.pk, now=now)


@router.delete(
    "/asked/{code}",
    response={204: None},
    summary="End a question to friends",
    openapi_extra=refuses(errors.NoSuchPoll),
)
def end_question_to_friends(request: HttpRequest, code: Slug) -> None:
    """Without a word; the goods are free again."""
    me = member_of(request)
    services.withdraw(poll=queries.find_poll(code, viewer_id=me.pk), asker=me, now=clock.now())


@router.post(
    "/asked/{code}/orders",
    response={201: PlacedOut},
    summary="Buy what was held",
    openapi_extra=refuses(errors.NoSuchPoll, errors.PollOver, errors.BoughtAlready, *REFUSALS),
)
def order_what_was_held(request: HttpRequest, code: Slug, body: HeldOrderIn, idempotency_key: Key) -> dict[str, Any]:
    """One unit, at the price that was held or what it costs now, whichever is less."""
    me = member_of(request)
    found = queries.find_poll(code, viewer_id=me.pk)
    order = buying.order_held(
        poll=found, good_id=body.good_id, member=me, now=clock.now(), **ordering_of(body, key=idempotency_key)
    )
    return placed(order)
