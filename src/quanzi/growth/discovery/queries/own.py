"""What a page that is kept for everybody holds for one member besides.

The pages themselves are drawn without a member (docs/adr/0023), for somebody who only belongs to some circles. Who sees other rows than
that, for a block, a mute or a seat of their own, has a page of their own: `is_apart`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.base.media.shown import SHOWN, ShownPicture, shown
from quanzi.growth.discovery.queries.editions import OPEN, PRODUCT_AT
from quanzi.growth.discovery.queries.proof import BUYERS, Buyer, Known, buyer_of, known_of, path_to_nearest
from quanzi.people.trust.queries import TieLabel, said
from quanzi.people.trust.reaching import MARK, read_with_reach
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.people.trust.rules import MAX_STEPS
from quanzi.trade.aftersales.queries import SolvedNote, solved_beside
from quanzi.trade.experiences import told
from quanzi.trade.sales.queries.cart import WAITING
from quanzi.trade.stations.queries.rounds import WAYS, RoundWay, way_told

AWAY = """WITH away AS (SELECT other_id AS id FROM safety_block WHERE member_id = %(viewer)s::bigint
    UNION ALL SELECT member_id FROM safety_block WHERE other_id = %(viewer)s::bigint
    UNION ALL SELECT other_id FROM safety_mute WHERE member_id = %(viewer)s::bigint)"""
"""With whom a block or a mute stands."""

IN_TEAMS = """SELECT s.member_id FROM catalogue_sku x JOIN deals_groupdeal g ON g.sku_id = x.id
    JOIN deals_team t ON t.deal_id = g.id AND t.state = 'forming' JOIN deals_seat s ON s.team_id = t.id AND s.state IN ('held', 'paid')
    WHERE x.product_id = p.id"""

COUNTS = f"""SELECT ARRAY[count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM posts_postpicture pp WHERE pp.post_id = e.post_id)),
        count(*) FILTER (WHERE e.stars <= 3)]
    FROM experiences_experience e JOIN posts_post n ON n.id = e.post_id
    WHERE e.product_id = p.id AND e.voided_at IS NULL AND n.hidden_at IS NULL AND n.removed_at IS NULL
        AND NOT {LEFT_OUT.format(id="e.member_id")}"""

WAY = WAYS.format(
    skus="SELECT y.id FROM catalogue_sku y WHERE y.product_id = p.id AND y.is_active",
    member="%(viewer)s::bigint",
    limit=1,
)

PRODUCT = f"""{AWAY} SELECT p.id, ({PRODUCT_AT}), {WAITING.replace("%(member)s", "%(viewer)s")},
    EXISTS ({IN_TEAMS} AND (s.member_id = %(viewer)s::bigint OR s.member_id IN (SELECT id FROM away)))
        OR EXISTS (SELECT FROM experiences_experience e WHERE e.product_id = p.id AND e.member_id IN (SELECT id FROM away)),
    ARRAY(SELECT line.member_id FROM sales_orderline line WHERE line.product_id = p.id),
    ARRAY(SELECT r.member_id FROM ({told.READABLE.format(product="p.id", is_mine=OPEN)}) r),
    ({COUNTS}), (SELECT row_to_json(n) FROM ({WAY}) n), {MARK}
FROM catalogue_product p WHERE p.slug = %(slug)s"""
"""Everybody who bought and everybody who told are sought among those reached by Python: a thousand ids are dear to send."""

BOUGHT = BUYERS.format(of_products="line.product_id = %(product)s", people="SELECT unnest(%(bought)s::bigint[])")
WRITTEN = told.ROWS.format(
    readable=told.READABLE.format(product="%(product)s", is_mine=OPEN), narrowed="{narrowed}", limit="{limit}"
)
PEOPLE = f"""SELECT (SELECT json_agg(b.*) FROM ({BOUGHT}) b), (SELECT json_agg(t.*) FROM ({WRITTEN}) t),
    (SELECT {SHOWN.format(m="m")} FROM catalogue_productpicture pp JOIN media_picture m ON m.id = pp.picture_id
        WHERE pp.product_id = %(product)s ORDER BY pp.position, pp.id LIMIT 1)"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the frame of each page says: unread notices, different things in the cart."""

    unread: int
    in_cart: int


@dataclass(frozen=True, slots=True)
class OwnTold:
    """Experiences for one reader, under the filter `only`. by_known: how many people they know told; the others count experiences.
    solved: by post, complaints about the goods that both sides call solved."""

    rows: tuple[told.Told, ...] = ()
    only: str = "all"
    ties: Mapping[int, TieLabel] = field(default_factory=dict)
    by_known: int = 0
    experiences: int = 0
    with_pictures: int = 0
    low: int = 0
    solved: Mapping[int, SolvedNote] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """A member's part of the page of a product, and the edition of the rest. picture: the first of the goods, where their path ends.
    round: the one nearest to them in which the goods can be had."""

    edition: str
    is_apart: bool
    waiting: Waiting
    known: Known
    told: OwnTold
    picture: ShownPicture | None
    round: RoundWay | None


def own_product(
    *, slug: str, viewer_id: int, only: str | None, before: int | None, limit: int, now: datetime
) -> OwnProduct | None:
    """only, before, limit: of the experiences, as on the page. None without such a product."""
    params = {"slug": slug, "viewer": viewer_id, "now": now}
    row, reached = read_with_reach(viewer_id, MAX_STEPS, now, PRODUCT, params)
    if not row:
        return None
    product_id, edition, unread, in_cart, is_apart, bought, told_by, counts, way = row
    near = {one for one in reached.keys() & bought if reached[one].is_used}
    known_authors = reached.keys() & told_by
    if only not in told.NARROWED or not only or (only == "known" and not known_authors):
        only = "known" if known_authors else "all"
    asked = {
        "product": product_id, "viewer": viewer_id, "bought": list(near), "people": list(known_authors), "before": before,
    }  # fmt: skip
    buyers: list[Buyer] = []
    rows: tuple[told.Told, ...] = ()
    picture = None
    if near or told_by:
        bought, written, picture = planned.rows(_people(only, before, limit), asked)[0]
        buyers = [buyer_of(cells(one)[1:], reached) for one in bought or ()]
        rows = tuple(told.told_of(cells(one)) for one in written or ())
    path = path_to_nearest(buyers)
    ties, edges = said(viewer_id, reached, ids={one.member_id for one in rows}, path=path, now=now)
    beside = solved_beside([row.post_id for row in rows])
    experiences, with_pictures, low = counts
    mine = OwnTold(rows, only, ties, len(known_authors), experiences, with_pictures, low, beside)
    return OwnProduct(
        edition,
        is_apart,
        Waiting(unread, in_cart),
        known_of(buyers, edges, now=now),
        mine,
        shown(picture),
        way_told(way),
    )


def _people(only: str, before: int | None, limit: int) -> str:
    narrowed = told.NARROWED[only] + (" AND r.post_id < %(before)s" if before is not None else "")
    return PEOPLE.format(narrowed=narrowed, limit=limit)


def cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """A row that came as JSON, its columns in their order."""
    return tuple(row.values())
