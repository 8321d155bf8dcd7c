"""Writes of the room. Every verb may be repeated: the second time changes nothing."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write
from quanzi.base.events.services import record
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.accounts.rules import visible
from quanzi.people.contact.services import notify
from quanzi.people.safety import errors
from quanzi.people.safety.events import MemberBlocked, ReportDecided, ReportMade
from quanzi.people.safety.models import Block, Decision, Mute, Reason, Report

NOTE_LIMIT = 500

# English sources of the decisions, so that the notice is read in its reader's language.
DECISION_WORDS: dict[str, str] = {
    Decision.DISMISSED: "Nothing to object to",
    Decision.HIDDEN: "Hidden",
    Decision.WARNED: "Author warned",
    Decision.REMOVED: "Removed",
}
SUBJECT = re.compile(r"(post|comment|experience|member|circle):[1-9][0-9]{0,17}", re.ASCII)


@transaction.atomic
def block(*, member: Member, other: Member, now: datetime) -> None:
    """Neither sees the other from now on, and no tie between them is read. Raises NotOneself."""
    _not_oneself(member, other)
    _, is_new = Block.objects.get_or_create(member=member, other=other, defaults={"made_at": now})
    if is_new:
        record(MemberBlocked(member_id=member.pk, other_id=other.pk), now=now)


@transaction.atomic
def unblock(*, member: Member, other: Member, now: datetime) -> None:
    """Take one's own block back; the other's, if there is one, stands."""
    Block.objects.filter(member=member, other=other).delete()


@transaction.atomic
def mute(*, member: Member, other: Member, now: datetime) -> None:
    """Do not show me their posts; they are not told. Raises NotOneself."""
    _not_oneself(member, other)
    Mute.objects.get_or_create(member=member, other=other, defaults={"made_at": now})


@transaction.atomic
def unmute(*, member: Member, other: Member, now: datetime) -> None:
    """Show me their posts again."""
    Mute.objects.filter(member=member, other=other).delete()


@transaction.atomic
def report(*, member: Member, subject: str, reason: str, note: str = "", now: datetime) -> Report:
    """Ask a moderator to look; reporting the same thing again while it waits finds the first report.

    subject: "post:12", "comment:3", "experience:4", "member:7" or "circle:2"; the caller has checked that the
    reporter may see it. Raises UnknownSubject, UnknownReason, NoteTooLong, NotOneself.
    """
    if not SUBJECT.fullmatch(subject):
        raise errors.UnknownSubject(field="subject")
    if subject == f"member:{member.pk}":
        raise errors.NotOneself()
    if reason not in Reason.values:
        raise errors.UnknownReason(field="reason")
    note = visible(note)
    if len(note) > NOTE_LIMIT:
        raise errors.NoteTooLong(field="note", limit=NOTE_LIMIT)
    made, is_new = Report.objects.get_or_create(
        member=member, subject=subject, decided_at=None, defaults={"reason": reason, "note": note, "made_at": now}
    )
    if is_new:
        record(ReportMade(report_id=made.pk, subject=subject, reason=reason), now=now)
    return made


@transaction.atomic
def decide_report(*, report_id: int, moderator: Member, decision: str, now: datetime) -> Report:
    """Decide a report and tell whoever made it. Raises NotAllowed, UnknownDecision, ReportNotFound, AlreadyDecided."""
    if not can(moderator, "circles.moderate"):
        raise NotAllowed()
    if decision not in Decision.values:
        raise errors.UnknownDecision(field="decision")
    found = Report.objects.select_for_update().filter(pk=report_id).first()
    if found is None:
        raise errors.ReportNotFound()
    if found.decided_at is not None:
        raise errors.AlreadyDecided()
    found.decided_at, found.decision, found.decided_by = now, decision, moderator
    found.save(update_fields=["decided_at", "decision", "decided_by"])
    write(actor=moderator, action="report.decided", target=f"report:{found.pk}", after={"decision": decision}, now=now)
    record(
        ReportDecided(report_id=found.pk, subject=found.subject, decision=decision, decided_by_id=moderator.pk), now=now
    )
    notify(
        member_id=found.member_id, kind="report_decided", params={"decision": DECISION_WORDS[decision]},
        key=f"report:{found.pk}", now=now,
    )  # fmt: skip
    return found


def _not_oneself(member: Member, other: Member) -> None:
    if member.pk == other.pk:
        raise errors.NotOneself()
