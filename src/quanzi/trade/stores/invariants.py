"""What must hold of stores and links at every moment; the doctor runs these."""

from __future__ import annotations

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import invariant

require_audit("stores.open", "SELECT 'store:' || id AS target FROM stores_store")
require_audit("stores.make_link", "SELECT 'paylink:' || id AS target FROM stores_paylink WHERE only_for_id IS NULL")
require_audit(
    "stores.answer_amount",
    "SELECT 'paylink:' || id AS target FROM stores_paylink WHERE only_for_id IS NOT NULL AND state IN ('open', 'declined')",
)


@invariant("PL1", "A pay link is used no more often than it may be, and its uses are counted right")
def uses_add_up() -> str:
    return """
        SELECT k.id AS link, k.taken AS counted, count(s.id) AS orders FROM stores_paylink k
          LEFT JOIN stores_countersale s ON s.link_id = k.id AND s.ended_at IS NULL
         GROUP BY k.id HAVING k.taken <> count(s.id) OR count(s.id) > k.most
         UNION ALL
        SELECT s.link_id, NULL, o.id FROM stores_countersale s JOIN sales_order o ON o.id = s.order_id
         WHERE (s.ended_at IS NULL) = (o.state = 'cancelled')"""


@invariant("PL2", "What a pay link sells in words is ordered through that link only, for the amount that it asked")
def apart_through_links() -> str:
    return """
        SELECT o.number, l.sku_id AS goods FROM sales_orderline l
          JOIN catalogue_product p ON p.id = l.product_id AND p.state = 'apart' JOIN sales_order o ON o.id = l.order_id
          LEFT JOIN stores_countersale s ON s.order_id = o.id LEFT JOIN stores_paylink k ON k.id = s.link_id AND k.sku_id = l.sku_id
         WHERE EXISTS (SELECT FROM stores_paylink other WHERE other.sku_id = l.sku_id)
           AND (k.id IS NULL OR l.quantity <> k.quantity OR (k.only_for_id IS NOT NULL AND k.only_for_id <> o.member_id))
         UNION ALL
        SELECT 'link ' || k.id, k.sku_id FROM stores_paylink k WHERE k.only_for_id IS NOT NULL AND k.state = 'open'
           AND (k.decided_by_id IS NULL OR k.decided_by_id = k.only_for_id)"""
