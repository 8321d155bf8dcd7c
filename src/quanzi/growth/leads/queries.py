"""Reads of the room. A lead is told while all of it stands: the consent, the post, its audience and the very text it was found in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import get_language

from quanzi.base import planned
from quanzi.growth.leads.models import (
    Answer,
    Approach,
    Attention,
    Fewer,
    LeadState,
    Opening,
    Topic,
    Watch,
)
from quanzi.growth.leads.rules import DAY_BEGINS, DAY_ENDS, PER_WEEK
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import MemberCard, cards
from quanzi.people.trust.queries import TieLabel, tie_labels

PAGE: Final = 20

STANDS: Final = """leads_is_open(l.opening_id, l.owner_id, l.owner_id IS NULL, %(now)s)
  AND leads_may_read(l.post_id, l.owner_id, l.owner_id IS NULL) AND l.print = md5(p.title || E'\\n' || p.body)"""

LEADS = f"""
SELECT l.id, l.post_id, p.title, left(p.body, 200), p.author_id, t.id,
       CASE WHEN %(english)s AND t.name_en <> '' THEN t.name_en ELSE t.name END, l.found, l.state, l.found_at, p.created_at,
       a.id, a.words, a.answer, g.name, a.sent_at
FROM leads_lead l JOIN posts_post p ON p.id = l.post_id JOIN leads_opening o ON o.id = l.opening_id JOIN leads_topic t ON t.id = o.topic_id
LEFT JOIN leads_approach a ON a.lead_id = l.id LEFT JOIN catalogue_product g ON g.id = a.product_id
WHERE l.owner_id IS NOT DISTINCT FROM %(owner)s::bigint AND l.state = ANY(%(states)s::text[])
  AND (%(id)s::bigint IS NULL OR l.id = %(id)s::bigint) AND (%(before)s::bigint IS NULL OR l.id < %(before)s::bigint) AND {STANDS}
ORDER BY l.id DESC LIMIT %(limit)s
"""

SEEN = """
SELECT l.id, l.post_id, p.title, l.owner_id, CASE WHEN %(english)s AND t.name_en <> '' THEN t.name_en ELSE t.name END, l.shown_at, l.state
FROM leads_lead l JOIN posts_post p ON p.id = l.post_id JOIN leads_opening o ON o.id = l.opening_id JOIN leads_topic t ON t.id = o.topic_id
WHERE p.author_id = %(me)s AND l.shown_at IS NOT NULL AND (%(post)s::bigint IS NULL OR p.id = %(post)s::bigint) AND p.removed_at IS NULL
ORDER BY l.shown_at DESC, l.id DESC LIMIT %(limit)s
"""

# Ties of a sender (NULL: of the shop) with anything sent in ninety days.
TIES = """
SELECT a.recipient_id, count(*), count(a.opened_at), count(*) FILTER (WHERE a.answer IN ('thanks', 'ask')), count(*) FILTER (WHERE a.answer = 'no'),
       max(a.sent_at) + leads_pause(leads_load(%(sender)s::bigint, %(sender)s::bigint IS NULL, a.recipient_id, max(a.sent_at))) > %(now)s
FROM leads_approach a WHERE a.for_shop = (%(sender)s::bigint IS NULL) AND (%(sender)s::bigint IS NULL OR a.sender_id = %(sender)s::bigint)
  AND a.sent_at > %(since)s AND a.sent_at <= %(now)s GROUP BY a.recipient_id
"""
PRESSED = """
SELECT of.id, of.pressed, of.last + leads_pause(of.pressed) FROM (
    SELECT a.recipient_id AS id, max(a.sent_at) AS last, leads_load(%(sender)s::bigint, %(shop)s, a.recipient_id, max(a.sent_at)) AS pressed
    FROM leads_approach a WHERE a.recipient_id = ANY(%(people)s::bigint[]) AND a.for_shop = %(shop)s
      AND (%(shop)s OR a.sender_id = %(sender)s::bigint)
      AND a.sent_at <= %(now)s GROUP BY a.recipient_id) of
"""
SENDERS = """
SELECT CASE WHEN a.for_shop THEN NULL ELSE a.sender_id END AS who, count(*), count(DISTINCT a.recipient_id),
       count(*) FILTER (WHERE a.answer IN ('thanks', 'ask')), count(*) FILTER (WHERE a.answer = 'no')
FROM leads_approach a WHERE a.sent_at > %(since)s AND a.sent_at <= %(now)s GROUP BY who ORDER BY 5 DESC, 2 DESC, who LIMIT 50
"""
DAYS = """
SELECT day::date, count(a.id), count(a.id) FILTER (WHERE a.answer IN ('thanks', 'ask'))
FROM generate_series((%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date - 29, (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date,
    interval '1 day') day
LEFT JOIN leads_approach a ON (a.sent_at AT TIME ZONE 'Asia/Shanghai')::date = day::date AND a.sent_at <= %(now)s GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A post somebody may be shown. tie, steps: how its author is tied to the watcher ("" and 0 for a stranger).

    found: the words it was found by; offered, answer, goods, sent_at: what was offered, when it was.
    """

    id: int
    post_id: int
    title: str
    excerpt: str
    author: MemberCard
    tie: str
    steps: int
    topic_id: int
    topic: str
    found: str
    state: str
    found_at: datetime
    written_at: datetime
    approach_id: int | None
    offered: str
    answer: str
    goods: str
    sent_at: datetime | None

    @property
    def state_label(self) -> str:
        return str(LeadState(self.state).label)

    @property
    def answer_label(self) -> str:
        return str(Answer(self.answer).label)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as its member sees it. opening: what stands now, None when they are not open to it."""

    topic: Topic
    opening: Opening | None


@dataclass(frozen=True, slots=True)
class SeenRow:
    """Who was shown a post of mine. watcher: None for the shop."""

    lead_id: int
    post_id: int
    title: str
    watcher: MemberCard | None
    topic: str
    shown_at: datetime
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Health:
    """How a sender's commercial messages of ninety days are met, over all people together; paused: people whom they may not write to now."""

    people: int
    sent: int
    opened: int
    welcome: int
    refused: int
    paused: int


@dataclass(frozen=True, slots=True)
class SenderRow:
    """A line of the operator's table. sender: None for the shop."""

    sender: MemberCard | None
    sent: int
    people: int
    welcome: int
    refused: int
    paused: int


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def topics() -> list[Topic]:
    """Every topic of the shop, sensitive ones last."""
    return list(Topic.objects.all())


def my_topics(member: Member, now: datetime) -> list[TopicRow]:
    """What a member may open, with what stands."""
    standing = {
        row.topic_id: row for row in Opening.objects.filter(member=member, ended_at=None, until__gt=now)
    }  # fmt: skip
    return [TopicRow(one, standing.get(one.pk)) for one in Topic.objects.filter(is_off=False)]


def watches(owner: Member | None) -> list[Watch]:
    """What is looked out for now; owner None: by the shop."""
    mine = Watch.objects.filter(ended_at=None, for_shop=owner is None).select_related("topic", "owner").order_by("-pk")
    return list(mine.filter(owner=owner) if owner is not None else mine)


def leads(
    owner: Member | None,
    *,
    states: Collection[str] = (LeadState.NEW,),
    lead_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
    now: datetime,
) -> list[LeadRow]:
    """The newest first; owner None: of the shop. To show them is `services.watching.show_leads`."""
    asked = {
        "owner": owner.pk if owner else None, "states": list(states), "id": lead_id, "before": before, "limit": limit,
        "now": now, "english": _is_english(),
    }  # fmt: skip
    rows = planned.rows(LEADS, asked)
    if not rows:
        return []
    people = cards({row[4] for row in rows})
    ties = tie_labels(owner.pk, [row[4] for row in rows], now) if owner is not None else {}
    return [_lead(row, people[row[4]], ties.get(row[4])) for row in rows]


def _lead(row: Sequence[Any], author: MemberCard, tie: TieLabel | None) -> LeadRow:
    words, steps = (tie.words, tie.steps) if tie is not None else ("", 0)
    return LeadRow(
        id=row[0], post_id=row[1], title=row[2], excerpt=row[3], author=author, tie=words, steps=steps, topic_id=row[5], topic=row[6],
        found=row[7], state=row[8], found_at=row[9], written_at=row[10], approach_id=row[11], offered=row[12] or "",
        answer=row[13] or "", goods=row[14] or "", sent_at=row[15],
    )  # fmt: skip


def seen_by(member: Member, *, post_id: int | None = None, limit: int = 50) -> list[SeenRow]:
    """To whom the member's posts were shown as leads, the latest first."""
    rows = planned.rows(SEEN, {"me": member.pk, "post": post_id, "limit": limit, "english": _is_english()})
    people = cards({row[3] for row in rows if row[3] is not None}) if rows else {}
    return [
        SeenRow(row[0], row[1], row[2], people.get(row[3]) if row[3] is not None else None, row[4], row[5], row[6] == LeadState.CLOSED)
        for row in rows
    ]  # fmt: skip


def came_to(member: Member, limit: int = 50) -> list[Approach]:
    """What was offered to a member and has shown, the latest first."""
    told = Approach.objects.filter(recipient=member, told_at__isnull=False)
    return list(told.select_related("sender", "product", "lead__post", "lead__opening__topic").order_by("-pk")[:limit])


def hours_of(member_id: int) -> tuple[int, int]:
    """Between which hours of the day commercial messages show to a member."""
    row = Attention.objects.filter(pk=member_id).values_list("begins", "ends").first()
    return row if row is not None else (DAY_BEGINS, DAY_ENDS)


def per_week(member: Member) -> int:
    """How many messages the member lets come in seven days."""
    row = Attention.objects.filter(pk=member.pk).first()
    return row.per_week if row is not None else PER_WEEK


def fewer_of(member: Member) -> list[Fewer]:
    """From whom the member wants less."""
    return list(Fewer.objects.filter(member=member).select_related("other").order_by("-pk"))


def free_to_write(
    sender: Member, recipient_ids: Collection[int], *, for_shop: bool = False, now: datetime
) -> dict[int, tuple[float, datetime]]:
    """How much the sender has pressed each of these, and from when the next message may go; whom nothing was sent to is left out.

    For the sender's own eyes.
    """
    asked = {"sender": sender.pk, "shop": for_shop, "people": list(recipient_ids), "now": now}
    return {row[0]: (row[1], row[2]) for row in planned.rows(PRESSED, asked)} if recipient_ids else {}


def health(sender: Member | None, now: datetime) -> Health:
    """Over all people together, of ninety days; sender None: of the shop."""
    asked = {"sender": sender.pk if sender else None, "now": now, "since": now - timedelta(days=90)}
    rows = planned.rows(TIES, asked)
    of = [sum(int(row[place]) for row in rows) for place in range(1, 6)]
    return Health(len(rows), *of)


def senders(now: datetime) -> list[SenderRow]:
    """Who wrote how much in ninety days and how it was met; never to whom."""
    since = now - timedelta(days=90)
    rows = planned.rows(SENDERS, {"now": now, "since": since})
    people = cards({row[0] for row in rows if row[0] is not None}) if rows else {}
    paused = {
        row[0]: sum(1 for one in planned.rows(TIES, {"sender": row[0], "now": now, "since": since}) if one[5])
        for row in rows
    }
    return [
        SenderRow(people.get(row[0]) if row[0] else None, row[1], row[2], row[3], row[4], paused[row[0]])
        for row in rows
    ]


def by_day(now: datetime) -> list[tuple[datetime, int, int]]:
    """Of the last thirty days: the day, messages sent, and of these welcomed."""
    return [(row[0], row[1], row[2]) for row in planned.rows(DAYS, {"now": now})]
