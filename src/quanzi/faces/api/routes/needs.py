"""The board of what people want and nobody here has."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.faces.api.document import refuses
from quanzi.faces.api.schemas.common import Id, Limit
from quanzi.faces.api.schemas.needs import NeedAnswerIn, NeedIn, NeedOut
from quanzi.faces.api.security import EVERYBODY, member_of, staff_of, viewer_of
from quanzi.growth.needs import errors, services
from quanzi.growth.needs.models import NeedState
from quanzi.growth.needs.queries import NeedRow, board, need_row
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids, muted_ids

router = Router(tags=["needs"])
staff = Router(tags=["staff"])

STATES = {
    "wanted": (NeedState.OPEN, NeedState.SEEKING),
    "answered": (NeedState.FOUND, NeedState.PREORDER, NeedState.DECLINED),
}


@router.get("/needs", auth=EVERYBODY, response=list[NeedOut], summary="What people want and nobody here has")
def list_needs(
    request: HttpRequest, show: Literal["wanted", "answered", "mine"] = "wanted", limit: Limit = 20
) -> list[NeedRow]:
    """The most wanted first. mine: what the caller stands behind."""
    me = viewer_of(request)
    unwanted = blocked_ids(me.pk) | muted_ids(me.pk) if me is not None else ()
    return board(
        member_id=me.pk if me else None, states=STATES.get(show), mine=show == "mine", unwanted=unwanted, limit=limit
    )


@router.get("/needs/{need_id}", auth=EVERYBODY, response=NeedOut, summary="One need", openapi_extra=refuses(NotFound))
def get_need(request: HttpRequest, need_id: Id) -> NeedRow:
    """While everybody may see it."""
    return _row(need_id, viewer_of(request))


@router.post(
    "/needs",
    response={201: NeedOut},
    summary="Put what I want on the board",
    openapi_extra=refuses(errors.WordsNeeded, errors.TooManyNeeds),
)
def put_need(request: HttpRequest, body: NeedIn) -> Status[Any]:
    """The caller stands behind it; words that stand there already are not put twice."""
    me = member_of(request)
    return Status(201, _row(services.want(member=me, words=body.words, now=clock.now()).pk, me))


@router.put(
    "/needs/{need_id}/support",
    response=NeedOut,
    summary="I want it too",
    openapi_extra=refuses(NotFound, errors.TooManyNeeds),
)
def support(request: HttpRequest, need_id: Id) -> NeedRow:
    """It binds to nothing; the caller is told when the shop answers. A no that is a month old and goods that are gone are asked for again."""
    me = member_of(request)
    services.support(member=me, need_id=need_id, now=clock.now())
    return _row(need_id, me)


@router.delete("/needs/{need_id}/support", response={204: None}, summary="I do not want it any more")
def withdraw(request: HttpRequest, need_id: Id) -> None:
    """Also when the caller did not."""
    services.withdraw(member=member_of(request), need_id=need_id)


@staff.post(
    "/staff/needs/{need_id}/answer",
    response=NeedOut,
    summary="Answer what people want",
    openapi_extra=refuses(NotAllowed, NotFound, errors.NeedAnswered, errors.NoSuchGoods, errors.ReasonNeeded),
)
def answer(request: HttpRequest, need_id: Id, body: NeedAnswerIn) -> NeedRow:
    """Whoever wants it is told each answer once; another answer may follow. Needs goods.edit."""
    me = staff_of(request, "goods.edit")
    services.answer(
        need_id=need_id, state=body.state, words=body.words, product_id=body.product_id, preorder_id=body.preorder_id,
        actor=me, now=clock.now(),
    )  # fmt: skip
    return _row(need_id, me)


def _row(need_id: int, me: Member | None) -> NeedRow:
    unwanted = blocked_ids(me.pk) if me is not None else ()
    found = need_row(need_id, member_id=me.pk if me else None, unwanted=unwanted)
    if found is None:
        raise NotFound
    return found
