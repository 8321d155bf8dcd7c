"""What the buyer of a line has in hands: the goods that were handed over, or the variant that was given for them last."""

from __future__ import annotations

from django.db import connection

from quanzi.trade.aftersales import rules
from quanzi.trade.aftersales.models import ClaimState, Return

HELD = """
SELECT g.line_id, g.lot_id, g.quantity
FROM fulfilment_linelot g LEFT JOIN fulfilment_parcel p ON p.id = g.parcel_id
WHERE p.state IS DISTINCT FROM 'came_back'
  AND NOT EXISTS (SELECT FROM aftersales_claim c WHERE c.line_id = g.line_id AND c.state = 'exchanged')
UNION ALL
SELECT c.line_id, r.out_lot_id, r.quantity
FROM aftersales_return r JOIN aftersales_claim c ON c.id = r.claim_id
WHERE c.state = 'exchanged' AND r.out_lot_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM aftersales_claim x WHERE x.line_id = c.line_id AND x.state = 'exchanged' AND x.id > c.id)
"""
"""Lots and units of each line; what came back in a parcel or for an exchange is not among them."""


def last_exchange(line_id: int) -> Return | None:
    """By which the buyer got what they have now; None: it is what was ordered."""
    done = Return.objects.select_related("for_sku").filter(claim__line_id=line_id, claim__state=ClaimState.EXCHANGED)
    return done.order_by("-claim_id").first()


def goods_ref(line_id: int) -> str | None:
    """Under which the goods left that the buyer has now; None: under the line's own."""
    last = last_exchange(line_id)
    return None if last is None else exchange_ref(last.pk)


def exchange_ref(return_id: int) -> str:
    return f"exchange:{return_id}"


def given_in_exchange(line_id: int) -> int:
    """What went back so far because other variants cost less, in minor units."""
    done = Return.objects.filter(claim__line_id=line_id, difference__isnull=False)
    return sum(done.values_list("difference__amount_minor", flat=True))


def held_of_lot(line_id: int, *, lot_id: int) -> int:
    """How many units of a lot the buyer of a line has."""
    sql = f"SELECT coalesce(sum(h.quantity), 0) FROM ({HELD}) h WHERE h.line_id = %s AND h.lot_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [line_id, lot_id])
        return int(cursor.fetchone()[0])


def owed_for_lot(lot_id: int) -> tuple[int, frozenset[int]]:
    """What a recall of a lot would give back now, in minor units, and to whom."""
    sql = f"""
    SELECT l.member_id, l.paid_minor, l.refunded_minor, l.quantity, sum(h.quantity)
    FROM ({HELD}) h JOIN sales_orderline l ON l.id = h.line_id WHERE h.lot_id = %s AND l.returned_at IS NULL GROUP BY l.id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [lot_id])
        rows = cursor.fetchall()
    owed = {
        (place, member): rules.owed_for_recall(paid_minor=paid, refunded_minor=back, quantity=units, recalled=int(held))
        for place, (member, paid, back, units, held) in enumerate(rows)
    }
    return sum(owed.values()), frozenset(member for (_, member), amount in owed.items() if amount)
