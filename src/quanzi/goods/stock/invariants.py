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
    SELECT sku_id, sum(on_hand)::bigint AS on_hand, sum(reserved)::bigint AS reserved FROM (
        SELECT sku_id, quantity AS on_hand, 0 AS reserved FROM stock_movement
        UNION ALL
        SELECT sku_id, 0, quantity FROM stock_reservation WHERE state = 'live'
        UNION ALL
        SELECT sku_id, 0, 0 FROM stock_stock
    ) AS facts GROUP BY sku_id"""


def recompute() -> None:
    """Set every wrong counter to what its movements and live reservations say, where that is possible at all."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE stock_stock, stock_movement, stock_reservation IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            f"""INSERT INTO stock_stock AS counter (sku_id, on_hand, reserved)
                SELECT sku_id, on_hand, reserved FROM ({FACTS}) AS facts
                WHERE reserved <= on_hand AND (sku_id, on_hand, reserved) NOT IN (SELECT sku_id, on_hand, reserved FROM stock_stock)
                ON CONFLICT (sku_id) DO UPDATE SET on_hand = excluded.on_hand, reserved = excluded.reserved"""
        )


@invariant("S1", "Stock on hand and held adds up from its movements and reservations", fix=recompute)
def counters_follow_facts() -> Rows:
    """Counters that differ from their facts, or hold more than there is."""
    return rows_of(
        f"""SELECT facts.sku_id, counter.on_hand, facts.on_hand AS moved, counter.reserved, facts.reserved AS held
            FROM ({FACTS}) AS facts LEFT JOIN stock_stock AS counter USING (sku_id)
            WHERE (counter.on_hand, counter.reserved) IS DISTINCT FROM (facts.on_hand, facts.reserved)
               OR facts.reserved > facts.on_hand OR facts.on_hand < 0
            ORDER BY facts.sku_id"""
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
