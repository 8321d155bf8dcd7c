"""What most goods have none of, told by one look, so that a page asks further only where there is something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quanzi.base import planned
from quanzi.growth.discovery.queries.editions import RUNNING

# Each says yes too often rather than too rarely: the room that is asked then has the last word.
RARE = f"""SELECT
    EXISTS (SELECT FROM catalogue_productfilm f WHERE f.product_id = %(product)s),
    EXISTS (SELECT FROM catalogue_sku x JOIN deals_groupdeal g ON g.sku_id = x.id WHERE x.product_id = %(product)s AND {RUNNING}),
    EXISTS (SELECT FROM preorders_preorder b WHERE b.product_id = %(product)s AND b.opens_at <= %(now)s AND b.closes_at > %(now)s),
    EXISTS (SELECT FROM catalogue_sku x JOIN launches_daygood g ON g.sku_id = x.id WHERE x.product_id = %(product)s),
    EXISTS (SELECT FROM catalogue_sku x JOIN pricing_buildup b ON b.sku_id = x.id WHERE x.product_id = %(product)s AND b.is_shown)"""


@dataclass(frozen=True, slots=True)
class Rare:
    """Whether goods may have a film, an open deal, an open batch, a brand day, a price whose making is shown."""

    film: bool
    deal: bool
    batch: bool
    day: bool
    build_up: bool


def rare_of(product_id: int, *, now: datetime) -> Rare:
    """Of one product."""
    (row,) = planned.rows(RARE, {"product": product_id, "now": now})
    return Rare(*row)
