"""Founding, changing and closing a circle."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from quanzi.base.audit.services import write as audit
from quanzi.base.events.services import record
from quanzi.base.media.models import Picture
from quanzi.community.circles.errors import DoorStaysClosed, NameImitates, NameNeeded, NameTaken, QuestionNeeded
from quanzi.community.circles.events import CircleFounded
from quanzi.community.circles.models import Admission, Circle, CircleRole, Membership, MembershipState
from quanzi.community.circles.policies import may_moderate
from quanzi.kernel.errors import NotAllowed
from quanzi.kernel.ids import new_code
from quanzi.kernel.lookalikes import skeleton
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.naming import speaks_for_the_shop
from quanzi.people.accounts.rules import visible

CHANGEABLE = ("name", "summary", "charter", "place", "admission", "question", "cover")


@transaction.atomic
def create_circle(
    *,
    founder: Member,
    name: str,
    slug: str = "",
    summary: str = "",
    charter: str = "",
    place: str = "",
    admission: str = Admission.OPEN,
    question: str = "",
    cover: Picture | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Circle:
    """Found a circle; the founder is its first member. Raises NameNeeded, NameImitates, NameTaken, QuestionNeeded."""
    circle = Circle(
        founder=founder, name=visible(name), slug=slug or _address(name), summary=summary.strip(), charter=charter.strip(),
        place=place.strip(), admission=admission, question=question.strip(), cover=cover, is_demo=is_demo, created_at=now,
    )  # fmt: skip
    _check(circle)
    _check_name(circle, founder)
    _save(circle)
    Membership.objects.create(
        circle=circle,
        member=founder,
        role=CircleRole.FOUNDER,
        state=MembershipState.JOINED,
        asked_at=now,
        joined_at=now,
    )
    record(CircleFounded(circle_id=circle.pk, founder_id=founder.pk), now=now)
    return circle


@transaction.atomic
def update_circle(*, circle: Circle, moderator: Member, changes: dict[str, object], now: datetime) -> Circle:
    """Change what `CHANGEABLE` names; other keys are refused as a mistake of the caller.

    What was written behind a closed door stays behind it: once others have joined, the door is not opened to everybody.
    Raises NotAllowed, DoorStaysClosed, NameNeeded, NameImitates, QuestionNeeded.
    """
    if not may_moderate(moderator, circle):
        raise NotAllowed
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"a circle has no changeable {sorted(unknown)}")
    circle = Circle.objects.select_for_update().get(pk=circle.pk)
    _check_door(circle, str(changes.get("admission", circle.admission)))
    before = {key: str(getattr(circle, key)) for key in changes}
    for key, value in changes.items():
        setattr(circle, key, value.strip() if isinstance(value, str) else value)
    circle.name = visible(circle.name)
    _check(circle)
    if circle.name != before.get("name", circle.name):
        _check_name(circle, moderator)
    _save(circle)
    after = {key: str(getattr(circle, key)) for key in changes}
    audit(actor=moderator, action="circle.update", target=f"circle:{circle.pk}", before=before, after=after, now=now)
    return circle


@transaction.atomic
def close_circle(*, circle: Circle, moderator: Member, now: datetime) -> None:
    """No more joining or writing; what was written stays readable."""
    if not may_moderate(moderator, circle):
        raise NotAllowed
    if Circle.objects.filter(pk=circle.pk, closed_at=None).update(closed_at=now):
        audit(actor=moderator, action="circle.close", target=f"circle:{circle.pk}", now=now)


def _check_door(circle: Circle, admission: str) -> None:
    others = Membership.objects.filter(circle=circle, joined_at__isnull=False).exclude(member_id=circle.founder_id)
    if circle.admission != Admission.OPEN and admission == Admission.OPEN and others.exists():
        raise DoorStaysClosed(field="admission")


def _check(circle: Circle) -> None:
    if not 1 <= len(circle.name) <= 40:
        raise NameNeeded(field="name")
    if circle.admission == Admission.QUESTION and not circle.question:
        raise QuestionNeeded(field="question")


def _check_name(circle: Circle, by: Member) -> None:
    """No circle passes for another one, or for the shop's; whoever founded the other may, and the staff."""
    if by.is_staff:
        return
    others = Circle.objects.filter(closed_at=None).exclude(pk=circle.pk).exclude(founder_id=circle.founder_id)
    wanted = skeleton(circle.name)
    if speaks_for_the_shop(circle.name) or (
        wanted and wanted in {skeleton(name) for name in others.values_list("name", flat=True)}
    ):
        raise NameImitates(field="name")


def _save(circle: Circle) -> None:
    try:
        with transaction.atomic():
            circle.save()
    except IntegrityError as refused:
        if "slug" in str(refused):
            raise NameTaken(field="name") from refused
        raise


def _address(name: str) -> str:
    """Chinese names keep their characters out of the address; a random tail makes it unique."""
    readable = slugify(name)[:40]
    tail = new_code(5).lower()
    return f"{readable}-{tail}" if readable else tail
