"""Coming in, being let in or refused, and leaving."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.community.circles.errors import (
    AlreadyAnswered,
    AnswerNeeded,
    CircleClosed,
    FounderStays,
    NotAMember,
    NotInvited,
    ReasonNeeded,
    RemovedBefore,
)
from quanzi.community.circles.events import CircleJoined, CircleLeft, JoinAsked, JoinRefused
from quanzi.community.circles.models import Admission, Circle, CircleRole, JoinLink, Membership, MembershipState
from quanzi.community.circles.policies import may_appoint, may_moderate
from quanzi.community.circles.services.links import spend_link
from quanzi.kernel.errors import NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify


@transaction.atomic
def ask_to_join(*, circle: Circle, member: Member, answer: str = "", token: str = "", now: datetime) -> Membership:
    """Join at once (open circle, or a good link), or wait for an answer (question). Asking twice changes nothing.

    Raises CircleClosed, RemovedBefore, AnswerNeeded, NotInvited, LinkExpired, LinkUsedUp.
    """
    if circle.closed_at is not None:
        raise CircleClosed
    place = Membership.objects.select_for_update().filter(circle=circle, member=member).first()
    if place is not None and place.state == MembershipState.JOINED:
        return place
    if place is not None and place.state == MembershipState.REMOVED:
        raise RemovedBefore(reason=place.reason)
    link = spend_link(circle=circle, token=token, now=now) if token else None
    if link is not None or circle.admission == Admission.OPEN:
        return _let_in(circle=circle, member=member, link=link, now=now)
    if circle.admission == Admission.INVITATION:
        raise NotInvited
    if place is not None and place.state == MembershipState.ASKED:
        return place
    if not answer.strip():
        raise AnswerNeeded(field="answer")
    return _wait(circle=circle, member=member, answer=answer.strip()[:500], now=now)


@transaction.atomic
def answer_request(
    *, membership_id: int, moderator: Member, accept: bool, reason: str = "", now: datetime
) -> Membership:
    """Let somebody in, or refuse with a reason that they will read. Raises ReasonNeeded, AlreadyAnswered."""
    place = Membership.objects.select_for_update().select_related("circle", "member").filter(pk=membership_id).first()
    if place is None:
        raise NotFound
    if not may_moderate(moderator, place.circle):
        raise NotAllowed
    if place.state != MembershipState.ASKED:
        raise AlreadyAnswered
    if accept:
        return _let_in(circle=place.circle, member=place.member, link=None, now=now)
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    place.state, place.reason, place.ended_at = MembershipState.REFUSED, reason.strip()[:200], now
    place.save(update_fields=["state", "reason", "ended_at"])
    record(JoinRefused(circle_id=place.circle_id, member_id=place.member_id, reason=place.reason), now=now)
    return place


@transaction.atomic
def leave(*, circle: Circle, member: Member, now: datetime) -> None:
    """Go out of a circle; posts stay. The founder hands the circle over first."""
    place = _live_place(circle, member)
    if place.role == CircleRole.FOUNDER:
        raise FounderStays
    _end(place, state=MembershipState.LEFT, reason="", now=now)


@transaction.atomic
def remove_member(*, circle: Circle, member: Member, moderator: Member, reason: str, now: datetime) -> None:
    """A moderator takes somebody out, with a reason that the person will read."""
    if not may_moderate(moderator, circle):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    place = _live_place(circle, member)
    if place.role == CircleRole.FOUNDER:
        raise FounderStays
    _end(place, state=MembershipState.REMOVED, reason=reason.strip()[:200], now=now)
    audit(
        actor=moderator, action="circle.remove_member", target=f"circle:{circle.pk}",
        after={"member_id": member.pk, "reason": reason}, now=now,
    )  # fmt: skip


@transaction.atomic
def appoint(*, circle: Circle, member: Member, role: str, founder: Member, now: datetime) -> Membership:
    """Give a role, and tell who has it now. Naming a new founder makes the old one a moderator."""
    if not may_appoint(founder, circle):
        raise NotAllowed
    place = _live_place(circle, member)
    if place.member_id == founder.pk:
        raise FounderStays
    if role == CircleRole.FOUNDER:
        Membership.objects.filter(circle=circle, member=founder).update(role=CircleRole.MODERATOR)
        Circle.objects.filter(pk=circle.pk).update(founder=member)
    before, place.role = place.role, CircleRole(role)
    place.save(update_fields=["role"])
    audit(
        actor=founder, action="circle.appoint", target=f"circle:{circle.pk}",
        before={"member_id": member.pk, "role": before}, after={"member_id": member.pk, "role": place.role}, now=now,
    )  # fmt: skip
    if before != place.role:
        notify(
            member_id=member.pk, kind=f"circle_role_{place.role}", params={"circle": circle.name},
            link=f"/c/{circle.slug}", key=f"circle_role:{circle.pk}:{member.pk}:{now:%Y%m%d%H%M%S}", now=now,
        )  # fmt: skip
    return place


def _let_in(*, circle: Circle, member: Member, link: JoinLink | None, now: datetime) -> Membership:
    inviter_id = link.maker_id if link is not None and link.maker_id != member.pk else None
    place, _ = Membership.objects.update_or_create(
        circle=circle,
        member=member,
        defaults={
            "state": MembershipState.JOINED, "role": CircleRole.MEMBER, "joined_at": now, "ended_at": None,
            "reason": "", "invited_by_id": inviter_id,
        },
        create_defaults={
            "state": MembershipState.JOINED, "asked_at": now, "joined_at": now, "invited_by_id": inviter_id,
        },
    )  # fmt: skip
    record(CircleJoined(circle_id=circle.pk, member_id=member.pk, invited_by_id=inviter_id), now=now)
    return place


def _wait(*, circle: Circle, member: Member, answer: str, now: datetime) -> Membership:
    place, _ = Membership.objects.update_or_create(
        circle=circle,
        member=member,
        defaults={
            "state": MembershipState.ASKED, "answer": answer, "asked_at": now, "joined_at": None, "ended_at": None, "reason": "",
        },
    )  # fmt: skip
    record(JoinAsked(circle_id=circle.pk, member_id=member.pk), now=now)
    return place


def _live_place(circle: Circle, member: Member) -> Membership:
    place = Membership.objects.select_for_update().filter(
        circle=circle, member=member, state=MembershipState.JOINED
    ).first()  # fmt: skip
    if place is None:
        raise NotAMember
    return place


def _end(place: Membership, *, state: MembershipState, reason: str, now: datetime) -> None:
    place.state, place.reason, place.ended_at, place.role = state, reason, now, CircleRole.MEMBER
    place.save(update_fields=["state", "reason", "ended_at", "role"])
    removed = state == MembershipState.REMOVED
    record(CircleLeft(circle_id=place.circle_id, member_id=place.member_id, removed=removed), now=now)
