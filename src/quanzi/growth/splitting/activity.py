"""How much a part's people say and buy, four weeks before a split and up to four weeks after: figures of groups, never of one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from django.db import connection

from quanzi.growth.splitting.models import Split
from quanzi.growth.splitting.rules import LEAST_TO_COMPARE, WEEKS

WEEK = timedelta(days=7)

# One row for each person: what they wrote in the old circle and the new ones, and orders that they paid.
COUNTED = """
WITH here AS MATERIALIZED (SELECT %(mother)s::bigint AS id UNION ALL SELECT daughter_id FROM splitting_part WHERE split_id = %(split)s),
person AS (SELECT member_id, part_id FROM splitting_place WHERE split_id = %(split)s AND part_id IS NOT NULL),
fact AS (
    SELECT n.author_id AS member_id, n.created_at AS at, 1 AS said, 0 AS bought FROM posts_post n
    WHERE n.circle_id IN (SELECT id FROM here) AND n.hidden_at IS NULL AND n.removed_at IS NULL
    UNION ALL SELECT c.author_id, c.created_at, 1, 0 FROM posts_comment c JOIN posts_post n ON n.id = c.post_id
    WHERE n.circle_id IN (SELECT id FROM here) AND c.hidden_at IS NULL AND c.removed_at IS NULL
    UNION ALL SELECT o.member_id, o.paid_at, 0, 1 FROM sales_order o JOIN person USING (member_id) WHERE o.paid_at IS NOT NULL),
each AS (SELECT p.part_id, p.member_id,
        coalesce(sum(said) FILTER (WHERE at < %(at)s), 0) / %(weeks)s::float8 AS said_before,
        coalesce(sum(said) FILTER (WHERE at >= %(at)s), 0) / %(passed)s::float8 AS said_after,
        coalesce(sum(bought) FILTER (WHERE at < %(at)s), 0) / %(weeks)s::float8 AS bought_before,
        coalesce(sum(bought) FILTER (WHERE at >= %(at)s), 0) / %(passed)s::float8 AS bought_after
    FROM person p LEFT JOIN fact f ON f.member_id = p.member_id AND f.at >= %(since)s AND f.at < %(until)s GROUP BY 1, 2)
SELECT part_id, count(*), avg(said_before), avg(said_after), coalesce(stddev_samp(said_after - said_before), 0),
    avg(bought_before), avg(bought_after), coalesce(stddev_samp(bought_after - bought_before), 0)
FROM each GROUP BY 1
"""


@dataclass(frozen=True)
class Change:
    """For one person and week: before, after, and an interval in which the difference lies in 95 of 100 such cases."""

    before: float
    after: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves nothing out to doubt."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Activity:
    """words: posts and replies; orders: paid ones. Both None while too few people or less than a week say nothing."""

    part_id: int
    people: int
    weeks: float
    words: Change | None
    orders: Change | None


def activity(split: Split, *, now: datetime) -> list[Activity]:
    """Each part's change since the split; nothing for a cut that was not made."""
    if split.decided_at is None or split.undo_until is None:
        return []
    until = min(now, split.decided_at + WEEKS * WEEK, split.undone_at or now)
    passed = (until - split.decided_at) / WEEK
    values: dict[str, Any] = {
        "mother": split.circle_id, "split": split.pk, "at": split.decided_at, "since": split.decided_at - WEEKS * WEEK, "until": until,
        "weeks": WEEKS, "passed": max(passed, 1e-6),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, values)
        rows = cursor.fetchall()
    changes = [
        (*row[:2], _change(row[1], passed, *row[2:5]), _change(row[1], passed, *row[5:])) for row in sorted(rows)
    ]
    return [Activity(part_id, people, passed, words, orders) for part_id, people, words, orders in changes]


def _change(people: int, passed: float, before: float, after: float, deviation: float) -> Change | None:
    if people < LEAST_TO_COMPARE or passed < 1:
        return None
    room = 1.96 * deviation / sqrt(people)
    return Change(before, after, after - before - room, after - before + room)
