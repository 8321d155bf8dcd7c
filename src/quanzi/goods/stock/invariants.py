"""What must hold in stock."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from quanzi.base.audit.registry import require_audit
from quanzi.base.doctor import Rows, invariant, rows_of
from quanzi.kernel import clock

GRACE = timedelta(seconds=60)
"""Orders that run out let their goods go within a minute."""

for _kind in ("received", "scrapped", "counted"):
    require_audit(f"stock.{_kind}", f"SELECT 'movement:' || id AS target FROM stock_movement WHERE kind = '{_kind}'")

FACTS = """
    SELECT sku_id, sum(on_hand)::bigint AS on_hand, sum(reserved)::bigint AS reserved, sum(expected)::bigint AS expected FROM (
        SELECT sku_id, quantity AS on_hand, 0 AS reserved, 0 AS expected FROM stock_movement
        UNION ALL
        SELECT sku_id, 0, quantity, 0 FROM stock_reservation WHERE state = 'live'
        UNION ALL
        SELECT sku_id, 0, 0, owed FROM stock_promise
        UNION ALL
        SELECT sku_id, 0, 0, 0 FROM stock_stock
    ) AS facts GROUP BY sku_id"""


def recompute() -> None:
    """Set every wrong counter to what its movements, live reservations and promises say, where that is possible at all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "LOCK TABLE stock_stock, stock_movement, stock_reservation, stock_promise IN SHARE ROW EXCLUSIVE MODE"
        )
        cursor.execute(
            f"""INSERT INTO stock_stock AS counter (sku_id, on_hand, reserved, expected)
                SELECT sku_id, on_hand, reserved, expected FROM ({FACTS}) AS facts
                WHERE on_hand >= 0 AND reserved BETWEEN expected AND on_hand + expected
                    AND (sku_id, on_hand, reserved, expected) NOT IN (SELECT sku_id, on_hand, reserved, expected FROM stock_stock)
                ON CONFLICT (sku_id) DO UPDATE
                    SET on_hand = excluded.on_hand, reserved = excluded.reserved, expected = excluded.expected"""
        )


@invariant("S1", "Stock on hand and held adds up from its movements and reservations", fix=recompute)
def counters_follow_facts() -> Rows:
    """Counters that differ from their facts, or hold more than there is and is promised."""
    return rows_of(
        f"""SELECT facts.sku_id, counter.on_hand, facts.on_hand AS moved, counter.reserved, facts.reserved AS held,
                   counter.expected, facts.expected AS owed
            FROM ({FACTS}) AS facts LEFT JOIN stock_stock AS counter USING (sku_id)
            WHERE (counter.on_hand, counter.reserved, counter.expected)
                      IS DISTINCT FROM (facts.on_hand, facts.reserved, facts.expected)
               OR facts.reserved > facts.on_hand + facts.expected OR facts.on_hand < 0
            ORDER BY facts.sku_id"""
    )


@invariant("S1.promised", "What is ordered of goods that are not here yet was promised, and is held under that promise")
def promises_cover_what_is_owed() -> Rows:
    """Promises that owe more than is coming, or whose held units are not those of their live reservations."""
    return rows_of(
        """SELECT p.sku_id, p.source, p.coming, p.owed, p.held, coalesce(sum(r.quantity), 0) AS live
           FROM stock_promise AS p
           LEFT JOIN stock_reservation AS r ON r.sku_id = p.sku_id AND r.source = p.source AND r.state = 'live'
           GROUP BY p.id HAVING p.held <> coalesce(sum(r.quantity), 0) OR p.owed > least(p.coming, p.held)
           ORDER BY p.sku_id, p.source"""
    )


@invariant("S1.sold", "Each reservation that was handed over left the shelf exactly once, and returns at most once")
def sales_left_the_shelf() -> Rows:
    """Consumed reservations without their movement, with another quantity, or with too many returns."""
    return rows_of(
        """SELECT r.id, r.ref, r.state, r.quantity, m.sold, m.returned
           FROM stock_reservation AS r
           LEFT JOIN (SELECT reservation_id,
                             coalesce(sum(quantity) FILTER (WHERE kind = 'sold'), 0) AS sold,
                             coalesce(sum(quantity) FILTER (WHERE kind = 'returned'), 0) AS returned
                      FROM stock_movement WHERE reservation_id IS NOT NULL GROUP BY reservation_id) AS m
                  ON m.reservation_id = r.id
           WHERE (r.state = 'consumed' AND (m.sold IS DISTINCT FROM -r.quantity OR m.returned > r.quantity))
              OR (r.state <> 'consumed' AND m.reservation_id IS NOT NULL)
           ORDER BY r.id"""
    )


@invariant("S2.expired", "No reservation is held past its expiry")
def expired_reservations() -> Rows:
    """Live reservations whose time ran out more than a minute ago; orders that expire let them go."""
    return rows_of(
        """SELECT id, sku_id, ref, quantity, expires_at FROM stock_reservation
           WHERE state = 'live' AND expires_at < %(limit)s ORDER BY expires_at""",
        {"limit": clock.now() - GRACE},
    )
