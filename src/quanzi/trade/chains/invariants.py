"""What must hold of chains at every moment."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.kernel import clock
from quanzi.trade.chains import services
from quanzi.trade.chains.models import Chain, ChainState
from quanzi.trade.chains.services.ending import release_paid

PATIENCE = timedelta(minutes=15)

require_audit("chain.opened", "SELECT 'chain:' || id AS target FROM chains_chain")
require_audit("chain.called_off", "SELECT 'chain:' || id AS target FROM chains_chain WHERE state = 'called_off'")


def finish() -> None:
    """End what is due, and do again what follows from closing."""
    now = clock.now()
    services.end_due(now)
    for chain in Chain.objects.filter(
        state=ChainState.CLOSED, sign_ups__order__state="paid", sign_ups__order__released_at=None
    ).distinct():
        release_paid(chain, now=now)


@invariant("GC1", "A sign-up chain ends with every paid order released, or with everybody refunded", fix=finish)
def chains_end() -> Rows:
    return rows_of(
        """SELECT c.id AS chain, 'past its closing and not closed' AS problem FROM chains_chain c
            WHERE c.state = 'open' AND c.closes_at < %(limit)s
           UNION ALL
           SELECT c.id, 'called off, but order ' || o.number || ' was not given back'
             FROM chains_chain c JOIN chains_signup s ON s.chain_id = c.id AND s.ended_at IS NULL JOIN sales_order o ON o.id = s.order_id
            WHERE c.state = 'called_off' AND c.ended_at < %(limit)s
           UNION ALL
           SELECT c.id, 'closed, but order ' || o.number || ' was not released'
             FROM chains_chain c JOIN chains_signup s ON s.chain_id = c.id JOIN sales_order o ON o.id = s.order_id
            WHERE c.state = 'closed' AND o.state = 'paid' AND o.released_at IS NULL
           UNION ALL
           SELECT c.id, 'not closed, but order ' || o.number || ' was released'
             FROM chains_chain c JOIN chains_signup s ON s.chain_id = c.id JOIN sales_order o ON o.id = s.order_id
            WHERE c.state <> 'closed' AND o.released_at IS NOT NULL""",
        {"limit": clock.now() - PATIENCE},
    )


@invariant("GC2", "A list holds the orders that live, one for each person, at the prices of its chain")
def lists_are_their_orders() -> str:
    return """
        SELECT s.chain_id AS chain, o.number, 'in the list and ended' AS problem
          FROM chains_signup s JOIN sales_order o ON o.id = s.order_id
         WHERE s.ended_at IS NULL AND o.state IN ('cancelled', 'refunded')
        UNION ALL
        SELECT s.chain_id, o.number, 'out of the list and alive'
          FROM chains_signup s JOIN sales_order o ON o.id = s.order_id
         WHERE s.ended_at IS NOT NULL AND o.state NOT IN ('cancelled', 'refunded')
        UNION ALL
        SELECT s.chain_id, o.number, 'costs ' || l.unit_minor || ' in a chain at ' || coalesce(g.price_minor::text, 'nothing')
          FROM chains_signup s JOIN sales_order o ON o.id = s.order_id JOIN sales_orderline l ON l.order_id = o.id
          LEFT JOIN chains_chaingood g ON g.chain_id = s.chain_id AND g.sku_id = l.sku_id
         WHERE g.id IS NULL OR l.unit_minor > g.price_minor
        UNION ALL
        SELECT NULL, o.number, 'the price of a chain outside its list'
          FROM sales_adjustment a JOIN sales_order o ON o.id = a.order_id
         WHERE starts_with(a.source, 'chain:')
           AND NOT EXISTS (SELECT 1 FROM chains_signup s WHERE s.order_id = o.id AND 'chain:' || s.chain_id = a.source)"""
