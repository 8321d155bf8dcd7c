"""What must hold of preorders at every moment; the doctor runs these."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.kernel import clock
from quanzi.trade.preorders import services

PATIENCE = timedelta(minutes=15)
"""How long a batch may wait for its job before somebody looks."""

require_audit("preorders.open", "SELECT 'preorder:' || id AS target FROM preorders_preorder")


def carry_out() -> None:
    """Decide what is due, and pay back what was decided."""
    now = clock.now()
    services.expire_asked(now)
    services.decide_due(now)
    services.close_answers(now)
    services.lapse_due(now)


@invariant(
    "PR1", "A batch that is not made, not wanted on its new date or not paid for gives everything back", fix=carry_out
)
def nobody_waits_for_money() -> Rows:
    return rows_of(
        """SELECT p.id AS preorder, NULL::bigint AS place, 'its window closed and nothing is decided' AS problem
             FROM preorders_preorder p WHERE p.state = 'open' AND p.closes_at < %(limit)s
           UNION ALL
           SELECT p.id, l.id, 'the batch ended and the place did not'
             FROM preorders_preorder p JOIN preorders_place l ON l.preorder_id = p.id AND l.ended_at IS NULL
             LEFT JOIN sales_order o ON o.id = l.order_id
            WHERE p.state IN ('missed', 'called_off') AND p.ended_at < %(limit)s
              AND NOT (l.state = 'settled' AND o.released_at IS NOT NULL)
           UNION ALL
           SELECT p.id, l.id, 'the balance was not paid in time, and the deposit is still here'
             FROM preorders_preorder p JOIN preorders_place l ON l.preorder_id = p.id AND l.state = 'held'
            WHERE p.state = 'made' AND p.balance_until < %(limit)s
           UNION ALL
           SELECT c.preorder_id, a.place_id, 'nothing was said about another date, and the place goes on'
             FROM preorders_answer a JOIN preorders_datechange c ON c.id = a.change_id
            WHERE a.agrees IS NULL AND c.answer_by < %(limit)s
           UNION ALL
           SELECT l.preorder_id, l.id, 'said no to another date, and the place goes on'
             FROM preorders_answer a JOIN preorders_place l ON l.id = a.place_id
            WHERE a.agrees = false AND l.ended_at IS NULL""",
        {"limit": clock.now() - PATIENCE},
    )


@invariant("PR2", "Units of a batch are counted from paid deposits, within what can be made")
def places_add_up() -> str:
    return """
        SELECT p.id AS preorder, p.taken, coalesce(sum(l.quantity), 0) AS counted, p.most
          FROM preorders_preorder p
          LEFT JOIN preorders_place l ON l.preorder_id = p.id AND l.state IN ('held', 'settled')
         GROUP BY p.id HAVING p.taken <> coalesce(sum(l.quantity), 0) OR p.taken > p.most"""


@invariant("PR3", "Each deposit is held for its place, counts for its order, or went back in full")
def deposits_have_a_home() -> str:
    return """
        SELECT l.id AS place, l.state, m.amount_minor AS deposit, m.refunded_minor AS back, c.amount_minor AS counts
          FROM preorders_place l
          LEFT JOIN payments_payment m
            ON m.payable_kind = 'deposit' AND m.payable_id = l.id AND m.state = 'captured' AND NOT m.surplus
          LEFT JOIN sales_ordercredit c ON c.payment_id = m.id AND c.ended_at IS NULL
          LEFT JOIN sales_order o ON o.id = c.order_id
         WHERE CASE l.state
            WHEN 'asked' THEN m.id IS NOT NULL
            WHEN 'gone' THEN m.id IS NOT NULL
            WHEN 'held' THEN m.amount_minor IS DISTINCT FROM l.deposit_minor OR m.refunded_minor <> 0
                OR c.order_id IS DISTINCT FROM l.order_id
            WHEN 'settled' THEN m.amount_minor IS DISTINCT FROM l.deposit_minor OR c.order_id IS DISTINCT FROM l.order_id
                OR o.state NOT IN ('paid', 'handed_over', 'received', 'completed')
            ELSE m.id IS NULL OR m.refunded_minor <> m.amount_minor END
         UNION ALL
        SELECT m.payable_id, 'no such place', m.amount_minor, m.refunded_minor, NULL
          FROM payments_payment m LEFT JOIN preorders_place l ON l.id = m.payable_id
         WHERE m.payable_kind = 'deposit' AND l.id IS NULL"""


@invariant("PR4", "The goods of a batch are held once for each place: for itself, or for the order of its balance")
def goods_are_held_once() -> str:
    return """
        SELECT l.id AS place, l.state, r.quantity AS held, l.quantity
          FROM preorders_place l JOIN preorders_preorder p ON p.id = l.preorder_id
          LEFT JOIN stock_reservation r ON r.ref = 'preorder_place:' || l.id AND r.state = 'live'
         WHERE (l.state = 'held' AND p.state = 'made' AND l.order_id IS NULL) IS DISTINCT FROM (r.id IS NOT NULL)
           AND NOT (p.state = 'called_off' AND l.ended_at IS NULL)
            OR r.quantity <> l.quantity"""


@invariant("PR5", "What a batch costs is charged with a place in it only, and never above what was agreed")
def prices_are_agreed() -> str:
    return """
        SELECT o.number, l.unit_minor AS charged, g.price_minor AS agreed
          FROM preorders_place p JOIN preorders_preordergood g ON g.id = p.good_id
          JOIN sales_order o ON o.id = p.order_id JOIN sales_orderline l ON l.order_id = o.id
         WHERE l.sku_id <> g.sku_id OR l.unit_minor > g.price_minor OR l.quantity <> p.quantity
         UNION ALL
        SELECT o.number, a.amount_minor, NULL FROM sales_adjustment a JOIN sales_order o ON o.id = a.order_id
         WHERE starts_with(a.source, 'preorder:') AND o.waits_for <> a.source"""
