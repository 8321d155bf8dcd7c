"""What the people of each part write about, and whom they trust: reads for a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from quanzi.growth.searching.folding import is_plain, runs
from quanzi.growth.searching.words import cut
from quanzi.growth.splitting.rules import LEADERS, telling_words

NEWEST = 3000
WRITTEN = """
SELECT e.author_id, e.text FROM searching_entry e
WHERE e.circle_id = %(circle)s AND e.kind IN ('note', 'question', 'experience') AND e.author_id = ANY(%(people)s)
ORDER BY e.object_id DESC LIMIT %(most)s
"""

# Trusted by people of the same part, heard of within a quarter, not left out of counts.
LEADING = """
WITH part AS (SELECT unnest(%(people)s::bigint[]) AS id),
trust AS (SELECT e.target_id AS id, count(*) AS people, sum(1 - exp(-(e.still + e.fading * trust_fade(%(now)s)))) AS strength
    FROM part JOIN trust_edge e ON e.target_id = part.id JOIN part other ON other.id = e.source_id WHERE e.since <= %(now)s GROUP BY 1),
post AS MATERIALIZED (SELECT n.id, n.author_id, n.accepted_comment_id, n.created_at FROM posts_post n
    WHERE n.circle_id = %(circle)s AND n.hidden_at IS NULL AND n.removed_at IS NULL),
said AS (SELECT c.author_id AS id, count(*) AS replies, count(*) FILTER (WHERE c.id = post.accepted_comment_id) AS answers
    FROM post JOIN posts_comment c ON c.post_id = post.id AND c.removed_at IS NULL AND c.hidden_at IS NULL AND c.author_id <> post.author_id
    WHERE c.created_at > %(since)s GROUP BY 1),
wrote AS (SELECT author_id AS id, count(*) AS posts FROM post WHERE created_at > %(since)s GROUP BY 1)
SELECT trust.id, trust.people, coalesce(said.answers, 0), coalesce(said.replies, 0) + coalesce(wrote.posts, 0) AS words, p.role <> 'member'
FROM trust JOIN circles_membership p ON p.member_id = trust.id AND p.circle_id = %(circle)s AND p.state = 'joined'
LEFT JOIN said ON said.id = trust.id LEFT JOIN wrote ON wrote.id = trust.id
WHERE coalesce(said.replies, 0) + coalesce(wrote.posts, 0) > 0
  AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = trust.id AND r.left_out)
ORDER BY trust.strength + ln(1 + coalesce(said.answers, 0)) DESC, trust.id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Leading:
    """Why somebody could lead: how many of the part trust them, answers of theirs that were accepted, posts and replies within ninety days,
    and whether they keep the circle already."""

    member_id: int
    trusted_by: int
    answers: int
    words: int
    keeps: bool

    def told(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def words_of(circle_id: int, people: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
    """Telling words of each part, from what the search knows of the circle's posts."""
    everybody = [member for part in people.values() for member in part]
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, {"circle": circle_id, "people": everybody, "most": NEWEST})
        rows = cursor.fetchall()
    said: dict[int, set[str]] = {}
    for member_id, text in rows:
        said.setdefault(member_id, set()).update(_words(text))
    return telling_words(
        {part: [said[member] for member in members if member in said] for part, members in people.items()}
    )


def _words(text: str) -> set[str]:
    found: set[str] = set()
    for run in runs(text):
        if not is_plain(run):
            found.update(word for word in cut(run) if len(word) > 1)
        elif len(run) > 3 and not run.isdigit():
            found.add(run)
    return found


def leaders_of(circle_id: int, people: Sequence[int], *, since: datetime, now: datetime) -> list[Leading]:
    """Who of a part could lead it, the most trusted there first."""
    values: dict[str, Any] = {"circle": circle_id, "people": list(people), "since": since, "now": now, "most": LEADERS}
    with connection.cursor() as cursor:
        cursor.execute(LEADING, values)
        return [Leading(*row) for row in cursor.fetchall()]
