"""The till of a store: amounts to look at, who is paying, whose goods are to be handed over now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from quanzi.base import planned
from quanzi.kernel.clock import local
from quanzi.kernel.money import Money
from quanzi.trade.stores.models import LinkState, PayLink

SALES = """
SELECT o.id, o.number, m.name, o.state, o.amount_minor, o.currency, s.spot, o.note, o.placed_at, o.paid_at, f.id,
    (SELECT json_agg(json_build_array(l.title, l.quantity) ORDER BY l.id) FROM sales_orderline l WHERE l.order_id = o.id AND l.dropped_at IS NULL)
FROM stores_countersale s JOIN sales_order o ON o.id = s.order_id JOIN accounts_member m ON m.id = o.member_id
LEFT JOIN fulfilment_fulfilment f ON f.order_id = o.id
WHERE s.store_id = %(store)s AND s.ended_at IS NULL AND o.state IN ('placed', 'paid') AND s.made_at > %(since)s
ORDER BY o.paid_at NULLS LAST, s.id LIMIT 60
"""

TODAY = """
SELECT count(*), coalesce(sum(o.amount_minor - o.refunded_minor), 0)::bigint FROM stores_countersale s JOIN sales_order o ON o.id = s.order_id
WHERE s.store_id = %s AND o.paid_at >= %s
"""

REACH = timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """An amount that a buyer typed at the counter."""

    link_id: int
    name: str
    what: str
    amount: Money
    asked_at: datetime


@dataclass(frozen=True)
class TillLine:
    title: str
    quantity: int


@dataclass(frozen=True)
class TillSale:
    """One order at the counter. fulfilment_id: what is handed over, None until it is paid. No phone, no address: nobody needs them here."""

    order_id: int
    number: str
    name: str
    is_paid: bool
    amount: Money
    spot: str
    note: str
    placed_at: datetime
    paid_at: datetime | None
    fulfilment_id: int | None
    lines: tuple[TillLine, ...]


@dataclass(frozen=True)
class Till:
    """paid: to hand over, who waits longest first. paying: their phone shows a pay page. count, taken: paid here since midnight, net."""

    asked: tuple[Asked, ...]
    paid: tuple[TillSale, ...]
    paying: tuple[TillSale, ...]
    count: int
    taken: Money


def till(*, store_id: int, now: datetime) -> Till:
    """Three statements, whatever there is to do."""
    asked = PayLink.objects.select_related("only_for", "sku__product").filter(
        store_id=store_id, state=LinkState.ASKED, expires_at__gt=now
    )
    sales = [_sale(row) for row in planned.rows(SALES, {"store": store_id, "since": now - REACH})]
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    [(count, taken_minor)] = planned.rows(TODAY, [store_id, midnight])
    return Till(
        asked=tuple(
            Asked(
                one.pk,
                one.only_for.name if one.only_for else "",
                one.sku.product.name,
                Money(one.sku.price_minor, one.sku.currency),
                one.created_at,
            )
            for one in asked.order_by("pk")
        ),
        paid=tuple(sale for sale in sales if sale.is_paid),
        paying=tuple(sale for sale in sales if not sale.is_paid),
        count=count,
        taken=Money(taken_minor, "CNY"),
    )


def _sale(row: tuple[Any, ...]) -> TillSale:
    order_id, number, name, state, minor, currency, spot, note, placed_at, paid_at, fulfilment_id, lines = row
    return TillSale(
        order_id=order_id, number=number, name=name, is_paid=state == "paid", amount=Money(minor, currency), spot=spot,
        note=note, placed_at=placed_at, paid_at=paid_at, fulfilment_id=fulfilment_id,
        lines=tuple(TillLine(title, quantity) for title, quantity in lines or []),
    )  # fmt: skip
