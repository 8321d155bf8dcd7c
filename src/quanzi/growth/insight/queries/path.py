"""From a post to a relation: who read what somebody wrote, and who of them then followed, joined, bought for the first time.

A cohort is everybody whose *first* reading of anything by this author lies in the period; what they did is counted from that moment on,
whenever it was. One person counts once, also with two browsers. People whom a moderator left out of counts are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from quanzi.base import planned
from quanzi.growth.insight.rules import LEAST_SHOWN

STEPS = """
WITH reading AS (
    SELECT coalesce(v.member_id, -v.id) AS person, v.member_id, p.id AS post_id, r.read_at, r.is_member
    FROM posts_post p JOIN insight_reading r ON r.post_id = p.id JOIN sources_visitor v ON v.id = r.visitor_id
    WHERE p.author_id = %(author)s AND p.removed_at IS NULL AND v.member_id IS DISTINCT FROM p.author_id
      AND NOT EXISTS (SELECT FROM trust_ringmember out WHERE out.member_id = v.member_id AND out.left_out)),
cohort AS (SELECT * FROM (SELECT DISTINCT ON (person) * FROM reading ORDER BY person, read_at, post_id) first
    WHERE read_at >= %(since)s AND read_at < %(until)s),
done AS (SELECT c.post_id, c.read_at, c.is_member,
    EXISTS (SELECT FROM trust_tie t WHERE t.source_id = c.member_id AND t.target_id = %(author)s AND t.kind = 'follow'
            AND t.withdrawn_at IS NULL AND t.made_at >= c.read_at) AS followed,
    EXISTS (SELECT FROM circles_membership s WHERE s.member_id = c.member_id AND s.state = 'joined' AND s.joined_at >= c.read_at
            AND s.circle_id IN (SELECT q.circle_id FROM posts_post q WHERE q.author_id = %(author)s)) AS joined,
    EXISTS (SELECT FROM sales_order o WHERE o.member_id = c.member_id AND o.paid_at >= c.read_at AND o.state <> 'refunded'
            AND o.origin <> 'replay') AND NOT EXISTS (SELECT FROM sales_order o WHERE o.member_id = c.member_id
            AND o.paid_at < c.read_at AND o.origin <> 'replay') AS ordered
    FROM cohort c)
SELECT d.post_id, p.title, date_trunc('week', d.read_at AT TIME ZONE 'Asia/Shanghai')::date, count(*)::int,
    count(*) FILTER (WHERE NOT d.is_member)::int,
    count(*) FILTER (WHERE d.followed)::int, count(*) FILTER (WHERE d.joined)::int, count(*) FILTER (WHERE d.ordered)::int
FROM done d JOIN posts_post p ON p.id = d.post_id GROUP BY 1, 2, 3 ORDER BY 3, 1
"""


@dataclass(frozen=True)
class PathSteps:
    """People, each once. signed_out: of those who read, how many were not logged in; joined: a circle in which the author writes;
    ordered: bought for the first time."""

    read: int = 0
    signed_out: int = 0
    followed: int = 0
    joined: int = 0
    ordered: int = 0


@dataclass(frozen=True)
class PathOfPost:
    """The people whom this post was the first to reach."""

    post_id: int
    title: str
    steps: PathSteps


@dataclass(frozen=True)
class PathWeek:
    """The people who came in one week, from its Monday in the zone of the shop."""

    monday: date
    steps: PathSteps


@dataclass(frozen=True)
class AuthorPath:
    """by_post: those that reached most first; by_week: in order of time."""

    whole: PathSteps
    by_post: list[PathOfPost]
    by_week: list[PathWeek]


def path_of(author_id: int, *, since: datetime, until: datetime) -> AuthorPath:
    """The path from what somebody wrote, for the people who first read them in [since, until); in one statement.

    Exact sums: a page for anybody but the operator shows them from LEAST_SHOWN people on (rules).
    """
    rows = planned.rows(STEPS, {"author": author_id, "since": since, "until": until})
    posts: dict[int, list[PathSteps]] = defaultdict(list)
    weeks: dict[date, list[PathSteps]] = defaultdict(list)
    titles = {row[0]: row[1] for row in rows}
    for post_id, _, monday, *counts in rows:
        posts[post_id].append(PathSteps(*counts))
        weeks[monday].append(PathSteps(*counts))
    by_post = [PathOfPost(one, titles[one], _sum(steps)) for one, steps in posts.items()]
    return AuthorPath(
        whole=_sum(PathSteps(*row[3:]) for row in rows),
        by_post=sorted(by_post, key=lambda one: (-one.steps.read, -one.post_id)),
        by_week=[PathWeek(monday, _sum(steps)) for monday, steps in sorted(weeks.items())],
    )


@dataclass(frozen=True)
class ToldSteps:
    """PathSteps as the author is told them: None for a number of people so small that they could be guessed."""

    read: int | None
    signed_out: int | None
    followed: int | None
    joined: int | None
    ordered: int | None


@dataclass(frozen=True)
class ToldPost:
    post_id: int
    title: str
    steps: ToldSteps


@dataclass(frozen=True)
class ToldPath:
    """For the author themself. posts: those that were the first to reach enough people; weeks: all of them."""

    whole: ToldSteps
    posts: list[ToldPost]
    weeks: list[tuple[date, ToldSteps]]


def told_path(author_id: int, *, since: datetime, until: datetime) -> ToldPath:
    """The same for the author's own page."""
    found = path_of(author_id, since=since, until=until)
    posts = [one for one in found.by_post if one.steps.read >= LEAST_SHOWN]
    return ToldPath(
        _told(found.whole),
        [ToldPost(one.post_id, one.title, _told(one.steps)) for one in posts],
        [(week.monday, _told(week.steps)) for week in found.by_week],
    )


def _told(steps: PathSteps) -> ToldSteps:
    counts = (steps.read, steps.signed_out, steps.followed, steps.joined, steps.ordered)
    return ToldSteps(*(None if 0 < count < LEAST_SHOWN else count for count in counts))


def _sum(steps: Iterable[PathSteps]) -> PathSteps:
    rows = [(one.read, one.signed_out, one.followed, one.joined, one.ordered) for one in steps]
    return PathSteps(*(sum(column) for column in zip(*rows, strict=True)))


AUTHORS = """SELECT p.author_id, count(DISTINCT coalesce(v.member_id, -v.id))::int AS readers
    FROM insight_reading r JOIN posts_post p ON p.id = r.post_id JOIN sources_visitor v ON v.id = r.visitor_id
    WHERE r.read_at >= %(since)s AND r.read_at < %(until)s AND p.removed_at IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50"""


def read_authors(*, since: datetime, until: datetime) -> list[tuple[int, int]]:
    """Authors who were read in the period, and by how many people; the most read first."""
    return [(row[0], row[1]) for row in planned.rows(AUTHORS, {"since": since, "until": until})]
