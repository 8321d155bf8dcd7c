"""People who change houses together: many places at once, without a word at the door. For rooms that part or join circles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from quanzi.community.circles.models import Circle, CircleRole, Membership, MembershipState


@transaction.atomic
def move_in(*, circle: Circle, roles: Mapping[int, str], now: datetime) -> None:
    """Let these members in, with their role. Whoever is in stays as they are; whoever was taken out by a moderator stays out."""
    known = Membership.objects.filter(circle=circle, member_id__in=roles)
    back = known.exclude(state__in=(MembershipState.JOINED, MembershipState.REMOVED))
    back.update(state=MembershipState.JOINED, role=CircleRole.MEMBER, joined_at=now, ended_at=None, reason="")
    here = set(known.values_list("member_id", flat=True))
    Membership.objects.bulk_create(
        Membership(
            circle=circle, member_id=member_id, role=role, state=MembershipState.JOINED, asked_at=now, joined_at=now
        )
        for member_id, role in sorted(roles.items())
        if member_id not in here
    )


@transaction.atomic
def move_out(*, circle: Circle, member_ids: Collection[int], now: datetime) -> None:
    """End the places of these members; what they wrote stays."""
    places = Membership.objects.filter(circle=circle, member_id__in=member_ids, state=MembershipState.JOINED)
    places.update(state=MembershipState.LEFT, ended_at=now)


@transaction.atomic
def ask_for(*, circle: Circle, member_ids: Collection[int], answer: str, now: datetime) -> None:
    """Put these members at the door, where a moderator answers them."""
    Membership.objects.bulk_create(
        (Membership(circle=circle, member_id=member_id, state=MembershipState.ASKED, answer=answer, asked_at=now)
         for member_id in sorted(member_ids)), ignore_conflicts=True,
    )  # fmt: skip


def seal(*, circle: Circle, now: datetime) -> None:
    """No more joining or writing; whoever calls accounts for it."""
    Circle.objects.filter(pk=circle.pk, closed_at=None).update(closed_at=now)
