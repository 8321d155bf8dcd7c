"""Rings: found by growth.rings, decided by a moderator, read by every count."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base.audit.services import write as audit
from quanzi.kernel.errors import InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.people.accounts.queries import MemberCard, cards
from quanzi.people.accounts.rules import visible
from quanzi.people.contact.services import notify
from quanzi.people.trust.models import Ring, RingMember, RingState

REASON_LIMIT = 200

LEFT_OUT = "EXISTS (SELECT FROM trust_ringmember ring WHERE ring.member_id = {id} AND ring.left_out)"
"""Whether a moderator left the member {id} out of counts: for every statement that counts what people did."""


class RingNotFound(NotFound):
    code = "ring_not_found"
    message = N_("There is no such ring.")


class RingReasonNeeded(InvalidInput):
    code = "ring_reason_needed"
    message = N_("Please give the reason, within {limit} characters.")


@dataclass(frozen=True)
class FoundRing:
    """people: ids in their order; signs: of each pair inside, by kind and with how often."""

    people: tuple[int, ...]
    signs: Sequence[Mapping[str, int]]

    @property
    def key(self) -> str:
        return hashlib.sha256(",".join(map(str, self.people)).encode()).hexdigest()


@dataclass(frozen=True)
class RingRow:
    """A ring as a moderator reads it. signs: (name, name, kinds with counts)."""

    id: int
    state: str
    state_label: str
    people: tuple[MemberCard, ...]
    signs: tuple[tuple[str, str, dict[str, int]], ...]
    found_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str


@transaction.atomic
def keep_rings(found: Sequence[FoundRing], *, now: datetime) -> int:
    """Put rings before the moderators; one that is known, or lies inside one that is, is not shown again. Returns the new ones."""
    known = set(Ring.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
    new = 0
    for one in found:
        if one.key in known or _lies_inside_another(one.people):
            continue
        ring = Ring.objects.create(key=one.key, signs=[dict(row) for row in one.signs], found_at=now)
        RingMember.objects.bulk_create([RingMember(ring=ring, member_id=member) for member in one.people])
        new += 1
    return new


@transaction.atomic
def decide_ring(*, ring_id: int, state: str, reason: str, actor: Member, now: datetime) -> Ring:
    """Leave the people of a ring out of counts, ranking and proof, or say that they are honest; either may be decided anew.

    Their orders, money and words stay; they are told, with the reason, and that they may object. Raises NotAllowed, RingNotFound,
    RingReasonNeeded.
    """
    if not can(actor, "circles.moderate"):
        raise NotAllowed
    ring = Ring.objects.select_for_update().filter(pk=ring_id).first()
    if ring is None or state not in (RingState.LEFT_OUT, RingState.HONEST):
        raise RingNotFound
    reason = visible(reason)
    if not reason or len(reason) > REASON_LIMIT:
        raise RingReasonNeeded(field="reason", limit=REASON_LIMIT)
    before = ring.state
    ring.state, ring.reason, ring.decided_at, ring.decided_by = state, reason, now, actor
    ring.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit(
        actor=actor, action="ring.decide", target=f"ring:{ring.pk}", before={"state": before},
        after={"state": state, "reason": reason}, now=now,
    )  # fmt: skip
    if before != state and RingState.LEFT_OUT in (before, state):
        kind = "left_out" if state == RingState.LEFT_OUT else "counted_again"
        for member_id in RingMember.objects.filter(ring=ring).values_list("member_id", flat=True).order_by("member_id"):
            notify(
                member_id=member_id, kind=kind, params={"reason": reason}, link="/me/data",
                key=f"{kind}:{ring.pk}:{int(now.timestamp())}", now=now,
            )  # fmt: skip
    return ring


def rings(*, state: str | None = None, limit: int = 50) -> list[RingRow]:
    """The newest first; those that wait before all others."""
    rows = Ring.objects.select_related("decided_by").order_by("decided_at", "-pk") if state is None else (
        Ring.objects.select_related("decided_by").filter(state=state).order_by("-pk")
    )  # fmt: skip
    found = list(rows[:limit])
    found.sort(key=lambda ring: (ring.state != RingState.WAITING, -ring.pk))
    members: dict[int, list[int]] = {}
    for ring_id, member_id in (
        RingMember.objects.filter(ring__in=found).order_by("member_id").values_list("ring_id", "member_id")
    ):
        members.setdefault(ring_id, []).append(member_id)
    people = cards([one for ids in members.values() for one in ids])
    return [_row(ring, members.get(ring.pk, []), people) for ring in found]


def left_out_ids() -> frozenset[int]:
    """Everybody whom a moderator left out of counts."""
    return frozenset(RingMember.objects.filter(left_out=True).values_list("member_id", flat=True))


def _row(ring: Ring, ids: Sequence[int], people: Mapping[int, MemberCard]) -> RingRow:
    named = {one: people[one] for one in ids if one in people}
    signs = tuple(
        (
            named[row["one"]].name,
            named[row["other"]].name,
            {kind: times for kind, times in row.items() if kind not in ("one", "other")},
        )
        for row in ring.signs
        if row["one"] in named and row["other"] in named
    )
    return RingRow(
        ring.pk, ring.state, ring.get_state_display(), tuple(named.values()), signs, ring.found_at, ring.decided_at,
        ring.decided_by.name if ring.decided_by else "", ring.reason,
    )  # fmt: skip


def _lies_inside_another(people: Sequence[int]) -> bool:
    """Everybody of it is in one known ring."""
    counts: dict[int, int] = {}
    for ring_id in RingMember.objects.filter(member_id__in=people).values_list("ring_id", flat=True):
        counts[ring_id] = counts.get(ring_id, 0) + 1
    return any(count == len(people) for count in counts.values())
