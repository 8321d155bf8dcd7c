"""What must hold in the catalogue."""

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant

require_audit(
    "catalogue.change_price",
    """SELECT 'price_change:' || id AS target FROM catalogue_pricechange AS change
       WHERE EXISTS (SELECT FROM catalogue_pricechange AS first WHERE first.sku_id = change.sku_id AND first.id < change.id)""",
)


@invariant("CA1", "Whatever is on sale has a variant to buy")
def goods_on_sale_can_be_bought() -> str:
    """Products on sale without an active variant."""
    return """
        SELECT product.id, product.slug FROM catalogue_product AS product WHERE product.state = 'on_sale'
          AND NOT EXISTS (SELECT FROM catalogue_sku AS sku WHERE sku.product_id = product.id AND sku.is_active) ORDER BY product.id"""


@invariant("A2.prices", "Each price is the newest line of its history")
def prices_have_a_history() -> str:
    """Variants whose price differs from the newest record, or that have none."""
    return """
        SELECT sku.id, sku.code, sku.price_minor, newest.price_minor AS recorded_minor
        FROM catalogue_sku AS sku
        LEFT JOIN LATERAL (SELECT price_minor, currency FROM catalogue_pricechange
                           WHERE sku_id = sku.id ORDER BY id DESC LIMIT 1) AS newest ON true
        WHERE (newest.price_minor, newest.currency) IS DISTINCT FROM (sku.price_minor, sku.currency)
        ORDER BY sku.id"""
