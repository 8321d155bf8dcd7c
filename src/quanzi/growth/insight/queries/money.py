"""Where this month's money stands: kept, in escrow, refunded; from order lines and the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from quanzi.base.ledger.chart import ESCROW_BUYERS
from quanzi.base.ledger.queries import balance
from quanzi.kernel.clock import midnight, today

MONTH = """
SELECT coalesce(sum(o.amount_minor), 0)::bigint AS received,
       coalesce(sum(o.refunded_minor), 0)::bigint AS refunded,
       count(*) AS orders,
       count(*) FILTER (WHERE o.refunded_minor > 0) AS refunded_orders,
       coalesce(sum(lines.kept), 0)::bigint AS kept,
       coalesce(sum(lines.margin), 0)::bigint AS margin
FROM sales_order o
JOIN LATERAL (
    SELECT sum(line.paid_minor - line.refunded_minor) FILTER (WHERE line.kept_at IS NOT NULL) AS kept,
           sum(line.paid_minor - line.refunded_minor - line.cost_minor) FILTER (WHERE line.kept_at IS NOT NULL) AS margin
    FROM sales_orderline line WHERE line.order_id = o.id) lines ON true
WHERE o.paid_at >= %(since)s AND o.paid_at < %(now)s AND o.origin <> 'replay'
"""

DAYS = """
SELECT (o.paid_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
       coalesce(sum(line.paid_minor - line.refunded_minor - line.cost_minor) FILTER (WHERE line.kept_at IS NOT NULL), 0)::bigint,
       bool_or(line.kept_at IS NULL AND line.returned_at IS NULL AND line.refunded_minor < line.paid_minor)
FROM sales_order o JOIN sales_orderline line ON line.order_id = o.id
WHERE o.paid_at >= %(since)s AND o.paid_at < %(now)s AND o.origin <> 'replay'
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class DayMargin:
    """Margin of one day's paid orders that are kept by now; `is_open` while some may still be kept or returned."""

    day: date
    margin_minor: int
    is_open: bool


@dataclass(frozen=True)
class MoneyState:
    """This month so far, by day of payment. escrow_minor is the books' balance now, of all months."""

    since: date
    received_minor: int
    refunded_minor: int
    orders: int
    refunded_orders: int
    kept_minor: int
    margin_minor: int
    escrow_minor: int
    days: list[DayMargin]

    @property
    def margin_bp(self) -> int | None:
        """Margin over kept goods in basis points; None when nothing is kept yet."""
        return self.margin_minor * 10_000 // self.kept_minor if self.kept_minor else None


def money(now: datetime) -> MoneyState:
    """The month that `now` lies in, in the site's zone."""
    first = today(now).replace(day=1)
    params = {"since": midnight(first), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(MONTH, params)
        received, refunded, orders, refunded_orders, kept, margin = cursor.fetchone()
        cursor.execute(DAYS, params)
        days = [DayMargin(day, minor, bool(is_open)) for day, minor, is_open in cursor.fetchall()]
    escrow = balance(ESCROW_BUYERS).minor
    return MoneyState(first, received, refunded, orders, refunded_orders, kept, margin, escrow, days)
