"""Whoever proves a contact finds the orders that were placed with it elsewhere. Safe to run twice."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.growth.importing.past.people import claim
from quanzi.people.accounts.events import MemberJoined, MemberLoggedIn
from quanzi.people.accounts.models import Member


def _has_proved_nothing(event: MemberJoined) -> bool:
    return event.how == "import"


@react_to(MemberJoined, consumer="importing.claim_joined", unless=_has_proved_nothing)
def on_joined(event: MemberJoined, *, now: datetime) -> None:
    _claim(event.member_id, now)


@react_to(MemberLoggedIn, consumer="importing.claim_logged_in")
def on_logged_in(event: MemberLoggedIn, *, now: datetime) -> None:
    """A contact that was proved since the last login, or one that a later import brought."""
    _claim(event.member_id, now)


def _claim(member_id: int, now: datetime) -> None:
    member = Member.objects.filter(pk=member_id, is_active=True).first()
    if member is not None:
        claim(member=member, now=now)
