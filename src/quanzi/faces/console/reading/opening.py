"""How far a new shop is: one statement over facts. Nothing here is ticked by hand."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

FACTS = """
SELECT
    EXISTS (SELECT FROM shop_shop WHERE name <> '' AND (phone <> '' OR email <> '')),
    EXISTS (SELECT FROM shop_shop WHERE logo_id IS NOT NULL),
    EXISTS (SELECT FROM circles_circle WHERE closed_at IS NULL),
    EXISTS (SELECT FROM catalogue_product product WHERE state = 'on_sale'
            AND EXISTS (SELECT FROM catalogue_productpicture WHERE product_id = product.id)
            AND EXISTS (SELECT FROM catalogue_sku sku JOIN stock_stock stock ON stock.sku_id = sku.id
                        WHERE sku.product_id = product.id AND sku.is_active AND stock.on_hand + stock.expected > stock.reserved)),
    EXISTS (SELECT FROM sales_pickuppoint WHERE is_open)
        OR EXISTS (SELECT FROM shop_shop WHERE freight_minor IS NOT NULL),
    EXISTS (SELECT FROM sources_touch touch JOIN sources_source source ON source.id = touch.source_id
            WHERE source.kind <> 'direct' AND touch.member_id IS DISTINCT FROM source.owner_id),
    EXISTS (SELECT FROM sales_order WHERE paid_at IS NOT NULL AND origin <> 'replay'),
    EXISTS (SELECT FROM shop_shop WHERE legal_name <> '' AND registration <> ''
            AND (registration <> 'registered' OR credit_code <> '')),
    (SELECT count(DISTINCT kind) FROM shop_ruletext)
"""

TEXTS = 3


@dataclass(frozen=True)
class Opening:
    """What of a shop's beginning is there. `merchant` and `rules` the law wants before anything is really sold."""

    shop: bool
    look: bool
    circle: bool
    product: bool
    delivery: bool
    invite: bool
    order: bool
    merchant: bool
    rules: bool


def opening() -> Opening:
    with connection.cursor() as cursor:
        cursor.execute(FACTS)
        *facts, texts = cursor.fetchone()
    return Opening(*[*facts, texts == TEXTS])
