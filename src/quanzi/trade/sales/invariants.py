"""What must hold of orders, as queries that find nothing."""

from __future__ import annotations

from quanzi.base.doctor import invariant
from quanzi.trade.sales.states import ORDER_MOVES

PAID_AND_CAPTURED = """
SELECT o.number, o.state, o.amount_minor, p.amount_minor AS captured_minor
FROM sales_order o
LEFT JOIN payments_payment p
    ON p.payable_kind = 'order' AND p.payable_id = o.id AND p.state = 'captured' AND NOT p.surplus
WHERE (o.state IN ('paid', 'handed_over', 'received', 'completed', 'refunded')) <> (p.id IS NOT NULL)
"""


@invariant("O1.orders", "Every captured payment of an order stands behind a paid order, and the other way round")
def captured_and_paid() -> str:
    return PAID_AND_CAPTURED


@invariant("O2", "An order's amount is the sum of its lines and freight, and that is what was paid")
def amounts_add_up() -> str:
    return """
    SELECT o.number, o.amount_minor, sum(l.paid_minor) AS lines_minor, o.freight_minor, p.amount_minor AS captured_minor,
        c.amount_minor AS ahead_minor
    FROM sales_order o
    LEFT JOIN sales_orderline l ON l.order_id = o.id
    LEFT JOIN sales_ordercredit c ON c.order_id = o.id AND c.ended_at IS NULL
    LEFT JOIN payments_payment p
        ON p.payable_kind = 'order' AND p.payable_id = o.id AND p.state = 'captured' AND NOT p.surplus
    GROUP BY o.id, p.id, c.order_id
    HAVING coalesce(sum(l.paid_minor), 0) + o.freight_minor <> o.amount_minor
        OR p.amount_minor + coalesce(c.amount_minor, 0) <> o.amount_minor OR p.currency <> o.currency
    """


@invariant("O2.steps", "The explained steps of an order lead from its list prices to its amount")
def steps_add_up() -> str:
    return """
    SELECT o.number, o.amount_minor, l.list_minor, a.steps_minor
    FROM sales_order o
    JOIN (SELECT order_id, sum(list_minor * quantity) AS list_minor FROM sales_orderline GROUP BY order_id) l
        ON l.order_id = o.id
    LEFT JOIN (SELECT order_id, sum(amount_minor) AS steps_minor FROM sales_adjustment GROUP BY order_id) a
        ON a.order_id = o.id
    WHERE l.list_minor + coalesce(a.steps_minor, 0) <> o.amount_minor
    """


@invariant("O3", "The log of each order is one path through the state table and ends where the order is")
def moves_are_a_path() -> str:
    allowed = ", ".join(f"('{before}', '{after}')" for before, after in sorted(ORDER_MOVES.paths()))
    return f"""
    SELECT * FROM (
        SELECT o.number, o.state, m.before, m.after,
            coalesce(lag(m.after) OVER w, '') IS DISTINCT FROM m.before
            OR (m.before, m.after) NOT IN ({allowed})
            OR m.id IS NULL
            OR (lead(m.id) OVER w IS NULL AND m.after <> o.state) AS is_broken
        FROM sales_order o LEFT JOIN sales_ordermove m ON m.order_id = o.id
        WINDOW w AS (PARTITION BY o.id ORDER BY m.id)
    ) checked WHERE is_broken
    """


@invariant(
    "S2.orders", "Goods are held for every line that waits, consumed for what was handed over, and for nothing else"
)
def lines_hold_their_goods() -> str:
    return """
    SELECT o.number, l.id AS line_id, o.state, l.quantity, r.state AS reservation, r.quantity AS reserved
    FROM sales_orderline l
    JOIN sales_order o ON o.id = l.order_id
    LEFT JOIN stock_reservation r ON r.ref = 'order_line:' || l.id AND r.state <> 'released'
    WHERE CASE
        WHEN l.handed_over_at IS NOT NULL THEN 'consumed'
        WHEN l.dropped_at IS NULL AND o.state IN ('placed', 'paid') THEN 'live' END IS DISTINCT FROM r.state
        OR r.quantity <> l.quantity OR r.sku_id <> l.sku_id
    """


@invariant("R1.orders", "What orders gave back is what their parts say and what their payments gave back")
def refunds_add_up() -> str:
    return """
    SELECT o.number, o.refunded_minor, parts.total_minor AS parts_minor,
        p.refunded_minor + coalesce(ahead.refunded_minor, 0) AS payment_minor
    FROM sales_order o
    LEFT JOIN (SELECT order_id, sum(amount_minor) AS total_minor FROM sales_refundpart GROUP BY order_id) parts
        ON parts.order_id = o.id
    LEFT JOIN payments_payment p
        ON p.payable_kind = 'order' AND p.payable_id = o.id AND p.state = 'captured' AND NOT p.surplus
    LEFT JOIN sales_ordercredit c ON c.order_id = o.id AND c.ended_at IS NULL AND o.state NOT IN ('placed', 'cancelled')
    LEFT JOIN payments_payment ahead ON ahead.id = c.payment_id
    WHERE o.refunded_minor <> coalesce(parts.total_minor, 0)
       OR o.refunded_minor <> coalesce(p.refunded_minor, 0) + coalesce(ahead.refunded_minor, 0)
    UNION ALL
    SELECT o.number, l.refunded_minor, parts.total_minor, NULL
    FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id
    LEFT JOIN (SELECT line_id, sum(amount_minor) AS total_minor FROM sales_refundpart GROUP BY line_id) parts
        ON parts.line_id = l.id
    WHERE l.refunded_minor <> coalesce(parts.total_minor, 0)
    """


@invariant("R2", "Goods go back on sale at most once, and only after they were handed over")
def goods_come_back_once() -> str:
    return """
    SELECT r.ref, sum(m.quantity) AS back, r.quantity AS sold
    FROM stock_movement m JOIN stock_reservation r ON r.id = m.reservation_id
    WHERE m.kind = 'returned' GROUP BY r.id HAVING sum(m.quantity) > r.quantity OR r.state <> 'consumed'
    """


@invariant("H1", "Only goods that were paid for and received are kept, and what is kept was earned")
def kept_was_paid() -> str:
    return """
    SELECT o.number, l.id AS line_id, l.kept_at, l.released_at
    FROM sales_orderline l JOIN sales_order o ON o.id = l.order_id
    WHERE (l.kept_at IS NOT NULL AND (l.released_at IS NULL OR l.received_at IS NULL OR l.returned_at IS NOT NULL
            OR o.origin = 'replay' OR NOT EXISTS (
                SELECT 1 FROM payments_payment p
                WHERE p.payable_kind = 'order' AND p.payable_id = o.id AND p.state = 'captured' AND NOT p.surplus)))
       OR (l.released_at IS NOT NULL AND l.kept_at IS NULL AND l.returned_at IS NULL AND l.dropped_at IS NULL)
    """


@invariant("E1", "The escrow holds what buyers paid, less what went back to them and what the shop has earned")
def escrow_is_what_is_open() -> str:
    return """
    SELECT * FROM (
        SELECT
            coalesce((SELECT -b.balance_minor FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
                      WHERE a.code = 'escrow.buyers'), 0) AS escrow_minor,
            coalesce((SELECT sum(amount_minor - refunded_minor) FROM payments_payment WHERE state = 'captured'), 0)
            - coalesce((SELECT sum(released_minor) FROM sales_orderline), 0)
            - coalesce((SELECT sum(freight_released_minor) FROM sales_order), 0) AS open_minor
    ) sums WHERE escrow_minor <> open_minor
    """


@invariant("E2", "Income from goods and delivery is the sum of what orders released")
def income_is_what_was_released() -> str:
    return """
    SELECT * FROM (
        SELECT a.code, -b.balance_minor AS income_minor, CASE a.code
            WHEN 'income.goods' THEN (SELECT coalesce(sum(released_minor), 0) FROM sales_orderline)
            ELSE (SELECT coalesce(sum(freight_released_minor), 0) FROM sales_order) END AS released_minor
        FROM ledger_balance b JOIN ledger_account a ON a.id = b.account_id
        WHERE a.code IN ('income.goods', 'income.delivery')
    ) sums WHERE income_minor <> released_minor
    """
