"""Who that you know kept these goods, in one line for a card: how many, and the nearest three who may be named.

The rule is that of `proof`. It is asked from the people's side: somebody has a thousand people within three steps and each of
them kept some dozens of things, while a thing that sells well was kept by tens of thousands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nsmallest
from typing import Any

from quanzi.base import planned
from quanzi.base.media.shown import SHOWN, shown
from quanzi.growth.discovery.queries.proof import AGREED, PAID, WRITTEN, PathStep
from quanzi.people.trust.queries import Reached, recommenders
from quanzi.people.trust.rings import LEFT_OUT
from quanzi.trade.sales.queries import product_counts

NAMED = 3

KEPT = f"""SELECT line.product_id, line.member_id, max(line.kept_at) AS newest FROM sales_orderline line
    WHERE line.member_id IN (SELECT unnest(%(people)s::bigint[])) AND line.kept_at IS NOT NULL {{narrowed}}
      AND NOT {LEFT_OUT.format(id="line.member_id")}
    GROUP BY line.product_id, line.member_id"""
"""Everything that {people} kept, once for each person and thing; an index answers it without a look at a line."""

# Whether goods are on sale is looked up for the few at the top only: OFFSET 0 keeps the count apart.
MOST_KEPT = """SELECT product_id, people, newest FROM (
    SELECT product_id, count(*) AS people, max(newest) AS newest FROM {kept} mine
    GROUP BY product_id ORDER BY people DESC, newest DESC OFFSET 0) most
WHERE (SELECT p.state = 'on_sale' FROM catalogue_product p WHERE p.id = most.product_id) LIMIT 6"""
"""Of the rows of KEPT: the goods that most of these people kept."""

KEEPERS = f"""SELECT keeper.product_id, count(*) AS people,
    json_agg(json_build_array(a.id, a.name, {SHOWN.format(m="m")})) FILTER (WHERE keeper.may_name) AS named
FROM (SELECT mine.product_id, mine.member_id, bool_or(agreed.member_id IS NOT NULL OR EXISTS ({WRITTEN})) AS may_name
    FROM {{kept}} mine
    JOIN sales_orderline line ON line.member_id = mine.member_id AND line.product_id = mine.product_id AND line.kept_at IS NOT NULL
    JOIN sales_order o ON o.id = line.order_id
    LEFT JOIN contact_permission agreed ON agreed.member_id = mine.member_id AND {AGREED}
    WHERE {{of_products}} AND {PAID} GROUP BY mine.product_id, mine.member_id) keeper
JOIN accounts_member a ON a.id = keeper.member_id LEFT JOIN media_picture m ON m.id = a.avatar_id GROUP BY keeper.product_id"""
"""Of the rows of KEPT: by thing, how many kept it, and those who may be named."""

OF_SOME = KEEPERS.format(
    kept=f"({KEPT.format(narrowed='AND line.product_id = ANY(%(products)s::bigint[])')})", of_products="true"
)


@dataclass(frozen=True)
class ProofLine:
    """Proof in one line, for a card. kept, returned: order lines of everybody; names: people who may be named, nearest first."""

    kept: int = 0
    returned: int = 0
    known_kept: int = 0
    people: tuple[PathStep, ...] = ()


def line_of(people: int, named: Iterable[tuple[int, str, Any]] | None, known: Mapping[int, Reached]) -> ProofLine:
    """A row of KEEPERS behind its product, without the counts of everybody."""
    nearest = nsmallest(NAMED, named or (), key=lambda one: known[one[0]].nearness)
    return ProofLine(known_kept=people, people=tuple(PathStep(*one[:2], shown(one[2]), "") for one in nearest))


def proof_lines(*, viewer_id: int | None, product_ids: Collection[int], now: datetime) -> dict[int, ProofLine]:
    """One line for each of these products, in a fixed number of statements."""
    counts, known = product_counts(product_ids), recommenders(viewer_id, now=now) if viewer_id is not None else {}
    found: dict[int, ProofLine] = {}
    if known and product_ids:
        params = {"products": list(product_ids), "people": list(known), "viewer": viewer_id}
        found = {
            product_id: line_of(people, named, known) for product_id, people, named in planned.rows(OF_SOME, params)
        }
    nobody = ProofLine()
    return {one: replace(found.get(one, nobody), **vars(counts[one])) for one in product_ids}
