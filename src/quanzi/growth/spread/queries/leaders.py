"""Who might look after a station: facts that speak for somebody, in an area that has none near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.growth.spread.models import Call
from quanzi.growth.spread.rules import CALL_AGAIN, LEAST_WEIGHT, Standing
from quanzi.people.accounts import divisions

# One statement: members who want to be asked, the district of their first address when no
# station names it or their estate, and how many people stand behind each fact.
STANDING = """
WITH asked AS (
    SELECT p.member_id AS id FROM contact_permission p JOIN accounts_member m ON m.id = p.member_id
    WHERE p.purpose = 'leading' AND p.granted AND m.is_active AND m.erased_at IS NULL AND NOT m.is_staff AND NOT m.is_leader
      AND (%(only)s::bigint IS NULL OR p.member_id = %(only)s::bigint)
      AND NOT EXISTS (SELECT FROM spread_call c WHERE c.member_id = p.member_id AND c.asked_at > %(lately)s)
      AND NOT EXISTS (SELECT FROM stations_stationapplication a WHERE a.member_id = p.member_id AND a.state IN ('asked', 'approved'))
      AND NOT EXISTS (SELECT FROM trust_ringmember r WHERE r.member_id = p.member_id AND r.left_out)
),
home AS (
    SELECT DISTINCT ON (a.member_id) a.member_id, a.region_code, coalesce(d.name, a.region_name) AS area, a.detail
    FROM accounts_address a LEFT JOIN unnest(%(codes)s::text[], %(districts)s::text[]) AS d(code, name) ON d.code = a.region_code
    WHERE a.removed_at IS NULL ORDER BY a.member_id, a.is_default DESC, a.id
),
far AS (
    SELECT * FROM home WHERE NOT EXISTS (
        SELECT FROM stations_station s JOIN sales_pickuppoint point ON point.id = s.point_id
        WHERE point.is_open AND (strpos(s.area, home.area) > 0 OR strpos(point.address, home.area) > 0 OR EXISTS (
            SELECT FROM regexp_split_to_table(s.area, '[、，, ]+') AS estate WHERE estate <> '' AND strpos(home.detail, estate) > 0)))
),
lacking AS (SELECT region_code, count(*) AS neighbours FROM far GROUP BY region_code)
SELECT asked.id, m.name, far.area, lacking.neighbours,
    (SELECT count(DISTINCT t.source_id) FROM trust_tie t WHERE t.target_id = asked.id AND t.kind = 'helped' AND t.withdrawn_at IS NULL),
    (SELECT count(DISTINCT t.source_id) FROM trust_tie t WHERE t.target_id = asked.id AND t.kind = 'kept_advice' AND t.withdrawn_at IS NULL),
    (SELECT count(DISTINCT r.member_id) FROM posts_post n JOIN posts_reaction r ON r.post_id = n.id AND r.member_id <> n.author_id
     WHERE n.author_id = asked.id AND n.removed_at IS NULL AND n.hidden_at IS NULL),
    ARRAY(SELECT c.name FROM circles_membership place JOIN circles_circle c ON c.id = place.circle_id
          WHERE place.member_id = asked.id AND place.state = 'joined' AND place.role <> 'member' ORDER BY c.name)
FROM asked JOIN accounts_member m ON m.id = asked.id JOIN far ON far.member_id = asked.id JOIN lacking USING (region_code)
"""


@dataclass(frozen=True)
class Suggestion:
    """Somebody to ask, where, and the facts that speak for it."""

    member_id: int
    name: str
    area: str
    standing: Standing


@dataclass(frozen=True)
class Called:
    """Somebody who was asked."""

    member_id: int
    name: str
    area: str
    state_label: str
    asked_at: datetime


def suggestions(*, now: datetime, limit: int = 30) -> list[Suggestion]:
    """Members who want to be asked, live where no station is near, and whom others trust; those of whom most is known first."""
    found = _found(None, now)
    return sorted(found, key=lambda one: (-one.standing.weight, -one.standing.neighbours, one.member_id))[:limit]


def suggestion(member_id: int, *, now: datetime) -> Suggestion | None:
    """One of them, or None for somebody who is not suggested."""
    found = _found(member_id, now)
    return found[0] if found else None


def calls(*, limit: int = 30) -> list[Called]:
    """Who was asked, the newest first."""
    rows = Call.objects.select_related("member").order_by("-pk")[:limit]
    return [Called(one.member_id, one.member.name, one.area, one.get_state_display(), one.asked_at) for one in rows]


def _found(only: int | None, now: datetime) -> list[Suggestion]:
    codes = [
        code for (code,) in planned.rows("SELECT DISTINCT region_code FROM accounts_address WHERE removed_at IS NULL")
    ]
    named = {code: divisions.name_of(code, "/").split("/")[-1] for code in codes}
    known = {code: name for code, name in named.items() if name}
    asked = {"only": only, "lately": now - CALL_AGAIN, "codes": list(known), "districts": list(known.values())}
    rows = planned.rows(STANDING, asked)
    found = [
        Suggestion(one, name, area[:60], Standing(
            helped=helped, kept_advice=kept, good_voices=voices, circles=tuple(circles), neighbours=neighbours
        ))
        for one, name, area, neighbours, helped, kept, voices, circles in rows
    ]  # fmt: skip
    return [one for one in found if one.standing.weight >= LEAST_WEIGHT]
