"""What the buyer of a line has in hands: the goods that were handed over, or the variant that was given for them last."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from quanzi.base import planned
from quanzi.trade.aftersales import rules
from quanzi.trade.aftersales.models import ClaimState, Return
from quanzi.trade.sales.models import OrderLine, OrderRefund

EXCHANGED = "exchange"
"""The reason of what goes back because another variant costs less."""

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


def has_minor(line: OrderLine) -> int:
    """What counts in an exchange, in minor units: the list price of what the buyer has, less what went back for it."""
    return line.list_minor * line.quantity - given_in_exchange(line.pk)


BEHIND = """
WITH RECURSIVE behind AS (
    SELECT c.line_id, r.id FROM aftersales_return r JOIN aftersales_claim c ON c.id = r.claim_id AND c.state = 'exchanged'
    JOIN sales_orderline l ON l.order_id = r.new_order_id WHERE l.id = %s
    UNION
    SELECT c.line_id, r.id FROM behind b JOIN sales_orderline l ON l.id = b.line_id
    JOIN aftersales_return r ON r.new_order_id = l.order_id JOIN aftersales_claim c ON c.id = r.claim_id AND c.state = 'exchanged'
)
SELECT l.id, l.order_id, l.paid_minor, l.refunded_minor FROM behind b JOIN sales_orderline l ON l.id = b.line_id ORDER BY l.id
"""


@dataclass(frozen=True)
class Behind:
    """A line that was given back for dearer goods: what was paid for it counts for them. Minor units."""

    line_id: int
    order_id: int
    paid_minor: int
    refunded_minor: int

    @property
    def left_minor(self) -> int:
        return self.paid_minor - self.refunded_minor


def money_behind(line_id: int) -> list[Behind]:
    """What stands behind a line beside its own money, the oldest first."""
    return [Behind(*row) for row in planned.rows(BEHIND, [line_id])]


def given_for(order_id: int) -> str | None:
    """The number of the order whose goods were given back for those of this one; None for any other order."""
    found = Return.objects.filter(new_order_id=order_id, claim__state=ClaimState.EXCHANGED)
    return found.values_list("claim__line__order__number", flat=True).first()


def left_with_behind(line: OrderLine) -> int:
    """What can still go back for a line, with what stands behind it, in minor units."""
    return line.paid_minor - line.refunded_minor + sum(one.left_minor for one in money_behind(line.pk))


def exchange_ref(return_id: int) -> str:
    return f"exchange:{return_id}"


def given_in_exchange(line_id: int) -> int:
    """What went back so far because other variants cost less, in minor units; of the money behind the line too."""
    done = Return.objects.filter(claim__line_id=line_id, difference__isnull=False)
    made = list(done.values_list("difference__order__member", "difference__idempotency_key"))
    given = OrderRefund.objects.filter(
        order__member__in=[who for who, _ in made], idempotency_key__in=[key for _, key in made], reason=EXCHANGED
    )
    return (given.aggregate(sum=Sum("amount_minor"))["sum"] or 0) if made else 0


def held_of_lot(line_id: int, *, lot_id: int) -> int:
    """How many units of a lot the buyer of a line has."""
    sql = f"SELECT coalesce(sum(h.quantity), 0) FROM ({HELD}) h WHERE h.line_id = %s AND h.lot_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [line_id, lot_id])
        return int(cursor.fetchone()[0])


def owed_for(line: OrderLine, recalled: int) -> int:
    """What a recall owes for so many units of a line, in minor units: their share of all that was paid for them."""
    behind = money_behind(line.pk)
    return rules.owed_for_recall(
        paid_minor=line.paid_minor + sum(one.paid_minor for one in behind),
        refunded_minor=line.refunded_minor + sum(one.refunded_minor for one in behind),
        quantity=line.quantity, recalled=recalled,
    )  # fmt: skip


def owed_for_lot(lot_id: int) -> tuple[int, frozenset[int]]:
    """What a recall of a lot would give back now, in minor units, with the delivery of orders of which nothing is left, and to whom."""
    sql = f"""
    SELECT h.line_id, sum(h.quantity)
    FROM ({HELD}) h JOIN sales_orderline l ON l.id = h.line_id WHERE h.lot_id = %s AND l.returned_at IS NULL GROUP BY 1
    """
    held = dict(planned.rows(sql, [lot_id]))
    lines = OrderLine.objects.select_related("order").in_bulk(held)
    owed = {line: _owed(line, int(held[pk])) for pk, line in lines.items()}
    freight = _freight_with({line: amount for line, amount in owed.items() if amount})
    return sum(owed.values()) + freight, frozenset(line.member_id for line, amount in owed.items() if amount)


FREIGHT = """
WITH given AS (SELECT * FROM unnest(%(lines)s::bigint[], %(amounts)s::bigint[]) AS given (line_id, minor))
SELECT coalesce(sum(o.freight_minor - o.freight_refunded_minor), 0)::bigint FROM sales_order o
WHERE o.id IN (SELECT l.order_id FROM sales_orderline l JOIN given ON given.line_id = l.id)
  AND NOT EXISTS (SELECT FROM sales_orderline l LEFT JOIN given ON given.line_id = l.id
                  WHERE l.order_id = o.id AND l.paid_minor - l.refunded_minor > coalesce(given.minor, 0))
"""


def _freight_with(owed: dict[OrderLine, int]) -> int:
    """What was paid for the delivery of orders of which these amounts, by line, are all that is left. The oldest money behind
    a line goes first, as it does when it is given back."""
    given = {line.pk: amount for line, amount in owed.items()}
    for line in owed:
        for one in money_behind(line.pk) if line.order.waits_for else ():
            given[one.line_id] = part = min(one.left_minor, given[line.pk])
            given[line.pk] -= part
    found = planned.value(FREIGHT, {"lines": list(given), "amounts": list(given.values())})
    return int(found or 0)


def _owed(line: OrderLine, recalled: int) -> int:
    """Only an order that an exchange waited for has money behind it: others are not asked about it."""
    if line.order.waits_for:
        return owed_for(line, recalled)
    return rules.owed_for_recall(
        paid_minor=line.paid_minor, refunded_minor=line.refunded_minor, quantity=line.quantity, recalled=recalled
    )
