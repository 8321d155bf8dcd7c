"""Looking at a circle, and proposing a cut where it falls apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q

from quanzi.base.jobs.services import enqueue
from quanzi.community.circles.models import Circle, MembershipState
from quanzi.community.circles.queries import member_ids
from quanzi.growth.searching.indexing import catch_up_all
from quanzi.growth.splitting import errors, rules
from quanzi.growth.splitting.models import Look, Outcome, Part, Place, Setting, Split, SplitState
from quanzi.growth.splitting.policies import may_look
from quanzi.growth.splitting.talk import leaders_of, words_of
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.contact.services import notify

if TYPE_CHECKING:
    from quanzi.growth.splitting.cutting import Cut, Graph

LATELY = timedelta(days=90)
LEAST_MEMBERS = 80


def least_members() -> int:
    """From how many people on circles are looked at, as the shop chose."""
    row = Setting.objects.first()
    return row.least_members if row is not None else LEAST_MEMBERS


def look_at_all(*, now: datetime) -> None:
    """Ask for a look at every circle that is large enough and was left alone long enough."""
    living = Circle.objects.filter(closed_at=None).alias(
        members=Count("memberships", filter=Q(memberships__state=MembershipState.JOINED))
    )
    resting = Split.objects.filter(decided_at__gt=now - rules.SILENCE).values("circle_id")
    for circle_id in living.filter(members__gte=least_members()).exclude(pk__in=resting).values_list("pk", flat=True):
        enqueue(
            "splitting.look_at", circle_id=circle_id, lock=f"splitting:{circle_id}", unique=f"splitting:{circle_id}"
        )


@transaction.atomic
def ask_to_look(*, circle: Circle, by: Member, now: datetime) -> None:
    """Have a circle looked at in a moment. Raises CircleTooSmall, LookedLately."""
    if not may_look(by, circle):
        raise NotAllowed
    members, least = len(member_ids(circle)), least_members()
    if members < least:
        raise errors.CircleTooSmall(least=least, members=members)
    if Look.objects.filter(circle=circle, looked_at__gt=now - rules.PAUSE).exists():
        raise errors.LookedLately
    enqueue("splitting.look_at", circle_id=circle.pk, lock=f"splitting:{circle.pk}", unique=f"splitting:{circle.pk}")


def look(*, circle_id: int, now: datetime) -> Split | None:
    """Look at a circle; the proposal when it falls apart. A circle whose split may still be undone is not looked at."""
    # numpy and Leiden are loaded by the one job that looks, not by every start of a process.
    from quanzi.growth.splitting.cutting import cut
    from quanzi.growth.splitting.graph import graph_of, ties_of

    if Split.objects.filter(circle_id=circle_id, state=SplitState.DONE, undo_until__gt=now).exists():
        return None
    circle = Circle.objects.select_related("founder").get(pk=circle_id)
    ties = ties_of(circle_id, now=now)
    graph, people = graph_of(ties)
    found = cut(graph, seed=circle_id)
    catch_up_all()  # words are read from what the search knows
    with transaction.atomic():
        everybody = member_ids(circle)
        _note(circle, graph, found, members=len(everybody), now=now)
        before = Split.objects.filter(circle=circle, state=SplitState.OPEN).update(state=SplitState.OUTDATED)
        if found.outcome != Outcome.CUT:
            return None
        part = {member: int(number) for member, number in zip(people, found.part, strict=True) if number >= 0}
        split = _propose(circle, ties, part, everybody, now=now)
        if not before:
            notify(
                member_id=circle.founder_id, kind="split_found", params={"circle": circle.name}, link=f"/c/{circle.slug}/split",
                key=f"split_found:{split.pk}", now=now,
            )  # fmt: skip
    return split


def _note(circle: Circle, graph: Graph, found: Cut, *, members: int, now: datetime) -> None:
    Look.objects.update_or_create(
        circle=circle,
        defaults={
            "looked_at": now, "outcome": found.outcome, "members": members, "ties": len(graph.one), "modularity": found.modularity,
            "chance": found.chance, "spread": found.spread, "agreement": found.agreement,
        },
    )  # fmt: skip


def _propose(
    circle: Circle, ties: Sequence[rules.Tie], part: dict[int, int], everybody: Sequence[int], *, now: datetime
) -> Split:
    people: dict[int, list[int]] = {}
    for member, number in part.items():
        people.setdefault(number, []).append(member)
    words = words_of(circle.pk, people)
    split = Split.objects.create(circle=circle, flows=rules.flows(ties, part, len(people)), found_at=now)
    rows: dict[int, Part] = {}
    for number in sorted(people):
        leaders = leaders_of(circle.pk, people[number], since=now - LATELY, now=now)
        name = rules.name_of(circle.name, words[number], number, [row.name for row in rows.values()])
        rows[number] = Part.objects.create(
            split=split, position=number, name=name, words=words[number], leaders=[one.told() for one in leaders],
            leader_id=leaders[0].member_id if leaders else None,
        )  # fmt: skip
    between = set(rules.bridges(ties, part))
    Place.objects.bulk_create(
        Place(split=split, member_id=member, part=rows.get(part.get(member, -1)), is_bridge=member in between)
        for member in everybody
    )
    return split
