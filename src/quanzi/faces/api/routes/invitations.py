"""Inviting to the staff, by a person with a session and a fresh second step; and accepting, by the invited person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from quanzi.faces.api.document import asks_again, holds_secret, refuses
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.schemas.invitations import (
    NewStaffInvitationOut,
    StaffInvitationIn,
    StaffInvitationOut,
    TakenRoleOut,
    TakeRoleIn,
)
from quanzi.faces.api.security import PEOPLE, member_of, staff_of
from quanzi.kernel import clock
from quanzi.people.accounts import errors, invitations, services
from quanzi.people.accounts.models import StaffInvitation

mine = Router(tags=["me"])
router = Router(tags=["staff"])


@mine.post(
    "/me/staff-invitation",
    response=TakenRoleOut,
    auth=PEOPLE,
    summary="Accept an invitation to the staff",
    openapi_extra=refuses(errors.InvitationOver, errors.NotTheInvited, errors.StaffAlready),
)
def accept_staff_invitation(request: HttpRequest, body: TakeRoleIn) -> dict[str, str]:
    """With the session of the person, not by a token. Works once; a link that is over is answered like one that never was."""
    me = services.accept_invitation(token=body.token, member=member_of(request), now=clock.now())
    request.session.cycle_key()
    return {"staff_role": me.staff_role}


@router.get("/staff/invitations", response=list[StaffInvitationOut], summary="Invitations to the staff")
def list_staff_invitations(request: HttpRequest) -> list[dict[str, Any]]:
    """Newest first, at most 50, without their links. Needs staff.manage."""
    staff_of(request, "staff.manage")
    return [_row(one, now=clock.now()) for one in invitations.latest()]


@router.post(
    "/staff/invitations",
    response={201: NewStaffInvitationOut},
    auth=PEOPLE,
    summary="Invite somebody to the staff",
    openapi_extra=asks_again(holds_secret(errors.NotAContact, errors.BadInvitationDays, errors.TooManyInvitations)),
)
def invite_to_staff(request: HttpRequest, body: StaffInvitationIn) -> dict[str, Any]:
    """An e-mail address gets a letter; else hand the link over. An older one of the same contact ends. Needs staff.manage."""
    me, now, site = staff_of(request, "staff.manage"), clock.now(), request.build_absolute_uri("/")
    made = services.invite_staff(by=me, site=site, now=now, **body.model_dump())
    return _row(made, now=now) | {"link": invitations.link_of(made, site=site)}


@router.delete(
    "/staff/invitations/{invitation_id}",
    response={204: None},
    auth=PEOPLE,
    summary="Withdraw an invitation",
    openapi_extra=asks_again(refuses(errors.InvitationOver)),
)
def withdraw_staff_invitation(request: HttpRequest, invitation_id: Id) -> None:
    """Its link leads nowhere from this moment. Needs staff.manage."""
    me = staff_of(request, "staff.manage")
    services.withdraw_invitation(invitation_id=invitation_id, by=me, now=clock.now())


def _row(one: StaffInvitation, *, now: datetime) -> dict[str, Any]:
    return {
        "id": one.pk, "role": one.role, "contact": one.contact, "state": invitations.state_of(one, now=now),
        "made_by_id": one.made_by_id, "made_at": one.made_at, "expires_at": one.expires_at, "accepted_by_id": one.accepted_by_id,
    }  # fmt: skip
