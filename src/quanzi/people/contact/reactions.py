"""What this room tells people when their account moves. Each answer is safe to run twice."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.people.accounts.events import SecondStepReset
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify


@react_to(SecondStepReset, consumer="contact.tell_second_step_reset")
def on_second_step_reset(event: SecondStepReset, *, now: datetime) -> None:
    by = Member.objects.get(pk=event.by_id)
    notify(
        member_id=event.member_id, kind="second_step_reset", params={"name": by.name}, link="/me/sessions",
        key=f"second_step_reset:{event.entry_id}", now=now,
    )  # fmt: skip
