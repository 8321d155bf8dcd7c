"""What must hold of rounds at every moment; the doctor runs these."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.kernel import clock
from quanzi.trade.stations import services

PATIENCE = timedelta(minutes=15)
"""How long a round may be past its cut-off before somebody looks."""

require_audit("stations.open", "SELECT 'station:' || id AS target FROM stations_station")
require_audit("stations.open_round", "SELECT 'round:' || id AS target FROM stations_round")


def finish_rounds() -> None:
    """Cut off what is due, and carry out what was decided."""
    services.close_due(clock.now())


@invariant("GR1", "A round ends with every order released, refunded or cancelled", fix=finish_rounds)
def every_round_ends() -> Rows:
    return rows_of(
        """SELECT r.id AS round, 'past its cut-off and still open' AS problem
             FROM stations_round r WHERE r.state = 'open' AND r.cut_off_at < %(limit)s
           UNION ALL
           SELECT r.id, 'order ' || o.number || ' was not carried out'
             FROM stations_round r JOIN stations_stop p ON p.round_id = r.id
             JOIN stations_entry e ON e.stop_id = p.id AND e.settled_at IS NULL AND e.ended_at IS NULL
             JOIN sales_order o ON o.id = e.order_id
            WHERE r.state <> 'open' AND r.closed_at < %(limit)s
           UNION ALL
           SELECT r.id, 'order ' || o.number || ' was released before the cut-off, or without its place'
             FROM sales_order o LEFT JOIN stations_entry e ON e.order_id = o.id
             LEFT JOIN stations_stop p ON p.id = e.stop_id LEFT JOIN stations_round r ON r.id = p.round_id
            WHERE starts_with(o.waits_for, 'round:') AND o.released_at IS NOT NULL AND r.state IS DISTINCT FROM 'closed'""",
        {"limit": clock.now() - PATIENCE},
    )


def carry_on_earnings() -> None:
    """Write down, make payable, take back what the facts say."""
    services.carry_on(clock.now())


@invariant(
    "GR4", "A leader is owed their part of goods that were kept, and the ledger says the same", fix=carry_on_earnings
)
def leaders_are_owed_what_was_kept() -> str:
    return """
        SELECT 'earning ' || a.id AS what, a.reversed_minor AS books, a.amount_minor * l.refunded_minor / l.paid_minor AS facts
          FROM stations_earning a JOIN sales_orderline l ON l.id = a.line_id
         WHERE l.refunded_minor > 0 AND l.paid_minor > 0 AND a.reversed_minor > a.amount_minor * l.refunded_minor / l.paid_minor + 1
            OR a.payable_at IS NOT NULL AND l.kept_at IS NULL AND l.returned_at IS NULL
            OR l.handed_over_at IS NULL
         UNION ALL
        SELECT 'payable.leaders', (SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_entry e JOIN ledger_account c ON c.id = e.account_id
                                    WHERE c.code = 'payable.leaders'),
               -coalesce(sum(minor), 0)
          FROM (SELECT amount_minor - reversed_minor AS minor FROM stations_earning WHERE payable_at IS NOT NULL
                UNION ALL SELECT -amount_minor FROM stations_settlement) books
        HAVING (SELECT coalesce(sum(e.amount_minor), 0) FROM ledger_entry e JOIN ledger_account c ON c.id = e.account_id
                 WHERE c.code = 'payable.leaders') <> -coalesce(sum(minor), 0)"""


@invariant("GR2", "Places in a round: counted right, within what there is")
def places_add_up() -> str:
    return """
        SELECT p.round_id AS round, 'stop ' || p.id || ' counts ' || p.taken || ' for ' || count(e.id) AS problem
          FROM stations_stop p LEFT JOIN stations_entry e ON e.stop_id = p.id AND e.ended_at IS NULL
         GROUP BY p.id HAVING p.taken <> count(e.id)
         UNION ALL
        SELECT g.round_id, 'goods ' || g.sku_id || ' count ' || g.taken || ' for ' || coalesce(sum(l.quantity), 0)
          FROM stations_roundgood g LEFT JOIN stations_stop p ON p.round_id = g.round_id
          LEFT JOIN stations_entry e ON e.stop_id = p.id AND e.ended_at IS NULL
          LEFT JOIN sales_orderline l ON l.order_id = e.order_id AND l.sku_id = g.sku_id
         GROUP BY g.id HAVING g.taken <> coalesce(sum(l.quantity), 0)
         UNION ALL
        SELECT p.round_id, 'order ' || o.number || ' lives in a round and has ended'
          FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id JOIN sales_order o ON o.id = e.order_id
         WHERE e.ended_at IS NULL AND o.state IN ('cancelled', 'refunded')"""


@invariant("GR5", "What a run handed over to a station was counted there")
def loads_were_counted() -> str:
    return """
        SELECT s.run_id AS run, s.ref FROM fulfilment_stop s
         WHERE s.state = 'handed_over' AND starts_with(s.ref, 'round_stop:')
           AND NOT EXISTS (SELECT 1 FROM stations_arrival a WHERE a.stop_id = split_part(s.ref, ':', 2)::bigint)"""


@invariant("GR3", "The price of a round is charged in that round only, and never above it")
def prices_are_the_rounds() -> str:
    return """
        SELECT o.number, l.unit_minor AS charged, g.price_minor AS agreed
          FROM stations_entry e JOIN stations_stop p ON p.id = e.stop_id JOIN sales_order o ON o.id = e.order_id
          JOIN sales_orderline l ON l.order_id = o.id
          LEFT JOIN stations_roundgood g ON g.round_id = p.round_id AND g.sku_id = l.sku_id
         WHERE g.id IS NULL OR l.unit_minor > g.price_minor
         UNION ALL
        SELECT o.number, a.amount_minor, NULL FROM sales_adjustment a JOIN sales_order o ON o.id = a.order_id
         WHERE starts_with(a.source, 'round:') AND NOT EXISTS (SELECT 1 FROM stations_entry e WHERE e.order_id = o.id)"""
