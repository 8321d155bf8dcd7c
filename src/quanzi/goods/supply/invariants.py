"""What must hold of supply."""

from __future__ import annotations

from quanzi.base.doctor import invariant


@invariant("B1", "What was received of a purchase is what its receipts say, and went on the shelf once as that lot")
def receipts_reached_the_shelf() -> str:
    return """
    SELECT r.id, r.quantity, m.quantity AS moved
    FROM supply_receipt r
    JOIN supply_purchaseline l ON l.id = r.line_id
    LEFT JOIN stock_movement m ON m.key = 'supply.receive:' || r.id
    WHERE r.quantity > 0 AND (m.quantity IS DISTINCT FROM r.quantity OR m.lot_id <> r.lot_id OR m.sku_id <> l.sku_id)
    UNION ALL
    SELECT l.id, l.received, coalesce(sum(r.quantity), 0)
    FROM supply_purchaseline l LEFT JOIN supply_receipt r ON r.line_id = l.id
    GROUP BY l.id HAVING l.received <> coalesce(sum(r.quantity), 0) OR l.damaged <> coalesce(sum(r.damaged), 0)
    """


@invariant(
    "B2", "No more is taken of a supplier's lot than there is, and what is sold from there stands on our shelf once"
)
def offers_add_up() -> str:
    return """
    SELECT o.id, o.taken, coalesce(sum(c.quantity), 0) AS claimed
    FROM supply_offer o LEFT JOIN supply_offerclaim c ON c.offer_id = o.id AND c.given_back_at IS NULL
    GROUP BY o.id HAVING o.taken <> coalesce(sum(c.quantity), 0) OR o.taken > o.quantity
    UNION ALL
    SELECT c.offer_id, c.quantity, coalesce(m.quantity, 0)
    FROM supply_offerclaim c LEFT JOIN stock_movement m ON m.key = 'supply.sell:' || c.id
    WHERE starts_with(c.ref, 'sell:') AND c.given_back_at IS NULL AND m.quantity IS DISTINCT FROM c.quantity
    """
