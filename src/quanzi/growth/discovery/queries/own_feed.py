"""A member's part of a feed: ties to the authors, people they know in the circle, their own place in it. See `own`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from quanzi.base import planned
from quanzi.community.circles import queries as circles
from quanzi.growth.discovery.queries.editions import PERSON, POST_CARDS, POSTS, ROUND, TEAMS
from quanzi.growth.discovery.queries.own import AWAY, Waiting
from quanzi.people.accounts.queries import Face, faces
from quanzi.people.trust.queries import TieLabel, said
from quanzi.people.trust.reaching import MARK, read_with_reach
from quanzi.people.trust.rules import MAX_STEPS
from quanzi.trade.sales.queries.cart import WAITING
from quanzi.trade.stations.queries.rounds import NEAR, RoundNear, near_told

FACES = 5
TEAMS_SHOWN = 3

NARROWED = {
    "circle": "AND n.circle_id = (SELECT id FROM circles_circle WHERE slug = %(circle)s)",
    "before": "AND n.id < %(before)s",
    "experience": "AND n.kind = 'experience'",
    "question": "AND n.kind = 'question'",
}
OF_CIRCLE = "AND g.circle_id = (SELECT id FROM circles_circle WHERE slug = %(circle)s)"

HERE = """here AS MATERIALIZED (SELECT x.member_id, x.joined_at, x.id FROM circles_membership x
    WHERE x.circle_id = (SELECT id FROM circles_circle WHERE slug = %(circle)s) AND x.state = 'joined')"""
"""Everybody who belongs to the circle."""

CIRCLE = f"""(SELECT concat_ws('.', c.id, c.xmin, m.xmin, (SELECT count(*) FROM here),
        (SELECT string_agg(concat_ws('.', x.id, {PERSON.format(id="x.member_id")}), ' ' ORDER BY x.joined_at, x.id)
            FROM (SELECT * FROM here x ORDER BY x.joined_at, x.id LIMIT {FACES}) x))
    FROM circles_circle c LEFT JOIN media_picture m ON m.id = c.cover_id WHERE c.slug = %(circle)s)"""

MINE = """(SELECT json_agg(json_build_object('id', c.id, 'name', c.name, 'slug', c.slug) ORDER BY c.members DESC, c.id)
    FROM (SELECT c.id, c.name, c.slug,
        (SELECT count(*) FROM circles_membership x WHERE x.circle_id = c.id AND x.state = 'joined') AS members
    FROM circles_membership place JOIN circles_circle c ON c.id = place.circle_id
    WHERE place.member_id = %(viewer)s::bigint AND place.state = 'joined' AND c.closed_at IS NULL) c)"""
"""The reader's circles, as circles.queries.my_circles has them."""

PLACE = """(SELECT ARRAY[c.admission, place.state, place.role] FROM circles_circle c
        LEFT JOIN circles_membership place ON place.circle_id = c.id AND place.member_id = %(viewer)s::bigint WHERE c.slug = %(circle)s),
    ARRAY(SELECT member_id FROM here ORDER BY joined_at, id)"""

NOWHERE = "NULL, ARRAY[]::bigint[]"

OWN_ROUND = f"(SELECT row_to_json(n) FROM ({NEAR.format(member='%(viewer)s::bigint')}) n)"
"""The round nearest to the reader."""

IN_TEAMS = """SELECT FROM deals_team t JOIN deals_groupdeal g ON g.id = t.deal_id
        JOIN deals_seat s ON s.team_id = t.id AND s.state IN ('held', 'paid')
    WHERE t.state = 'forming' AND (s.member_id = %(viewer)s::bigint OR s.member_id IN (SELECT id FROM away))"""


@dataclass(frozen=True, slots=True)
class People:
    """People of a circle: some faces, those known to the reader first, and how many there are of both."""

    faces: Sequence[Face | circles.Face]
    count: int
    known: int

    @property
    def more(self) -> int:
        return max(0, self.count - len(self.faces))


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """mine: id, name and slug of each of the reader's circles; state, role: their place in this one, empty without.

    people: None where they know nobody. round: the one nearest to them, for the feed of everything.
    """

    edition: str
    is_apart: bool
    waiting: Waiting
    mine: Sequence[Mapping[str, Any]]
    state: str
    role: str
    ties: Mapping[int, TieLabel]
    people: People | None
    round: RoundNear | None


def feed_edition(*, circle: str | None, only: str, before: int | None, limit: int, now: datetime) -> str:
    """Of a feed as a visitor sees it; empty for a closed circle, and for one that does not exist."""
    here = "(SELECT c.admission FROM circles_circle c WHERE c.slug = %(circle)s)" if circle is not None else "'open'"
    sql = f"WITH {_shown(circle, only, before, limit)} SELECT CASE WHEN {here} = 'open' THEN {_edition(circle)} END"
    return str(planned.value(sql, {"circle": circle, "before": before, "viewer": None, "now": now}) or "")


def own_feed(
    *, circle: str | None, viewer_id: int, only: str, before: int | None, limit: int, now: datetime
) -> OwnFeed | None:
    """circle: slug, None for everything the reader may see. None where they may not read, and for "known", which is theirs alone."""
    if only == "known":
        return None
    sql = f"""{AWAY}, {_shown(circle, only, before, limit)}
        SELECT {_edition(circle)}, ARRAY(SELECT author_id FROM shown), {WAITING.replace("%(member)s", "%(viewer)s")},
            EXISTS ({IN_TEAMS} {OF_CIRCLE if circle is not None else ""})
                OR EXISTS (SELECT FROM shown WHERE author_id IN (SELECT id FROM away)),
            {MINE}, {PLACE if circle is not None else NOWHERE}, {OWN_ROUND if circle is None else "NULL"}, {MARK}"""
    params = {"circle": circle, "before": before, "viewer": viewer_id, "now": now}
    row, reached = read_with_reach(viewer_id, MAX_STEPS, now, sql, params)
    edition, authors, unread, in_cart, is_apart, mine, here, members, near = row
    admission, state, role = here or ("", None, None)
    if circle is not None and admission != "open" and state != "joined":
        return None
    ties, _ = said(viewer_id, reached, ids=authors, now=now)
    known = [one for one in members if one in reached]
    return OwnFeed(
        edition, is_apart, Waiting(unread, in_cart), mine or [],
        state or "", role or "", ties, _people(members, known) if known else None, near_told(near),
    )  # fmt: skip


def _shown(circle: str | None, only: str, before: int | None, limit: int) -> str:
    narrowed = [NARROWED[name] for name, value in (("circle", circle), ("before", before)) if value is not None]
    posts = POSTS.format(narrowed=" ".join([*narrowed, NARROWED.get(only, "")]), limit=limit)
    return f"{HERE + ', ' if circle is not None else ''}shown AS MATERIALIZED ({posts})"


def _edition(circle: str | None) -> str:
    teams = TEAMS.format(more=OF_CIRCLE if circle is not None else "", limit=TEAMS_SHOWN)
    parts = [CIRCLE if circle is not None else ROUND, POST_CARDS.format(posts="SELECT * FROM shown"), teams]
    return f"concat_ws('|', 'feed', {', '.join(parts)})"


def _people(members: Sequence[int], known: Sequence[int]) -> People:
    near = set(known)
    first = [*known[:FACES], *islice((one for one in members if one not in near), FACES)][:FACES]
    found = faces(first)
    return People(tuple(found[one] for one in first if one in found), len(members), len(known))
