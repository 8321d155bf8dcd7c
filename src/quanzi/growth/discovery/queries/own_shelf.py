"""A member's part of 逛逛: who of their people kept what, and their circles. See `own`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quanzi.growth.discovery.queries.discover import KEPT_BY
from quanzi.growth.discovery.queries.editions import CARDS, NEAREST, POSTS, SIDE_NOTES, SIDE_TEAMS, SIDES, shelf
from quanzi.growth.discovery.queries.own import AWAY, Waiting, cells
from quanzi.growth.discovery.queries.own_feed import MINE, OWN_ROUND
from quanzi.growth.discovery.queries.proof import ALONE, BUYERS, Buyer, ProofLine, buyer_of, line_of
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

BOUGHT = BUYERS.format(
    of_products="line.product_id IN (SELECT id FROM shown UNION SELECT product_id FROM known)",
    people="SELECT unnest(%(people)s::bigint[])",
    voices=ALONE,
)


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
    kept = KEPT_BY if is_first else "SELECT NULL::bigint AS product_id, 0 AS people, now() AS newest WHERE false"
    sql = f"""{AWAY}, {shelf(category=category, maker=None, before=before, limit=limit)}, known AS MATERIALIZED ({kept})
        SELECT concat_ws('|', {", ".join([CARDS, *SIDES])}), {WAITING.replace("%(member)s", "%(viewer)s")}, {APART}, ARRAY({AUTHORS}), {MINE},
            ARRAY(SELECT product_id FROM known ORDER BY people DESC, newest DESC), (SELECT json_agg(b.*) FROM ({BOUGHT}) b), {OWN_ROUND}, {MARK}"""
    params = {"viewer": viewer_id, "category": category, "before": before, "now": now}
    row, reached = read_with_reach(viewer_id, MAX_STEPS, now, sql, params)
    edition, unread, in_cart, is_apart, authors, mine, known, bought, near = row
    buyers: dict[int, list[Buyer]] = defaultdict(list)
    for product_id, *buyer in map(cells, bought or ()):
        buyers[product_id].append(buyer_of(buyer, reached))
    proof = {product_id: line_of(0, 0, found) for product_id, found in buyers.items()}
    ties, _ = said(viewer_id, reached, ids=authors, now=now)
    return OwnShelf(edition, is_apart, Waiting(unread, in_cart), mine or [], known, proof, ties, near_told(near))
