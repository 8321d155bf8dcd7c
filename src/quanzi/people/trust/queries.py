"""Reads of the room: who is reached, by which path, and how to say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db import connection, transaction

from quanzi.base import planned
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import Face, MemberCard, cards, faces
from quanzi.people.trust import words
from quanzi.people.trust.facts import PairFacts, facts_between
from quanzi.people.trust.models import Tie, TieRequest
from quanzi.people.trust.ports import near
from quanzi.people.trust.reaching import Reached as Reached  # offered to other rooms
from quanzi.people.trust.reaching import reached, reached_of
from quanzi.people.trust.rules import MAX_STEPS, bars, word_of

# Who is tied to a member without being known in return; a tie that they hide is theirs.
TIED_TO = """SELECT e.source_id, 1 - exp(-(e.still + e.fading * trust_fade(%(now)s))) AS strength FROM trust_edge e
WHERE e.target_id = %(member)s AND NOT e.hidden AND e.since <= %(now)s
  AND NOT EXISTS (SELECT FROM trust_edge r WHERE r.source_id = e.target_id AND r.target_id = e.source_id)
ORDER BY strength DESC, e.source_id LIMIT %(limit)s"""


@dataclass(frozen=True)
class Edge:
    """One step of a path: whom it leads to, and what they are to the person before. The first is the reader."""

    face: Face
    label: str = ""


@dataclass(frozen=True)
class TieLabel:
    """How somebody is tied to the viewer, in a few words. steps and strength are 0 for a mere neighbour."""

    words: str
    steps: int
    strength: float
    path: tuple[int, ...] = ()


@dataclass(frozen=True)
class TrustedPerson:
    """A line of "my circle of trust". steps: 0 for somebody whom the member is not tied to, but who is tied to them.

    facts: the reasons, as sentences; received: what ties the other to the member; hidden, is_used: as the member chose.
    """

    card: MemberCard
    steps: int
    strength: float
    bars: int
    word: str
    label: str
    facts: tuple[str, ...]
    hidden: bool
    path: tuple[int, ...]
    received: tuple[str, ...] = ()
    is_used: bool = True


@dataclass(frozen=True)
class RequestRow:
    """An open request to be tied."""

    id: int
    card: MemberCard
    kind: str
    kind_label: str
    made_at: datetime


def reach(member_id: int, now: datetime, max_steps: int = MAX_STEPS) -> dict[int, Reached]:
    """Everybody within `max_steps` (never more than three) by the strongest path, in one statement."""
    return dict(reached(member_id, min(max_steps, MAX_STEPS), now))


def recommenders(member_id: int, now: datetime) -> dict[int, Reached]:
    """Everybody within three steps through whom things may be recommended: nobody whose tie an end left out."""
    return {one: row for one, row in reached(member_id, MAX_STEPS, now).items() if row.is_used}


def path(from_id: int, to_id: int, now: datetime) -> Reached | None:
    """The strongest path from one member to another; None when there is none within three steps."""
    rows = planned.rows(
        "SELECT member_id, steps, strength, path, is_used FROM trust_path(%s, %s, %s)", [from_id, to_id, now]
    )
    return reached_of(rows[0]) if rows else None


def ties_in_use(now: datetime, *, of: Sequence[int] | None = None) -> Iterator[tuple[int, int, float]]:
    """Every tie through which things may be recommended: from whom, to whom, how strong (0 to 1). Read piece by piece.

    of: only the ties of these people, in both directions.

    Without ties that an end hides or leaves out, across a block, to somebody who is gone, or of somebody whom a moderator left
    out. A withdrawn consent to recommendation (contact) is the caller's to ask for: it is about a purpose, not about a tie.
    """
    sql = """SELECT source_id, target_id, 1 - exp(-(still + fading * trust_fade(%s))) FROM trust_edge
        WHERE NOT hidden AND is_used AND since <= %s
          AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.left_out AND r.member_id IN (source_id, target_id))
          {narrowed}
        ORDER BY source_id, target_id"""
    narrowed = "" if of is None else "AND (source_id = ANY(%s) OR target_id = ANY(%s))"
    values: list[datetime | list[int]] = [now, now] if of is None else [now, now, list(of), list(of)]
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql.format(narrowed=narrowed), values)
        yield from cursor


def path_words(path: Sequence[int], now: datetime) -> list[Edge]:
    """A path in words, the reader first, then step by step ("sister", "friend"). Only the reader's own words for people are used.

    Empty when a step of it is gone.
    """
    return paths_words([path], now)[0]


def paths_words(paths: Sequence[Sequence[int]], now: datetime) -> list[list[Edge]]:
    """`path_words` of several, in two statements."""
    facts = facts_between({step for path in paths for step in pairwise(path)}, now=now)
    people = faces({one for path in paths for one in path})
    return [_edges(path, facts, people) for path in paths]


def _edges(path: Sequence[int], facts: Mapping[tuple[int, int], PairFacts], people: Mapping[int, Face]) -> list[Edge]:
    steps = list(pairwise(path))
    if any(one not in people for one in path) or any(step not in facts for step in steps):
        return []
    labels = [words.noun(facts[step], is_own=index == 0) for index, step in enumerate(steps)]
    return [Edge(people[one], label) for one, label in zip(path, ["", *labels], strict=True)]


def tie_label(viewer_id: int, other_id: int, now: datetime) -> TieLabel | None:
    """How one person is tied to the viewer; None for a stranger."""
    return tie_labels(viewer_id, [other_id], now).get(other_id)


def tie_labels(viewer_id: int, ids: Iterable[int], now: datetime) -> dict[int, TieLabel]:
    """How many people are tied to the viewer, in a fixed number of queries; strangers are left out."""
    wanted = set(ids) - {viewer_id}
    return said(viewer_id, reached(viewer_id, MAX_STEPS, now), ids=wanted, now=now)[0] if wanted else {}


def said(
    viewer_id: int, found: Mapping[int, Reached], *, ids: Iterable[int], path: Sequence[int] = (), now: datetime
) -> tuple[dict[int, TieLabel], list[Edge]]:
    """`tie_labels` of some people and `path_words` of one path, from one read of facts. found: everybody who is reached."""
    wanted = sorted(set(ids) - {viewer_id})
    known = [found[one] for one in wanted if one in found]
    pairs = {pair for row in known for pair in pairwise(row.path)}.union(pairwise(path))
    facts = facts_between(pairs, now=now)
    labels = {row.member_id: TieLabel(_words_of(row, facts), row.steps, row.strength, row.path) for row in known}
    neighbours = near(viewer_id, [one for one in wanted if one not in labels])
    labels |= {one: TieLabel(words.neighbour(), 0, 0.0) for one in neighbours}
    return labels, _edges(path, facts, faces(path)) if path else []


def circle_of_trust(member: Member, now: datetime, limit: int = 50) -> list[TrustedPerson]:
    """The people a member is tied to, and the nearest of their people, the strongest first, with the reasons; then those
    who are tied to the member alone."""
    rows = sorted(reached(member.pk, 2, now).values(), key=lambda row: (row.steps, -row.strength, row.member_id))[
        :limit
    ]
    tied = planned.rows(TIED_TO, {"member": member.pk, "now": now, "limit": limit})
    people = cards([row.member_id for row in rows] + [row.path[1] for row in rows] + [row[0] for row in tied])
    pairs = {pair for row in rows for pair in pairwise(row.path)}
    back = {(row.member_id, member.pk) for row in rows if row.steps == 1} | {(row[0], member.pk) for row in tied}
    facts = facts_between(pairs | back, now=now)
    found = [_trusted(member.pk, row, people, facts) for row in rows if row.member_id in people]
    alone = [_tied_alone(member.pk, one, value, people[one], facts) for one, value in tied if one in people]
    return sorted(found, key=lambda one: (-one.strength, one.card.id)) + [one for one in alone if one.received]


def live_kinds(member_id: int, other_id: int) -> set[str]:
    """Kinds of the ties from one member to another that stand now."""
    live = Tie.objects.filter(source_id=member_id, target_id=other_id, withdrawn_at=None)
    return set(live.values_list("kind", flat=True))


def requests_to(member: Member) -> list[RequestRow]:
    """Requests that wait for the member's answer, oldest first."""
    rows = list(TieRequest.objects.filter(target=member, answered_at=None).order_by("id"))
    return _request_rows([(row, row.source_id) for row in rows])


def requests_from(member: Member) -> list[RequestRow]:
    """The member's own requests without a yes; one that was declined looks like one that waits."""
    rows = list(TieRequest.objects.filter(source=member).exclude(accepted=True).order_by("-id")[:100])
    return _request_rows([(row, row.target_id) for row in rows])


def _words_of(row: Reached, facts: dict[tuple[int, int], PairFacts]) -> str:
    pairs = [facts[pair] for pair in pairwise(row.path) if pair in facts]
    if len(pairs) < row.steps:
        return ""
    return words.direct(pairs[0]) if row.steps == 1 else words.along(pairs)


def _trusted(
    viewer_id: int, row: Reached, people: dict[int, MemberCard], facts: dict[tuple[int, int], PairFacts]
) -> TrustedPerson:
    direct = facts.get((viewer_id, row.member_id)) if row.steps == 1 else None
    if direct is not None:
        reasons = words.reasons(direct)
    else:
        between = people.get(row.path[1])
        reasons = (words.through(between.name if between else ""),)
    back = facts.get((row.member_id, viewer_id))
    return TrustedPerson(
        card=people[row.member_id], steps=row.steps, strength=row.strength, bars=bars(row.strength),
        word=words.strength_word(word_of(row.strength)), label=_words_of(row, facts), facts=reasons,
        hidden=direct.hidden if direct else False, path=row.path,
        received=words.received(back) if direct and back and not back.hidden else (),
        is_used=direct.is_used if direct else True,
    )  # fmt: skip


def _tied_alone(
    viewer_id: int, other_id: int, value: float, card: MemberCard, facts: dict[tuple[int, int], PairFacts]
) -> TrustedPerson:
    back = facts.get((other_id, viewer_id))
    return TrustedPerson(
        card=card, steps=0, strength=value, bars=bars(value), word=words.strength_word(word_of(value)), label="", facts=(),
        hidden=False, path=(), received=words.received(back) if back else (),
    )  # fmt: skip


def _request_rows(rows: Sequence[tuple[TieRequest, int]]) -> list[RequestRow]:
    people = cards(other for _, other in rows)
    return [
        RequestRow(row.pk, people[other], row.kind, row.get_kind_display(), row.made_at)
        for row, other in rows
        if other in people
    ]
