"""One statement that writes an order, its lines and the explanation of its price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from quanzi.goods.pricing import services as pricing
from quanzi.kernel.ids import order_number
from quanzi.trade.sales.models import Order, OrderState

# A taken key or number writes nothing at all; the lines follow the order's row, the adjustments their lines (a SKU
# stands in an order once). Refund counters begin at zero; the log row comes from the database's own trigger.
PLACE = """
WITH placed AS (
    INSERT INTO sales_order (
        number, member_id, state, origin, currency, goods_minor, freight_minor, discount_minor, amount_minor,
        refunded_minor, freight_refunded_minor, freight_released_minor, method, pickup_point_id, ship_to, note,
        waits_for, idempotency_key, request_hash, placed_at, pay_by, end_reason, moved_at, moved_by, move_cause)
    VALUES (
        %(number)s, %(member_id)s, 'placed', %(origin)s, %(currency)s, %(goods_minor)s, %(freight_minor)s,
        %(discount_minor)s, %(amount_minor)s, 0, 0, 0, %(method)s, %(pickup_point_id)s, %(ship_to)s, %(note)s,
        %(waits_for)s, %(idempotency_key)s, %(request_hash)s, %(placed_at)s, %(pay_by)s, '', %(placed_at)s,
        %(moved_by)s, 'placed')
    ON CONFLICT DO NOTHING RETURNING id
), written AS (
    INSERT INTO sales_orderline (
        order_id, member_id, sku_id, product_id, title, quantity, list_minor, unit_minor, paid_minor, cost_minor,
        refunded_minor, released_minor)
    SELECT placed.id, %(member_id)s, line.sku_id, line.product_id, line.title, line.quantity, line.list_minor,
        line.unit_minor, line.paid_minor, line.cost_minor, 0, 0
    FROM placed, unnest(
        %(sku_ids)s::bigint[], %(product_ids)s::bigint[], %(titles)s::text[], %(quantities)s::int[],
        %(list_minors)s::bigint[], %(unit_minors)s::bigint[], %(paid_minors)s::bigint[], %(cost_minors)s::bigint[])
        WITH ORDINALITY
        AS line (sku_id, product_id, title, quantity, list_minor, unit_minor, paid_minor, cost_minor, position)
    ORDER BY line.position
    RETURNING id, sku_id
), explained AS (
    INSERT INTO sales_adjustment (order_id, line_id, kind, label_zh, label_en, amount_minor, source)
    SELECT placed.id, written.id, step.kind, step.label_zh, step.label_en, step.amount_minor, step.source
    FROM placed CROSS JOIN unnest(
        %(step_skus)s::bigint[], %(kinds)s::text[], %(labels_zh)s::text[], %(labels_en)s::text[],
        %(step_minors)s::bigint[], %(sources)s::text[])
        WITH ORDINALITY AS step (sku_id, kind, label_zh, label_en, amount_minor, source, position)
        LEFT JOIN written ON written.sku_id = step.sku_id
    ORDER BY step.position
)
SELECT placed.id, written.id, written.sku_id FROM placed, written ORDER BY written.id
"""

TRIES = 5


@dataclass(frozen=True)
class Draft:
    """What an order says beside its lines and amounts."""

    member_id: int
    method: str
    pickup_point_id: int | None
    ship_to: dict[str, str]
    note: str
    waits_for: str
    origin: str
    idempotency_key: str
    request_hash: str
    pay_by: datetime


def write_order(draft: Draft, quote: pricing.Quote, now: datetime) -> tuple[Order, dict[int, int]]:
    """The order and the id of its line by SKU; no ids and the first order when the key was used a moment ago."""
    values = {**_order_values(draft, quote, now), **_line_values(quote), **_step_values(quote)}
    for _ in range(TRIES):
        values["number"] = order_number(now)
        with connection.cursor() as cursor:
            cursor.execute(PLACE, values)
            rows = cursor.fetchall()
        if rows:
            return _as_model(rows[0][0], draft, quote, values["number"], now), {
                sku_id: line_id for _, line_id, sku_id in rows
            }
        first = Order.objects.filter(member_id=draft.member_id, idempotency_key=draft.idempotency_key).first()
        if first is not None:
            return first, {}
    raise RuntimeError(f"no free order number in {TRIES} tries")


def _order_values(draft: Draft, quote: pricing.Quote, now: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(draft, name) for name in Draft.__dataclass_fields__},
        "ship_to": Jsonb(draft.ship_to),
        "currency": quote.currency,
        "goods_minor": quote.goods_minor,
        "freight_minor": quote.freight_minor,
        "discount_minor": quote.discount_minor,
        "amount_minor": quote.amount_minor,
        "placed_at": now,
        "moved_by": f"member:{draft.member_id}",
    }


def _line_values(quote: pricing.Quote) -> dict[str, list[Any]]:
    return {
        "sku_ids": [line.sku_id for line in quote.lines],
        "product_ids": [line.product_id for line in quote.lines],
        "titles": [line.title[:120] for line in quote.lines],
        "quantities": [line.quantity for line in quote.lines],
        "list_minors": [line.list_minor for line in quote.lines],
        "unit_minors": [line.unit_minor for line in quote.lines],
        "paid_minors": [line.total_minor for line in quote.lines],
        "cost_minors": [line.cost_minor for line in quote.lines],
    }


def _step_values(quote: pricing.Quote) -> dict[str, list[Any]]:
    steps = [(line.sku_id, step) for line in quote.lines for step in line.steps] + [
        (None, step) for step in quote.steps
    ]
    return {
        "step_skus": [sku_id for sku_id, _ in steps],
        "kinds": [step.kind[:20] for _, step in steps],
        "labels_zh": [step.label_zh[:80] for _, step in steps],
        "labels_en": [step.label_en[:80] for _, step in steps],
        "step_minors": [step.amount_minor for _, step in steps],
        "sources": [step.source[:40] for _, step in steps],
    }


def _as_model(order_id: int, draft: Draft, quote: pricing.Quote, number: str, now: datetime) -> Order:
    """The row just written, without reading it back."""
    order = Order(
        pk=order_id,
        number=number,
        state=OrderState.PLACED,
        currency=quote.currency,
        goods_minor=quote.goods_minor,
        freight_minor=quote.freight_minor,
        discount_minor=quote.discount_minor,
        amount_minor=quote.amount_minor,
        placed_at=now,
        moved_at=now,
        moved_by=f"member:{draft.member_id}",
        move_cause="placed",
        **{name: getattr(draft, name) for name in Draft.__dataclass_fields__},
    )
    order._state.adding, order._state.db = False, connection.alias
    return order
