"""What waits for a second person. Deciding is for a person with a session and a fresh second step, never for a token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import asks_again, refuses
from quanzi.faces.api.schemas.approvals import ApprovalAnswerIn, ApprovalOut
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.security import PEOPLE, staff_of
from quanzi.kernel import clock
from quanzi.people.approvals import errors, queries, services
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.policies import may_decide

router = Router(tags=["staff"])
DECIDING = (errors.NoSuchApproval, errors.SamePerson, errors.AlreadyDecided)


@router.get("/staff/approvals", response=list[ApprovalOut], summary="What waits for a second person")
def list_approvals(request: HttpRequest) -> list[dict[str, Any]]:
    """The oldest first, at most 100. Needs approvals.decide."""
    me, now = staff_of(request, "approvals.decide"), clock.now()
    return [_row(one) | {"may_decide": may_decide(me, one)} for one in queries.waiting() if one.expires_at > now]


@router.post(
    "/staff/approvals/{approval_id}/approve",
    response=ApprovalOut,
    auth=PEOPLE,
    summary="Agree, and it is done",
    openapi_extra=asks_again(refuses(*DECIDING, errors.ApprovalExpired)),
)
def approve(request: HttpRequest, approval_id: Id) -> dict[str, Any]:
    """Somebody else than who asked, with their session; what the act itself refuses is answered too. Needs approvals.decide."""
    me = staff_of(request, "approvals.decide")
    return _row(services.approve(approval_id=approval_id, by=me, now=clock.now())) | {"may_decide": False}


@router.post(
    "/staff/approvals/{approval_id}/decline",
    response=ApprovalOut,
    auth=PEOPLE,
    summary="Say no, and why",
    openapi_extra=asks_again(refuses(*DECIDING, errors.AnswerNeeded)),
)
def decline(request: HttpRequest, approval_id: Id, body: ApprovalAnswerIn) -> dict[str, Any]:
    """Whoever asked can read the answer. Needs approvals.decide."""
    me = staff_of(request, "approvals.decide")
    found = services.decline(approval_id=approval_id, by=me, answer=body.answer, now=clock.now())
    return _row(found) | {"may_decide": False}


def _row(one: Approval) -> dict[str, Any]:
    return {
        "id": one.pk, "deed": one.deed, "target": one.target, "amount": {"minor": one.amount_minor, "currency": one.currency},
        "reason": one.reason, "asked_by_id": one.asked_by_id, "asked_at": one.asked_at, "expires_at": one.expires_at,
        "state": one.state, "answer": one.answer, "outcome": one.outcome,
    }  # fmt: skip
