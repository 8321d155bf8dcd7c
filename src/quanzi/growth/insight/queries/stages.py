"""How many people stand at each stage of relation. Every member is counted in exactly one stage."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

RECENT, DORMANT = timedelta(days=30), timedelta(days=90)
STAGES = ("visitor", "contact", "member", "buyer", "repeat", "advocate", "leader", "dormant")

LIFE = """
WITH life AS (
    SELECT member.id,
           member.is_leader,
           member.email_verified_at IS NOT NULL OR member.phone_verified_at IS NOT NULL AS verified,
           (SELECT count(*) FROM sales_order o
             WHERE o.member_id = member.id AND o.paid_at <= %(at)s AND o.origin <> 'replay' AND o.state <> 'refunded') AS paid,
           EXISTS (SELECT FROM trust_tie tie JOIN sales_order o ON o.member_id = tie.target_id
                    WHERE tie.source_id = member.id AND tie.kind = 'invited' AND tie.withdrawn_at IS NULL
                      AND tie.evidence = 'invited_by:' || tie.source_id
                      AND o.paid_at <= %(at)s AND o.origin <> 'replay' AND o.state <> 'refunded') AS brought,
           greatest(member.joined_at, coalesce(member.last_login, member.joined_at),
                    (SELECT max(placed_at) FROM sales_order o WHERE o.member_id = member.id AND o.placed_at <= %(at)s),
                    (SELECT max(created_at) FROM posts_post p WHERE p.author_id = member.id AND p.created_at <= %(at)s),
                    (SELECT max(happened_at) FROM sources_touch t WHERE t.member_id = member.id AND t.happened_at <= %(at)s)) AS last_sign
    FROM accounts_member member
    WHERE member.joined_at <= %(at)s AND member.erased_at IS NULL AND NOT member.is_staff
      AND (member.email IS NOT NULL OR member.phone IS NOT NULL)
      AND (%(ids)s::bigint[] IS NULL OR member.id = ANY(%(ids)s))
),
placed AS (
    SELECT id, CASE WHEN is_leader THEN 'leader'
                WHEN last_sign < %(dormant_before)s THEN 'dormant'
                WHEN brought THEN 'advocate'
                WHEN paid >= 2 THEN 'repeat'
                WHEN paid = 1 THEN 'buyer'
                WHEN verified THEN 'member'
                ELSE 'contact' END AS stage
    FROM life
)
"""

COUNT = (
    LIFE
    + """
SELECT stage, count(*) FROM placed GROUP BY stage
UNION ALL
SELECT 'visitor', count(DISTINCT touch.visitor_id) FROM sources_touch touch
JOIN sources_visitor visitor ON visitor.id = touch.visitor_id
WHERE visitor.member_id IS NULL AND touch.happened_at > %(recent_after)s AND touch.happened_at <= %(at)s
"""
)

AT_STAGE = (
    LIFE
    + """
SELECT id FROM placed WHERE stage = %(stage)s AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s
"""
)


@dataclass(frozen=True)
class Stage:
    """People at one stage now, and a week before."""

    name: str
    people: int
    week_before: int

    @property
    def change(self) -> int:
        """Net change within seven days."""
        return self.people - self.week_before


def stages(now: datetime) -> list[Stage]:
    """All stages in order of closeness; people are counted once, dormant ones only as dormant."""
    today, before = _count(now), _count(now - timedelta(days=7))
    return [Stage(name, today.get(name, 0), before.get(name, 0)) for name in STAGES]


def stages_of(ids: Collection[int], now: datetime) -> dict[int, str]:
    """The stage of each of these members; staff, erased people and those without a contact stand at none."""
    with connection.cursor() as cursor:
        cursor.execute(LIFE + "SELECT id, stage FROM placed", _params(now, ids))
        return dict(cursor.fetchall())


def members_at(stage: str, now: datetime, *, before_id: int | None = None, limit: int = 50) -> list[int]:
    """Ids of the members at a stage, newest first, below `before_id`: the people behind a figure of `stages`."""
    with connection.cursor() as cursor:
        cursor.execute(AT_STAGE, _params(now, None) | {"stage": stage, "before": before_id, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def _count(at: datetime) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, _params(at, None))
        return dict(cursor.fetchall())


def _params(at: datetime, ids: Collection[int] | None) -> dict[str, Any]:
    wanted = None if ids is None else list(ids)
    return {"at": at, "dormant_before": at - DORMANT, "recent_after": at - RECENT, "ids": wanted}
