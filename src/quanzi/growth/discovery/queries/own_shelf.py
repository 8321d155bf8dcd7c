"""A member's part of 逛逛: who of their people kept what, and their circles. See `own`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quanzi.growth.discovery.queries.editions import CARDS, NEAREST, POSTS, SIDE_NOTES, SIDE_TEAMS, SIDES, shelf
from quanzi.growth.discovery.queries.keepers import KEEPERS, KEPT, MOST_KEPT, ProofLine, line_of
from quanzi.growth.discovery.queries.own import AWAY, Waiting
from quanzi.growth.discovery.queries.own_feed import MINE, OWN_ROUND
from quanzi.people.trust.queries import TieLabel, said
from quanzi.people.trust.reaching import MARK, read_with_reach
from quanzi.people.trust.rules import MAX_STEPS
from quanzi.trade.sales.queries.cart import WAITING
from quanzi.trade.stations.queries.rounds import RoundNear, near_told

AUTHORS = " UNION ALL ".join(
    f"SELECT author_id FROM ({POSTS.format(narrowed=f"AND n.kind = '{kind}'", limit=limit)}) {kind}"
    for kind, limit in SIDE_NOTES
)

APART = f"""EXISTS (SELECT FROM ({NEAREST.format(more="", limit=SIDE_TEAMS)}) t JOIN deals_seat s ON s.team_id = t.id
        WHERE s.state IN ('held', 'paid') AND (s.member_id = %(viewer)s::bigint OR s.member_id IN (SELECT id FROM away)))
    OR EXISTS (SELECT FROM ({AUTHORS}) n WHERE n.author_id IN (SELECT id FROM away))"""

KEPT_HERE = KEEPERS.format(
    kept="mine", of_products="mine.product_id IN (SELECT id FROM shown UNION SELECT product_id FROM known)"
)
NOTHING = "SELECT NULL::bigint AS product_id, 0 AS people, now() AS newest WHERE false"


@dataclass(frozen=True, slots=True)
class OwnShelf:
    """mine: name and slug of each of the reader's circles; known: goods that their people kept, those of most people first;
    proof: of goods on the page that somebody they know bought, without the counts of everybody;
    ties: to the authors of the notes; round: the one nearest to them."""

    edition: str
    is_apart: bool
    waiting: Waiting
    mine: Sequence[Mapping[str, str]]
    known: Sequence[int]
    proof: Mapping[int, ProofLine]
    ties: Mapping[int, TieLabel]
    round: RoundNear | None


def own_shelf(*, viewer_id: int, category: str | None, before: int | None, limit: int, now: datetime) -> OwnShelf:
    """For the page of `editions.shelf_edition` with its sides. Goods that people kept head its first page only."""
    is_first = category is None and before is None
    known = MOST_KEPT.format(kept="mine") if is_first else NOTHING
    sql = f"""{AWAY}, {shelf(category=category, maker=None, before=before, limit=limit)},
        mine AS MATERIALIZED ({KEPT.format(narrowed="")}), known AS MATERIALIZED ({known})
        SELECT concat_ws('|', {", ".join([CARDS, *SIDES])}), {WAITING.replace("%(member)s", "%(viewer)s")}, {APART}, ARRAY({AUTHORS}), {MINE},
            ARRAY(SELECT product_id FROM known ORDER BY people DESC, newest DESC),
            (SELECT json_agg(json_build_array(k.product_id, k.people, k.named)) FROM ({KEPT_HERE}) k), {OWN_ROUND}, {MARK}"""
    params = {"viewer": viewer_id, "category": category, "before": before, "now": now}
    row, reached = read_with_reach(viewer_id, MAX_STEPS, now, sql, params)
    edition, unread, in_cart, is_apart, authors, mine, known_ids, keepers, near = row
    proof = {product_id: line_of(people, named, reached) for product_id, people, named in keepers or ()}
    ties, _ = said(viewer_id, reached, ids=authors, now=now)
    return OwnShelf(edition, is_apart, Waiting(unread, in_cart), mine or [], known_ids, proof, ties, near_told(near))
