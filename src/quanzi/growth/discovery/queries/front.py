"""The feed as shop front: the posts that a reader may see, in the order of `ranking`, each with its reason.

Two ways to the same page, as everywhere here: `front_page` reads for one reader alone, `own_front` beside a page that is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.community.posts.queries import feed
from quanzi.growth.discovery.going_on import GoOn, read, written
from quanzi.growth.discovery.queries.editions import CARD, OPEN, ROUND, TEAMS
from quanzi.growth.discovery.queries.feed import FeedCard, post_cards
from quanzi.growth.discovery.queries.own import AWAY, Waiting
from quanzi.growth.discovery.queries.own_feed import IN_TEAMS, MINE, OWN_ROUND, TEAMS_SHOWN
from quanzi.growth.discovery.ranking import Because, Candidate, Eye, ranked
from quanzi.people.trust.queries import Reached, TieLabel, reach, said
from quanzi.people.trust.reaching import MARK, nearest_of, read_with_reach
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.people.trust.rules import MAX_STEPS
from quanzi.trade.sales.queries.cart import WAITING
from quanzi.trade.stations.queries.rounds import RoundNear, near_told

WINDOW = 120
"""How many of the newest posts are put in order together."""

OF_ONE, WITHIN = 2, "21 days"
"""Besides, so many of each of the nearest, when they are not older."""

KINDS = {"experience": "AND n.kind = 'experience'", "question": "AND n.kind = 'question'"}

_SEEN = (
    f"""n.hidden_at IS NULL AND n.removed_at IS NULL AND {OPEN} AND n.author_id NOT IN (SELECT id FROM away) {{kind}}"""
)
_POSTS = "posts_post n LEFT JOIN circles_circle c ON c.id = n.circle_id"

NEWEST = f"""SELECT n.id, true AS is_newest FROM {_POSTS}
    WHERE {_SEEN} AND n.id < %(below)s AND n.id <> ALL(%(seen)s::bigint[]) ORDER BY n.id DESC LIMIT {WINDOW}"""
OLDER = f"""SELECT one.id, false FROM unnest(%(nearest)s::bigint[]) AS near(id), LATERAL (SELECT n.id FROM {_POSTS}
    WHERE n.author_id = near.id AND n.created_at > %(now)s - interval '{WITHIN}' AND {_SEEN} AND n.id < %(below)s
      AND n.id <> ALL(%(seen)s::bigint[]) ORDER BY n.id DESC LIMIT {OF_ONE}) one"""
NEXT = f"SELECT n.id, true AS is_newest FROM {_POSTS} WHERE {_SEEN} AND n.id = ANY(%(ids)s::bigint[])"

FOUND = f"""found AS MATERIALIZED (SELECT f.id, bool_or(f.is_newest) AS is_newest FROM ({{ids}}) f GROUP BY f.id),
    posts AS MATERIALIZED (SELECT n.id, n.author_id, n.circle_id, tagged.product_id, n.created_at,
        (SELECT count(*) FROM posts_reaction r WHERE r.post_id = n.id AND NOT {LEFT_OUT.format(id="r.member_id")}) AS useful,
        coalesce(goods.kept, 0) AS kept, {LEFT_OUT.format(id="n.author_id")} AS is_left_out, f.is_newest
    FROM found f JOIN posts_post n ON n.id = f.id
    LEFT JOIN LATERAL (SELECT t.product_id FROM posts_postproduct t WHERE t.post_id = n.id ORDER BY t.position, t.id LIMIT 1) tagged ON true
    LEFT JOIN searching_entry goods ON goods.kind = 'product' AND goods.object_id = tagged.product_id)"""
"""Kept lines are read from the index of the search: to count them anew for a hundred goods would cost more than the page."""

KEEPERS = f"""(SELECT json_agg(DISTINCT jsonb_build_array(l.product_id, l.member_id)) FROM sales_orderline l
    JOIN sales_order o ON o.id = l.order_id AND o.paid_at IS NOT NULL AND o.origin <> 'replay'
    WHERE l.member_id = ANY(%(nearest)s::bigint[]) AND l.product_id IN (SELECT product_id FROM posts) AND l.kept_at IS NOT NULL
      AND NOT {LEFT_OUT.format(id="l.member_id")})"""
FIT = "(SELECT places FROM recommending_shelf WHERE member_id = %(viewer)s)"
ASKED = """ARRAY(SELECT t.product_id FROM posts_post q JOIN posts_postproduct t ON t.post_id = q.id
    WHERE q.author_id = %(viewer)s AND q.kind = 'question' AND q.removed_at IS NULL ORDER BY q.id DESC LIMIT 20)"""
CIRCLES = "ARRAY(SELECT circle_id FROM circles_membership WHERE member_id = %(viewer)s AND state = 'joined')"
TASTES = """(SELECT json_agg(json_build_array(t.product_id, t.taste) ORDER BY t.id) FROM tastes_pick k JOIN tastes_trait t ON t.taste = k.taste
    WHERE k.member_id = %(viewer)s AND t.product_id IN (SELECT product_id FROM posts))"""
PERSONAL = f"{KEEPERS}, {FIT}, {ASKED}, {CIRCLES}, {TASTES}"
NOBODYS = "NULL::json, NULL::jsonb, NULL::bigint[], NULL::bigint[], NULL::json"

HIGHEST = 2**62
EDITIONS = f"""SELECT n.id, {CARD} FROM (SELECT n.id, n.xmin AS version, n.author_id, c.xmin AS circle FROM {_POSTS}
    WHERE n.id = ANY(%(ids)s::bigint[])) n"""


@dataclass(frozen=True, slots=True)
class Front:
    """One page: ids in their order, why each stands there, the circle of each, and the text to go on with, None at the end."""

    ids: tuple[int, ...]
    because: Mapping[int, Because]
    circles: Mapping[int, int | None]
    go: str | None


@dataclass(frozen=True, slots=True)
class OwnFront:
    """A member's feed beside the page that is kept. cards: edition of each card; the rest as OwnFeed."""

    edition: str
    is_apart: bool
    waiting: Waiting
    mine: Sequence[Mapping[str, Any]]
    front: Front
    cards: Mapping[int, str]
    authors: Mapping[int, int]
    ties: Mapping[int, TieLabel]
    round: RoundNear | None


def front_page(
    *, viewer_id: int | None, is_personal: bool, only: str, go: str | None, limit: int, now: datetime
) -> Front:
    """For one reader alone. is_personal: whether their ties and goods may decide; for a visitor they never do."""
    on, personal = read(go), is_personal and viewer_id is not None
    reached = reach(viewer_id, now=now) if viewer_id is not None and personal else {}
    sql = f"{AWAY}, {_found(on, only, personal)} SELECT {_columns(personal)}"
    params = _params(viewer_id, on, limit, now) | {"nearest": nearest_of(reached)}
    row = planned.rows(sql, params)[0]
    return _cut(row, viewer_id if personal else None, reached, on, limit, now)[0]


def own_front(*, viewer_id: int, is_personal: bool, only: str, go: str | None, limit: int, now: datetime) -> OwnFront:
    """For the page of `front_frame_edition`, with the member's own parts."""
    on = read(go)
    sql = f"""{AWAY}, {_found(on, only, is_personal)} SELECT {_columns(is_personal)},
        concat_ws('|', 'front {is_personal}', {TEAMS.format(more="", limit=TEAMS_SHOWN)}),
        {WAITING.replace("%(member)s", "%(viewer)s")}, EXISTS ({IN_TEAMS}), {MINE}, {OWN_ROUND}, {MARK}"""
    row, reached = read_with_reach(viewer_id, MAX_STEPS, now, sql, _params(viewer_id, on, limit, now))
    edition, unread, in_cart, is_apart, mine, near = row[6:]
    front, authors = _cut(row[:6], viewer_id if is_personal else None, reached if is_personal else {}, on, limit, now)
    ties, _ = said(viewer_id, reached, ids=set(authors.values()) - {viewer_id}, now=now)
    return OwnFront(
        edition, is_apart, Waiting(unread, in_cart), mine or [], front, card_editions(front.ids), authors, ties, near_told(near)
    )  # fmt: skip


def front_cards(front: Front, *, viewer_id: int | None, now: datetime) -> list[FeedCard]:
    """The posts of a page, in its order. Who may read them was decided when the page was cut."""
    inside = [circle for circle in front.circles.values() if circle is not None]
    items = {item.id: item for item in feed(ids=front.ids, circle_ids=inside, limit=50)} if front.ids else {}
    return post_cards([items[one] for one in front.ids if one in items], viewer_id=viewer_id, now=now)


def front_edition(*, only: str, go: str | None, limit: int, now: datetime) -> str:
    """Of the feed as a visitor sees it."""
    front = front_page(viewer_id=None, is_personal=False, only=only, go=go, limit=limit, now=now)
    cards = card_editions(front.ids)
    teams = TEAMS.format(more="", limit=TEAMS_SHOWN)
    sides = planned.value(f"SELECT concat_ws('|', {ROUND}, {teams})", {"viewer": None, "now": now})
    return "|".join(["front of all", str(sides), *(cards.get(one, "") for one in front.ids), front.go or ""])


def card_editions(ids: Sequence[int]) -> dict[int, str]:
    """Of the card of each of these posts, as everybody sees it."""
    return dict(planned.rows(EDITIONS, {"ids": list(ids)})) if ids else {}


def _found(on: GoOn | None, only: str, personal: bool) -> str:
    window = f"({NEWEST}) UNION ALL {OLDER}" if personal else NEWEST
    ids = NEXT if on is not None and on.ids else window
    return FOUND.format(ids=ids.format(kind=KINDS.get(only, "")))


def _columns(personal: bool) -> str:
    return f"(SELECT json_agg(posts.*) FROM posts), {PERSONAL if personal else NOBODYS}"


def _params(viewer_id: int | None, on: GoOn | None, limit: int, now: datetime) -> dict[str, Any]:
    below = on.below if on is not None and on.below is not None else HIGHEST
    return {
        "viewer": viewer_id, "now": now, "below": below, "seen": list(on.seen) if on else [], "ids": list(on.ids[:limit]) if on else [],
    }  # fmt: skip


def _cut(
    row: Sequence[Any],
    viewer_id: int | None,
    reached: Mapping[int, Reached],
    on: GoOn | None,
    limit: int,
    now: datetime,
) -> tuple[Front, dict[int, int]]:
    """The page, and the author of each of its posts. With what was ordered before, the order stands."""
    posts, *facts = row
    rows = [tuple(one.values()) for one in posts or ()]
    left_out = {one[1] for one in rows if one[7]}
    eye = _eye(viewer_id, reached, left_out, *facts)
    candidates = [_candidate(one) for one in rows]
    order = ranked(candidates, eye, now)
    by_id = {one.post.id: one for one in order}
    if on is not None and on.ids:
        here, rest = on.ids[:limit], on.ids[limit:]
        going = GoOn(rest, on.below, on.seen)
    else:
        here, rest = tuple(by_id)[:limit], tuple(by_id)[limit:]
        newest = [one[0] for one in rows if one[8]]
        below = min(newest) if len(newest) == WINDOW else None
        older = tuple(sorted(one for one in by_id if below is not None and one < below))
        before = tuple(one for one in (on.seen if on else ()) if below is not None and one < below)
        going = GoOn(rest, below, (*before, *older))
    shown = tuple(one for one in here if one in by_id)
    go = written(going) if going.ids or going.below is not None else None
    because = {one: by_id[one].because for one in shown}
    front = Front(shown, because, {one: by_id[one].post.circle_id for one in shown}, go)
    return front, {one: by_id[one].post.author_id for one in shown}


def _candidate(row: Sequence[Any]) -> Candidate:
    post_id, author_id, circle_id, product_id, made_at, useful, kept, *_ = row
    return Candidate(post_id, author_id, circle_id, product_id, datetime.fromisoformat(made_at), useful, kept)


def _eye(
    viewer_id: int | None,
    reached: Mapping[int, Reached],
    left_out: set[int],
    keepers: Any,
    places: Any,
    asked: Any,
    circles: Any,
    tastes: Any,
) -> Eye:
    if viewer_id is None:
        return Eye()
    who_kept: dict[int, list[int]] = defaultdict(list)
    for product_id, member_id in keepers or ():
        who_kept[product_id].append(member_id)
    trust = {one: row.strength for one, row in reached.items() if row.is_used and one not in left_out}
    shelf = [place[0] for place in places or ()]
    liked: dict[int, list[str]] = defaultdict(list)
    for product_id, taste in tastes or ():
        liked[product_id].append(taste)
    fit = {product: 1.0 - at / len(shelf) for at, product in enumerate(shelf)}
    return Eye(viewer_id, trust, who_kept, fit, liked, frozenset(asked or ()), frozenset(circles or ()))
