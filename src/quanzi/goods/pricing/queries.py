"""What a quote needs to know of goods."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from quanzi.base import planned
from quanzi.goods.catalogue.rules import variant_title
from quanzi.goods.pricing.draft import Timed

WARES = """
SELECT s.id, s.product_id, p.name, s.options::text, s.price_minor, s.cost_minor, s.currency, s.is_active AND p.state = 'on_sale',
    s.is_active AND p.state = 'apart',    h.freight_minor, h.freight_free_from_minor, s.weight_g, t.id, t.areas, p.return_rule,
    coalesce(i.duty_bp, 0), coalesce(i.country, ''), coalesce(i.must_declare, false),
    (SELECT json_agg(json_build_array(w.price_minor, w.starts_at, w.ends_at, w.source, w.label_zh, w.label_en))
     FROM pricing_timedprice w WHERE w.sku_id = s.id AND w.ends_at > %s AND w.starts_at <= %s)::text
FROM catalogue_sku s JOIN catalogue_product p ON p.id = s.product_id LEFT JOIN shop_shop h ON h.id = 1
LEFT JOIN supply_importfacts i ON i.product_id = p.id
LEFT JOIN pricing_productfreight f ON f.product_id = p.id
LEFT JOIN pricing_freighttemplate t ON t.id = coalesce(f.template_id, (SELECT d.id FROM pricing_freighttemplate d WHERE d.is_default))
WHERE s.id = ANY (%s::bigint[])
"""


class Ware(NamedTuple):
    """A SKU as it is sold now; amounts are of one unit.

    freight_…: the shop's plain tariff, for all of them, as the merchant decided (None: nothing decided); it comes with each quote, since the
    file that pages read may be behind. is_apart: sold by
    arrangement only. template_id, areas: the freight template that the goods are sent by, if any; areas as JSON.
    duty_bp, country, must_declare: of goods from abroad. timed: prices that hold for a time.
    """

    sku_id: int
    product_id: int
    name: str
    title: str
    price_minor: int
    cost_minor: int
    currency: str
    is_on_sale: bool
    is_apart: bool
    freight_minor: int | None
    freight_free_from_minor: int | None
    weight_g: int
    template_id: int | None
    areas: str | None
    return_rule: str
    duty_bp: int
    country: str
    must_declare: bool
    timed: tuple[Timed, ...]


def wares(sku_ids: Iterable[int], *, at: Sequence[datetime]) -> dict[int, Ware]:
    """Those of the SKUs that there are, in one statement: carts and checkouts ask for them all the time.

    at: the moments that are asked about; prices that hold at none of them are left out.
    """
    ids = [sku_id for sku_id in set(sku_ids) if -(2**63) <= sku_id < 2**63]
    return {row[0]: _ware(*row) for row in planned.rows(WARES, [min(at), max(at), ids])}


def _ware(sku_id: int, product_id: int, name: str, options: str, *rest: Any) -> Ware:
    *plain, timed = rest
    told: list[Any] = [*plain, _timed(timed)]
    return Ware(sku_id, product_id, name, variant_title(name, json.loads(options)), *told)


def _timed(told: str | None) -> tuple[Timed, ...]:
    if told is None:
        return ()
    return tuple(
        Timed(price, datetime.fromisoformat(start), datetime.fromisoformat(end), *why)
        for price, start, end, *why in json.loads(told)
    )
