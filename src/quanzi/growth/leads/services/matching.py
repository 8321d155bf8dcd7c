"""Posts of people who are open become leads of those who look out; a text that changed is read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5

from django.db import transaction

from quanzi.base import planned
from quanzi.growth.leads.models import Lead, LeadState, Topic
from quanzi.growth.leads.rules import BACK, found_in, said

AT_ONCE = 500

TAKE = """DELETE FROM leads_mark WHERE id IN (SELECT id FROM leads_mark ORDER BY id LIMIT %(most)s FOR UPDATE SKIP LOCKED) RETURNING post_id"""

# Whoever looks out × posts of those who are open to them on that topic, which are nobody's lead of theirs yet.
CANDIDATES = """
SELECT w.id, CASE WHEN w.for_shop THEN NULL ELSE w.owner_id END, w.words, w.topic_id, o.id, p.id, p.title || E'\\n' || p.body, p.author_id
FROM leads_watch w JOIN leads_opening o ON o.topic_id = w.topic_id AND o.ended_at IS NULL AND o.member_id <> w.owner_id
JOIN posts_post p ON p.author_id = o.member_id AND p.created_at > %(since)s AND p.hidden_at IS NULL AND p.removed_at IS NULL
WHERE w.ended_at IS NULL AND (%(posts)s::bigint[] IS NULL OR p.id = ANY(%(posts)s::bigint[]))
  AND (%(watch)s::bigint IS NULL OR w.id = %(watch)s::bigint) AND (%(author)s::bigint IS NULL OR p.author_id = %(author)s::bigint)
  AND leads_is_open(o.id, w.owner_id, w.for_shop, %(now)s) AND leads_may_read(p.id, w.owner_id, w.for_shop)
  AND NOT EXISTS (SELECT FROM leads_lead l WHERE l.post_id = p.id
    AND l.owner_id IS NOT DISTINCT FROM CASE WHEN w.for_shop THEN NULL ELSE w.owner_id END)
  AND NOT EXISTS (SELECT FROM leads_approach a WHERE a.recipient_id = p.author_id AND a.for_shop = w.for_shop
    AND (w.for_shop OR a.sender_id = w.owner_id)
    AND a.answer = 'no' AND a.answered_at > %(now)s::timestamptz - interval '90 days')
ORDER BY w.id, p.id LIMIT 2000
"""
OPEN = "SELECT o.member_id, o.topic_id FROM leads_opening o WHERE o.ended_at IS NULL AND o.until > %(now)s AND o.member_id = ANY(%(authors)s)"


def print_of(text: str) -> str:
    """As the database prints `md5(title || E'\\n' || body)`."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of each topic, and which topics are sensitive."""

    of: Mapping[int, Sequence[str]]
    sensitive: frozenset[int]

    def found(self, *, text: str, topic_id: int, narrowed: str, open_topics: frozenset[int]) -> list[str]:
        """The words that make it a lead; none when it also speaks of something sensitive that its author did not open."""
        found = found_in(text, self.of.get(topic_id, ()))
        if not found or (narrowed and not (more := found_in(text, said(narrowed)))):
            return []
        shut = self.sensitive - open_topics
        if any(found_in(text, self.of[one]) for one in shut):
            return []
        return list(dict.fromkeys([*(more if narrowed else ()), *found]))


def _words() -> _Words:
    rows = list(Topic.objects.all())
    return _Words({one.pk: said(one.words) for one in rows}, frozenset(one.pk for one in rows if one.is_sensitive))


def catch_up(*, now: datetime, most: int = AT_ONCE) -> int:
    """Look at posts that changed; answers how many. Cheap when there are none."""
    if not planned.rows("SELECT FROM leads_mark LIMIT 1"):
        return 0
    with transaction.atomic():
        ids = sorted({row[0] for row in planned.rows(TAKE, {"most": most})})
        _read_again(ids)
        _find(now=now, posts=ids)
    return len(ids)


@transaction.atomic
def look_back(*, now: datetime, watch_id: int | None = None, author_id: int | None = None) -> int:
    """What was written in the last thirty days: for a new watch, or by somebody who has just opened a topic."""
    return _find(now=now, watch=watch_id, author=author_id)


def _find(
    *, now: datetime, posts: Sequence[int] | None = None, watch: int | None = None, author: int | None = None
) -> int:
    asked = {
        "since": now - BACK, "now": now, "posts": list(posts) if posts is not None else None, "watch": watch, "author": author,
    }  # fmt: skip
    rows = planned.rows(CANDIDATES, asked)
    if not rows:
        return 0
    words, opened = _words(), _opened({row[7] for row in rows}, now)
    made: dict[tuple[int | None, int], Lead] = {}
    for watch_id, owner_id, narrowed, topic_id, opening_id, post_id, text, author_id in rows:
        found = words.found(
            text=text, topic_id=topic_id, narrowed=narrowed, open_topics=opened.get(author_id, frozenset())
        )
        if found:
            lead = Lead(
                watch_id=watch_id, owner_id=owner_id, post_id=post_id, opening_id=opening_id, found=", ".join(found)[:200],
                print=print_of(text), found_at=now,
            )  # fmt: skip
            made.setdefault((owner_id, post_id), lead)
    Lead.objects.bulk_create(made.values(), ignore_conflicts=True)
    return len(made)


def _opened(authors: set[int], now: datetime) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for member_id, topic_id in planned.rows(OPEN, {"now": now, "authors": sorted(authors)}):
        found.setdefault(member_id, set()).add(topic_id)
    return {one: frozenset(topics) for one, topics in found.items()}


def _read_again(post_ids: Sequence[int]) -> None:
    """Leads whose text changed: they stand again when the words do."""
    leads = Lead.objects.filter(post_id__in=post_ids, post__removed_at=None).exclude(state=LeadState.CLOSED)
    rows = list(leads.select_related("post", "watch", "opening").order_by("pk"))
    if not rows:
        return
    words = _words()
    for lead in rows:
        text = f"{lead.post.title}\n{lead.post.body}"
        if print_of(text) == lead.print:
            continue
        opened = _opened({lead.post.author_id}, lead.found_at).get(lead.post.author_id, frozenset())
        found = words.found(text=text, topic_id=lead.watch.topic_id, narrowed=lead.watch.words, open_topics=opened)
        if found:
            Lead.objects.filter(pk=lead.pk).update(print=print_of(text), found=", ".join(found)[:200])
