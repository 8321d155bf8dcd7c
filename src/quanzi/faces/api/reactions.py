"""What becomes of tokens when people change. Each answer is safe to run twice."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.faces.api.services import end_staff_tokens
from quanzi.people.accounts.events import SecondStepReset, StaffRoleChanged


@react_to(StaffRoleChanged, consumer="api.end_tokens_of_role")
def on_role(event: StaffRoleChanged, *, now: datetime) -> None:
    end_staff_tokens(member_id=event.member_id, now=now)


@react_to(SecondStepReset, consumer="api.end_tokens_of_factor")
def on_reset(event: SecondStepReset, *, now: datetime) -> None:
    end_staff_tokens(member_id=event.member_id, now=now)
