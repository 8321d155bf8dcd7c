"""What must hold of hand-overs."""

from __future__ import annotations

from quanzi.base.doctor import invariant


@invariant("F1", "What was handed over was fit: no lot past its expiry at that moment, none of other goods")
def lots_were_fit() -> str:
    return """
    SELECT g.id, l.code, g.handed_over_at, l.expires_at
    FROM fulfilment_linelot g
    JOIN catalogue_lot l ON l.id = g.lot_id
    JOIN sales_orderline o ON o.id = g.line_id
    WHERE l.expires_at <= g.handed_over_at OR (l.recalled_at <= g.handed_over_at) OR l.sku_id <> o.sku_id
    """


@invariant("F2", "A hand-over and the order's own word agree")
def hand_overs_agree() -> str:
    return """
    SELECT o.number, f.state, o.state AS order_state
    FROM fulfilment_fulfilment f JOIN sales_order o ON o.id = f.order_id
    WHERE (f.state IN ('shipped', 'handed_over') AND o.state IN ('placed', 'paid', 'cancelled'))
       OR (f.state = 'partly' AND o.state IN ('placed', 'cancelled'))
       OR (f.state IN ('waiting', 'ready') AND o.state IN ('placed', 'handed_over', 'received', 'completed', 'cancelled'))
    """


@invariant("F3", "No more of a line is in parcels than was ordered, and a line is handed over with its last unit")
def parcels_add_up() -> str:
    return """
    SELECT l.id, l.quantity, g.live, g.gone, l.handed_over_at
    FROM sales_orderline l JOIN (
        SELECT pl.line_id, sum(pl.quantity) FILTER (WHERE p.state IN ('packed', 'shipped', 'arrived')) AS live,
               coalesce(sum(pl.quantity) FILTER (WHERE p.state IN ('shipped', 'arrived')), 0) AS gone
        FROM fulfilment_parcelline pl JOIN fulfilment_parcel p ON p.id = pl.parcel_id GROUP BY pl.line_id) AS g ON g.line_id = l.id
    WHERE g.live > l.quantity OR (g.gone > 0 AND l.dropped_at IS NOT NULL)
       OR (g.gone = l.quantity AND l.handed_over_at IS NULL)
    """


@invariant(
    "F4", "A stop that was handed over belongs to a delivery that was, and a run that is over has no stop to come"
)
def stops_agree() -> str:
    return """
    SELECT s.id, s.state, f.state AS fulfilment, r.state AS run
    FROM fulfilment_stop s LEFT JOIN fulfilment_fulfilment f ON f.id = s.fulfilment_id JOIN fulfilment_run r ON r.id = s.run_id
    WHERE (s.state = 'handed_over' AND f.state <> 'handed_over')
       OR (s.state IN ('waiting', 'arrived') AND r.state IN ('done', 'called_off') AND NOT (s.state = 'arrived' AND s.ref <> '' AND r.state = 'done'))
    """
