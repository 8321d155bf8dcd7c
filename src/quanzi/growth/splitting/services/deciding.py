"""Splitting a circle, or leaving it whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.base.jobs.services import enqueue
from quanzi.community.circles.models import Circle, CircleRole, MembershipState
from quanzi.community.circles.services import create_circle
from quanzi.community.circles.services.moving import move_in
from quanzi.growth.splitting import errors, rules
from quanzi.growth.splitting.models import Part, Place, Setting, Split, SplitState
from quanzi.growth.splitting.policies import may_decide
from quanzi.kernel.errors import InvalidInput, NotAllowed, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.contact.services import notify


@transaction.atomic
def split_circle(
    *,
    split_id: int,
    by: Member,
    names: Mapping[int, str],
    leaders: Mapping[int, int | None],
    sure: bool,
    now: datetime,
) -> Split:
    """Make a circle of each part, whole or not at all. The old circle stays with all that is in it, and so does everybody's place there.

    names: of each part id; leaders: who is asked to lead it, None for nobody. Whoever decides founds the new circles, until a leader agrees.
    Raises NothingToDecide, SureNeeded, PartNameNeeded, NotOfThisPart, and what founding a circle raises.
    """
    split = _open(split_id, by)
    parts = list(split.parts.order_by("position"))
    chosen = {part.pk: (names.get(part.pk) or part.name).strip() for part in parts}
    if any(not 1 <= len(name) <= rules.NAME_MAX for name in chosen.values()) or len(set(chosen.values())) < len(parts):
        raise errors.PartNameNeeded(field="names")
    if not sure:
        raise errors.SureNeeded(field="sure")
    roles = dict(split.circle.memberships.filter(state=MembershipState.JOINED).values_list("member_id", "role"))
    for part in parts:
        leader_id = leaders.get(part.pk, part.leader_id)
        if leader_id is not None and not _is_of(part, leader_id, roles):
            raise errors.NotOfThisPart(field="leaders")
        part.name, part.leader_id = chosen[part.pk], leader_id
        if leader_id == by.pk:  # whoever decides need not be asked
            part.leader_answered_at, part.leader_agreed = now, True
        part.daughter = _daughter(split.circle, part, by=by, roles=roles, now=now)
        part.save(update_fields=["name", "leader", "leader_answered_at", "leader_agreed", "daughter"])
    _place_the_rest(split, roles)
    split.state, split.decided_at, split.decided_by, split.undo_until = SplitState.DONE, now, by, now + rules.UNDO
    split.save(update_fields=["state", "decided_at", "decided_by", "undo_until"])
    audit(
        actor=by, action="split.done", target=f"circle:{split.circle_id}",
        after={"split": split.pk, "circles": [part.daughter_id for part in parts]}, now=now,
    )  # fmt: skip
    enqueue("splitting.tell", split_id=split.pk)
    return split


@transaction.atomic
def decline(*, split_id: int, by: Member, now: datetime) -> Split:
    """Leave the circle whole; it is left alone for ninety days."""
    split = _open(split_id, by)
    split.state, split.decided_at, split.decided_by = SplitState.DECLINED, now, by
    split.save(update_fields=["state", "decided_at", "decided_by"])
    audit(actor=by, action="split.declined", target=f"circle:{split.circle_id}", after={"split": split.pk}, now=now)
    return split


def tell(*, split_id: int, now: datetime) -> None:
    """Everybody hears where they are now, and that they choose; leaders are asked. Said once, however often this runs."""
    split = Split.objects.select_related("circle").filter(pk=split_id, state=SplitState.DONE).first()
    if split is None:
        return
    link = f"/c/{split.circle.slug}/split"
    for place in split.places.select_related("part").order_by("pk"):
        params = {"circle": split.circle.name, "part": place.part.name if place.part is not None else ""}
        kind = "split_placed" if place.part is not None else "split_unclear"
        notify(member_id=place.member_id, kind=kind, params=params, link=link, key=f"split:{split.pk}", now=now)
    for part in split.parts.filter(leader__isnull=False, leader_answered_at=None):
        notify(
            member_id=part.leader_id or 0, kind="split_lead", params={"part": part.name}, link=link,
            key=f"split_lead:{part.pk}", now=now,
        )  # fmt: skip


def tell_undone(*, split_id: int, now: datetime) -> None:
    """Everybody hears that the circle is whole again, and what became of what was written meanwhile. Said once."""
    split = Split.objects.select_related("circle").filter(pk=split_id, state=SplitState.UNDONE).first()
    if split is None:
        return
    for member_id in split.places.order_by("pk").values_list("member_id", flat=True):
        notify(
            member_id=member_id, kind="split_undone", params={"circle": split.circle.name}, link=f"/c/{split.circle.slug}",
            key=f"split_undone:{split.pk}", now=now,
        )  # fmt: skip


@transaction.atomic
def set_least(*, least_members: int, by: Member, now: datetime) -> None:
    """From how many people on circles are looked at. Raises InvalidInput outside 20 to 100,000."""
    if not can(by, "shop.edit"):
        raise NotAllowed
    if not 20 <= least_members <= 100_000:
        raise InvalidInput(field="least_members")
    before = Setting.objects.select_for_update().first()
    Setting.objects.update_or_create(pk=1, defaults={"least_members": least_members, "changed_at": now})
    audit(
        actor=by, action="split.settings", target="shop:1", before={"least_members": before.least_members if before else None},
        after={"least_members": least_members}, now=now,
    )  # fmt: skip


def _open(split_id: int, by: Member) -> Split:
    """The proposal, locked. Raises NotFound, NotAllowed, NothingToDecide."""
    found = Split.objects.select_for_update(of=("self",)).select_related("circle__founder")
    split = found.filter(pk=split_id).first()
    if split is None:
        raise NotFound
    if not may_decide(by, split.circle):
        raise NotAllowed
    if split.state != SplitState.OPEN:
        raise errors.NothingToDecide
    return split


def _is_of(part: Part, member_id: int, roles: Mapping[int, str]) -> bool:
    return member_id in roles and part.places.filter(member_id=member_id).exists()


def _daughter(circle: Circle, part: Part, *, by: Member, roles: Mapping[int, str], now: datetime) -> Circle:
    """A circle with the door, the charter and the place of the old one; moderators stay moderators in their part."""
    made = create_circle(
        founder=by, name=part.name, summary=circle.summary, charter=circle.charter, place=circle.place, admission=circle.admission,
        question=circle.question, cover=circle.cover, is_demo=circle.is_demo, now=now,
    )  # fmt: skip
    people = part.places.filter(member_id__in=roles).values_list("member_id", flat=True)
    keeps = {CircleRole.FOUNDER: CircleRole.MODERATOR}
    move_in(circle=made, roles={one: keeps.get(CircleRole(roles[one]), roles[one]) for one in people}, now=now)
    return made


def _place_the_rest(split: Split, roles: Mapping[int, str]) -> None:
    """Whoever came since the look has no part and may choose one."""
    known = set(split.places.values_list("member_id", flat=True))
    Place.objects.bulk_create(Place(split=split, member_id=one) for one in sorted(set(roles) - known))
    split.places.exclude(member_id__in=roles).delete()
