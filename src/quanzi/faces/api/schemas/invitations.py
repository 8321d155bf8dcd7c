"""Invitations to the staff."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from quanzi.faces.api.schemas.common import In, Out, Text

Role = Literal["owner", "operator", "fulfilment", "support", "finance", "moderator"]


class StaffInvitationOut(Out):
    """contact: who may accept, in full; empty for whoever holds the link. state: open, accepted, withdrawn, expired, void."""

    id: int
    role: str
    contact: str
    state: str
    made_by_id: int
    made_at: datetime
    expires_at: datetime
    accepted_by_id: int | None


class NewStaffInvitationOut(StaffInvitationOut):
    """link: works once; hand it to the person only."""

    link: str


class StaffInvitationIn(In):
    role: Role
    contact: Text = Field(default="", max_length=254)
    days: int = Field(default=3, strict=True, ge=1, le=14)


class TakeRoleIn(In):
    """token: the last part of the link."""

    token: Text = Field(min_length=1, max_length=120)


class TakenRoleOut(Out):
    """staff_role: opens nothing before the second step is set and taken."""

    staff_role: str
