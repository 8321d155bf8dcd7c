"""What members make of a split: their part, several, or none; and whether they lead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from quanzi.community.circles.errors import FounderStays, RemovedBefore
from quanzi.community.circles.models import CircleRole, Membership, MembershipState
from quanzi.community.circles.services import appoint, leave
from quanzi.community.circles.services.moving import move_in
from quanzi.growth.splitting import errors
from quanzi.growth.splitting.models import Part, Place, Split, SplitState
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify


@transaction.atomic
def choose(*, split_id: int, member: Member, part_ids: Collection[int], now: datetime) -> Place:
    """Be in exactly these parts: one, several, or none, which is to stay in the old circle alone. Again and again until the days are over.

    Raises NotFound, WindowOver, NotPlaced, FounderStays, RemovedBefore.
    """
    split = _running(split_id, now=now)
    place = Place.objects.select_for_update().filter(split=split, member=member).first()
    if place is None:
        raise errors.NotPlaced
    parts = list(split.parts.select_related("daughter"))
    if not set(part_ids) <= {part.pk for part in parts}:
        raise NotFound
    for part in parts:
        _be(part, member, part.pk in part_ids, now=now)
    place.chosen_at = now
    place.save(update_fields=["chosen_at"])
    return place


def _be(part: Part, member: Member, wanted: bool, *, now: datetime) -> None:
    circle = part.daughter
    assert circle is not None  # split circles have one
    place = Membership.objects.select_for_update().filter(circle=circle, member=member).first()
    is_in = place is not None and place.state == MembershipState.JOINED
    if wanted and place is not None and place.state == MembershipState.REMOVED:
        raise RemovedBefore(reason=place.reason)
    if wanted and not is_in:
        move_in(circle=circle, roles={member.pk: CircleRole.MEMBER}, now=now)
    if is_in and not wanted:
        if place is not None and place.role == CircleRole.FOUNDER:
            raise FounderStays
        leave(circle=circle, member=member, now=now)


@transaction.atomic
def answer_leading(*, part_id: int, member: Member, agrees: bool, now: datetime) -> Part:
    """The leader who was asked takes the circle over, or says no. Raises NotFound, NothingToDecide, WindowOver."""
    part = Part.objects.select_for_update(of=("self",)).select_related("split", "daughter").filter(pk=part_id).first()
    if part is None or part.leader_id != member.pk or part.daughter is None:
        raise NotFound
    split = _running(part.split_id, now=now)
    if part.leader_answered_at is not None:
        raise errors.NothingToDecide
    part.leader_answered_at, part.leader_agreed = now, agrees
    part.save(update_fields=["leader_answered_at", "leader_agreed"])
    circle = part.daughter
    founder = Member.objects.get(pk=circle.founder_id)
    if agrees and founder.pk != member.pk:
        move_in(circle=circle, roles={member.pk: CircleRole.MEMBER}, now=now)
        appoint(circle=circle, member=member, role=CircleRole.FOUNDER, founder=founder, now=now)
    notify(
        member_id=founder.pk, kind="split_led" if agrees else "split_not_led", params={"part": part.name},
        link=f"/c/{split.circle.slug}/split", key=f"split_led:{part.pk}", now=now,
    )  # fmt: skip
    return part


def _running(split_id: int, *, now: datetime) -> Split:
    found = Split.objects.select_for_update(of=("self",), no_key=True).select_related("circle")
    split = found.filter(pk=split_id, state=SplitState.DONE).first()
    if split is None:
        raise NotFound
    if split.undo_until is None or split.undo_until <= now:
        raise errors.WindowOver
    return split
