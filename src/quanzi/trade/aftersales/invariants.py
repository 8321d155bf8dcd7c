"""What must hold of claims and of lots that are stopped, as queries that find nothing."""

from quanzi.base.doctor import invariant
from quanzi.trade.aftersales.queries.holding import HELD


@invariant("C1", "A line is marked as disputed exactly while a claim or a dispute about it is open and it is not kept")
def disputed_has_a_claim() -> str:
    return """
    SELECT l.id AS line_id, l.disputed_at, l.kept_at, c.line_id AS open_for
    FROM sales_orderline l LEFT JOIN (
        SELECT line_id FROM aftersales_claim WHERE state = 'open'
        UNION SELECT c.line_id FROM aftersales_dispute d JOIN aftersales_claim c ON c.id = d.claim_id WHERE d.state <> 'closed'
    ) c ON c.line_id = l.id
    WHERE (l.disputed_at IS NOT NULL AND c.line_id IS NULL)
       OR (c.line_id IS NOT NULL AND l.disputed_at IS NULL AND l.kept_at IS NULL AND l.returned_at IS NULL)
    """


@invariant(
    "Q7", "A dearer variant goes out only when the difference was paid, and no order waits for an exchange that is over"
)
def difference_is_paid() -> str:
    return """
    SELECT r.id AS return_id, c.state, o.number, o.state AS order_state
    FROM aftersales_return r JOIN aftersales_claim c ON c.id = r.claim_id JOIN sales_order o ON o.id = r.new_order_id
    WHERE (c.state = 'exchanged' AND o.released_at IS NULL)
       OR (c.state = 'open' AND (o.state NOT IN ('placed', 'paid') OR o.released_at IS NOT NULL))
       OR (c.state NOT IN ('open', 'exchanged') AND o.state NOT IN ('cancelled', 'refunded'))
    UNION ALL
    SELECT r.id, 'none', o.number, o.state FROM sales_order o LEFT JOIN aftersales_return r ON r.new_order_id = o.id
    WHERE starts_with(o.waits_for, 'exchange:') AND r.id IS NULL AND o.state IN ('placed', 'paid')
    """


@invariant("Q2", "Whoever was given goods of a recalled lot is paid back once, and everybody is on the list")
def recalled_is_paid_back() -> str:
    return f"""
    SELECT r.id AS recall_id, g.line_id, 'not on the list' AS what
    FROM aftersales_recall r JOIN ({HELD}) g ON g.lot_id = r.lot_id
    LEFT JOIN aftersales_recalledline x ON x.recall_id = r.id AND x.line_id = g.line_id WHERE x.id IS NULL
    UNION ALL
    SELECT x.recall_id, x.line_id, 'settled, but not paid back' FROM aftersales_recalledline x JOIN sales_orderline l ON l.id = x.line_id
    WHERE x.settled_at IS NOT NULL AND x.refund_id IS NULL AND l.refunded_minor < l.paid_minor AND x.quantity >= l.quantity
      AND l.returned_at IS NULL AND EXISTS (
          SELECT FROM ({HELD}) g JOIN aftersales_recall r ON r.lot_id = g.lot_id WHERE r.id = x.recall_id AND g.line_id = x.line_id)
    UNION ALL
    SELECT r.id, NULL, 'finished too early' FROM aftersales_recall r
    WHERE r.finished_at IS NOT NULL AND EXISTS (SELECT FROM aftersales_recalledline x WHERE x.recall_id = r.id AND x.settled_at IS NULL)
    UNION ALL
    SELECT r.id, NULL, 'the lot is not recalled' FROM aftersales_recall r JOIN catalogue_lot t ON t.id = r.lot_id WHERE t.recalled_at IS NULL
    """


@invariant("Q1", "A lot is paused exactly while its pause is open, and nothing of it is handed over meanwhile")
def paused_stays_here() -> str:
    return """
    SELECT t.id, t.code, t.paused_at, p.id AS pause_id, NULL::bigint AS line_id
    FROM catalogue_lot t LEFT JOIN aftersales_lotpause p ON p.lot_id = t.id AND p.released_at IS NULL
    WHERE t.recalled_at IS NULL AND (t.paused_at IS NULL) <> (p.id IS NULL)
    UNION ALL
    SELECT p.lot_id, NULL, p.paused_at, p.id, g.line_id FROM aftersales_lotpause p JOIN fulfilment_linelot g ON g.lot_id = p.lot_id
    WHERE g.handed_over_at > p.paused_at AND g.handed_over_at < coalesce(p.released_at, 'infinity')
    """


@invariant("Q3", "A dispute was decided by somebody who had not decided before, and its appeal by a third person")
def decided_by_others() -> str:
    return """
    SELECT d.id, c.decided_by_id AS answered, d.decided_by_id, d.appeal_decided_by_id
    FROM aftersales_dispute d JOIN aftersales_claim c ON c.id = d.claim_id
    WHERE d.decided_by_id = c.decided_by_id OR d.appeal_decided_by_id IN (c.decided_by_id, d.decided_by_id)
       OR c.member_id IN (d.decided_by_id, d.appeal_decided_by_id)
    """


@invariant("Q4", "Money that went back after an invoice was issued calls for a red-letter invoice")
def refunds_cancel_invoices() -> str:
    return """
    SELECT i.id, i.number, o.number AS order_number, i.amount_minor, o.amount_minor - o.refunded_minor AS left_minor
    FROM aftersales_invoice i JOIN sales_order o ON o.id = i.order_id
    WHERE i.state = 'issued' AND i.amount_minor <> o.amount_minor - o.refunded_minor
      AND NOT EXISTS (SELECT FROM events_event e WHERE e.key = 'order:' || o.id AND e.name = 'sales.OrderRefunded' AND e.delivered_at IS NULL)
    """


@invariant("Q5", "Compensation is promised and paid once in the books, on accounts of its own, and is no refund")
def compensation_is_booked() -> str:
    return """
    SELECT c.id, c.state, c.amount_minor, sum(e.amount_minor) FILTER (WHERE t.key = 'compensation:' || c.id) AS promised_minor
    FROM aftersales_compensation c
    LEFT JOIN ledger_transaction t ON t.key IN ('compensation:' || c.id, 'compensation:' || c.id || ':paid', 'compensation:' || c.id || ':back')
    LEFT JOIN ledger_entry e ON e.transaction_id = t.id
        AND e.account_id IN (SELECT id FROM ledger_account WHERE code = 'payable.compensation')
    GROUP BY c.id
    HAVING coalesce(sum(e.amount_minor) FILTER (WHERE t.key = 'compensation:' || c.id), 0) <> -c.amount_minor
        OR coalesce(sum(e.amount_minor), 0) <> CASE WHEN c.state = 'promised' THEN -c.amount_minor ELSE 0 END
        OR bool_or(t.key = 'compensation:' || c.id || ':paid') IS DISTINCT FROM (c.state = 'paid')
    """


@invariant("Q6", "What its buyer calls solved was made good by the shop with money or other goods")
def solved_was_made_good() -> str:
    return """
    SELECT s.claim_id, c.state FROM aftersales_solved s JOIN aftersales_claim c ON c.id = s.claim_id
    LEFT JOIN aftersales_dispute d ON d.claim_id = c.id
    WHERE c.state NOT IN ('accepted', 'exchanged') AND d.refund_id IS NULL AND d.appeal_refund_id IS NULL
    """
