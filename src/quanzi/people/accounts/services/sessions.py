"""The devices on which a member is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.errors import SessionNotFound
from quanzi.people.accounts.events import MemberLoggedIn
from quanzi.people.accounts.models import Member, MemberSession
from quanzi.people.accounts.policies import may_end_logins
from quanzi.people.accounts.rules import device_of


@dataclass(frozen=True)
class SessionRow:
    """One login as its owner sees it."""

    id: int
    device: str
    ip: str
    created_at: datetime
    seen_at: datetime
    is_current: bool


@transaction.atomic
def note_login(*, member: Member, session_key: str, user_agent: str, ip: str | None, now: datetime) -> MemberSession:
    """A member logged in: the device joins the list. Announces MemberLoggedIn."""
    row, _ = MemberSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "member": member,
            "device": device_of(user_agent),
            "ip": ip or None,
            "created_at": now,
            "seen_at": now,
        },
    )
    record(MemberLoggedIn(member_id=member.pk, session_id=row.pk), now=now)
    return row


@transaction.atomic
def note_seen(*, session_id: int, session_key: str, now: datetime) -> None:
    """The device was used. Its key is written again, since it changes when the password does."""
    MemberSession.objects.filter(pk=session_id, created_at__lte=now).update(seen_at=now, session_key=session_key)


def list_sessions(member: Member, *, current_key: str = "", now: datetime) -> list[SessionRow]:
    """Logins that are still good, the current one first, then by last use."""
    rows = list(MemberSession.objects.filter(member=member).order_by("-seen_at", "-id"))
    keys = [row.session_key for row in rows]
    alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True))
    shown = [
        SessionRow(row.pk, row.device, row.ip or "", row.created_at, row.seen_at, row.session_key == current_key)
        for row in rows
        if row.session_key in alive
    ]
    return sorted(shown, key=lambda one: not one.is_current)


@transaction.atomic
def end_session(*, member: Member, session_id: int, now: datetime) -> None:
    """Log one device out at once. Raises SessionNotFound, also for somebody else's."""
    row = MemberSession.objects.filter(member=member, pk=session_id).first()
    if row is None:
        raise SessionNotFound()
    _end([row])


@transaction.atomic
def end_other_sessions(*, member: Member, current_key: str, now: datetime) -> int:
    """Log every other device out; returns how many."""
    rows = list(MemberSession.objects.filter(member=member).exclude(session_key=current_key))
    _end(rows)
    return len(rows)


@transaction.atomic
def end_sessions_of(*, member_id: int, by: Member, now: datetime) -> int:
    """Staff logs somebody out on every device; returns how many. Raises NotFound, NotAllowed. Writes the audit log."""
    member = Member.objects.filter(pk=member_id, erased_at=None).first()
    if member is None:
        raise NotFound()
    if not may_end_logins(by, member):
        raise NotAllowed()
    ended = end_other_sessions(member=member, current_key="", now=now)
    audit.write(actor=by, action="sessions.ended", target=f"member:{member_id}", after={"devices": ended}, now=now)
    return ended


def forget_session(*, session_key: str) -> None:
    """The person logged out by themselves."""
    MemberSession.objects.filter(session_key=session_key).delete()


def _end(rows: list[MemberSession]) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        store(row.session_key).delete()
    MemberSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
