"""Disputes: answers to claims that buyers do not accept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from quanzi.faces.api.document import needs_scope, refuses
from quanzi.faces.api.routes.finding import own_pictures
from quanzi.faces.api.schemas.common import Cursor, Id, Limit, Page, page_of
from quanzi.faces.api.schemas.disputes import (
    DisputeAskedOut,
    DisputeDecisionIn,
    DisputePageOut,
    DisputeRowOut,
    StatementIn,
)
from quanzi.faces.api.security import member_of, staff_of
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.errors import PictureNotYours
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import errors, services
from quanzi.trade.aftersales.asking import decide_or_ask
from quanzi.trade.aftersales.queries import DisputePage, dispute_page, open_disputes
from quanzi.trade.sales.errors import OwnOrder, RefundTooLarge

router = Router(tags=["orders"])
staff = Router(tags=["staff"])
SAYING = (errors.NoSuchDispute, errors.TooLateToSay, errors.WordsNeeded, errors.TooManyPictures)


@router.post(
    "/me/claims/{claim_id}/dispute",
    response={201: DisputePageOut},
    summary="Contest the answer to a claim",
    openapi_extra=refuses(
        errors.NoSuchClaim, errors.CannotContest, errors.AlreadyContested, errors.WordsNeeded, errors.TooManyPictures, PictureNotYours
    ),
)  # fmt: skip
def contest_claim(request: HttpRequest, claim_id: Id, body: StatementIn) -> DisputePage:
    """Within seven days of the answer. The money for the line stays in escrow until the dispute is closed."""
    me = member_of(request)
    pictures = own_pictures(body.picture_ids, member=me, field="picture_ids")
    made = services.contest(claim_id=claim_id, member=me, words=body.words, pictures=pictures, now=clock.now())
    return dispute_page(dispute_id=made.pk)


@router.get(
    "/me/disputes/{dispute_id}", response=DisputePageOut, summary="One dispute of mine", openapi_extra=refuses(errors.NoSuchDispute)
)  # fmt: skip
def get_dispute(request: HttpRequest, dispute_id: Id) -> DisputePage:
    """What both sides say, the clock, and what was decided by whom."""
    return dispute_page(dispute_id=dispute_id, member_id=member_of(request).pk)


@router.post(
    "/me/disputes/{dispute_id}/statements",
    response={201: DisputePageOut},
    summary="Add to my dispute",
    openapi_extra=refuses(*SAYING, PictureNotYours),
)
def add_statement(request: HttpRequest, dispute_id: Id, body: StatementIn) -> DisputePage:
    """Until evidence_until."""
    me = member_of(request)
    pictures = own_pictures(body.picture_ids, member=me, field="picture_ids")
    dispute_page(dispute_id=dispute_id, member_id=me.pk)
    services.say(dispute_id=dispute_id, author=me, words=body.words, pictures=pictures, now=clock.now())
    return dispute_page(dispute_id=dispute_id)


@router.post(
    "/me/disputes/{dispute_id}/appeal",
    response=DisputePageOut,
    summary="Appeal a decision",
    openapi_extra=refuses(errors.NoSuchDispute, errors.CannotContest, errors.WordsNeeded),
)
def appeal_dispute(request: HttpRequest, dispute_id: Id, body: StatementIn) -> DisputePage:
    """Until appeal_until; somebody decides who had not decided before."""
    services.appeal(dispute_id=dispute_id, member=member_of(request), words=body.words, now=clock.now())
    return dispute_page(dispute_id=dispute_id)


@staff.get("/staff/disputes", response=Page[DisputeRowOut], summary="Disputes that wait for a decision")
def list_disputes(request: HttpRequest, cursor: Cursor | None = None, limit: Limit = 50) -> dict[str, Any]:
    """The oldest first. Needs orders.view."""
    staff_of(request, "orders.view")
    return page_of(open_disputes(after_id=cursor or 0, limit=limit), limit)


@staff.get(
    "/staff/disputes/{dispute_id}",
    response=DisputePageOut,
    summary="One dispute",
    openapi_extra=refuses(errors.NoSuchDispute),
)
def get_staff_dispute(request: HttpRequest, dispute_id: Id) -> DisputePage:
    """What both sides say. Needs orders.view."""
    staff_of(request, "orders.view")
    return dispute_page(dispute_id=dispute_id)


@staff.post(
    "/staff/disputes/{dispute_id}/statements",
    response={201: DisputePageOut},
    summary="Say the shop's side",
    openapi_extra=refuses(*SAYING),
)
def say_for_shop(request: HttpRequest, dispute_id: Id, body: StatementIn) -> DisputePage:
    """Until evidence_until. Needs orders.refund."""
    services.say(dispute_id=dispute_id, author=staff_of(request, "orders.refund"), words=body.words, now=clock.now())
    return dispute_page(dispute_id=dispute_id)


@staff.post(
    "/staff/disputes/{dispute_id}/decide",
    response={200: DisputePageOut, 202: DisputeAskedOut},
    summary="Decide a dispute",
    openapi_extra=needs_scope(
        "staff:money", errors.NoSuchDispute, errors.SomebodyElse, errors.TooEarlyToDecide, errors.WordsNeeded, IllegalMove,
        OwnOrder, RefundTooLarge,
    ),
)  # fmt: skip
def decide_dispute(request: HttpRequest, dispute_id: Id, body: DisputeDecisionIn) -> Status[Any]:
    """By somebody who had not decided about it before; above a limit a second person is asked first (202). Needs orders.refund."""
    done = decide_or_ask(
        dispute_id=dispute_id, staff=staff_of(request, "orders.refund"), amount_minor=body.amount_minor, words=body.words,
        now=clock.now(),
    )  # fmt: skip
    if isinstance(done, Approval):
        return Status(202, {"approval_id": done.pk})
    return Status(200, dispute_page(dispute_id=dispute_id))
