"""What must hold of questions to friends at every moment; the doctor runs these."""

from __future__ import annotations

from datetime import timedelta

from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.kernel import clock
from quanzi.trade.polls import services

PATIENCE = timedelta(minutes=15)


def end_what_is_due() -> None:
    services.end_due(clock.now())


@invariant("AF1", "No goods are held longer than the question to friends that they are held for", fix=end_what_is_due)
def holds_end() -> Rows:
    return rows_of(
        """SELECT code AS question, 'has not ended' AS problem FROM polls_poll WHERE ended_at IS NULL AND closes_at < %(limit)s
           UNION ALL
           SELECT p.code, 'holds ' || r.ref || ' after its end' FROM stock_reservation r
             JOIN polls_good g ON r.ref = 'poll:' || g.id JOIN polls_poll p ON p.id = g.poll_id
            WHERE r.state = 'live' AND (p.ended_at IS NOT NULL OR r.expires_at IS DISTINCT FROM p.closes_at)""",
        {"limit": clock.now() - PATIENCE},
    )


@invariant("AF2", "An open question to friends holds one unit of each of its goods that no order took")
def questions_hold_their_goods() -> str:
    return """
        SELECT p.code AS question, g.id AS good, r.quantity FROM polls_poll p JOIN polls_good g ON g.poll_id = p.id
          LEFT JOIN stock_reservation r ON r.ref = 'poll:' || g.id AND r.state = 'live'
         WHERE CASE WHEN p.ended_at IS NULL AND g.order_id IS NULL AND g.lost_at IS NULL
                    THEN r.id IS NULL OR r.quantity <> 1 OR r.sku_id <> g.sku_id ELSE r.id IS NOT NULL END
         UNION ALL
        SELECT r.ref, NULL, r.quantity FROM stock_reservation r
         WHERE starts_with(r.ref, 'poll:') AND r.state = 'live'
           AND NOT EXISTS (SELECT FROM polls_good g WHERE r.ref = 'poll:' || g.id)
    """
