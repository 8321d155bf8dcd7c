"""The statement that writes an order with all that belongs to it, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from quanzi.base import planned
from quanzi.base.events import services as events
from quanzi.goods.catalogue.models import NEEDS_WORD
from quanzi.goods.pricing import services as pricing
from quanzi.goods.stock.services import refuse
from quanzi.kernel import crash
from quanzi.kernel.ids import order_number
from quanzi.trade.sales.errors import AddressNeeded, PointNeeded
from quanzi.trade.sales.events import OrderPlaced
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.sales.services.moving import order_of

PLACE = "SELECT outcome, told FROM sales_place(CAST(%s AS jsonb))"
"""Key, address, the queue for the goods, order, lines, steps, hold, cart, event: see migration 0003 and docs/adr/0019."""

TRIES = 5


@dataclass(frozen=True)
class Draft:
    """What an order says beside its lines and amounts. empties_cart: what is ordered leaves the member's cart.
    without_return: SKUs whose buyer gave up sending them back."""

    member_id: int
    method: str
    address_id: int | None
    pickup_point_id: int | None
    note: str
    waits_for: str
    origin: str
    idempotency_key: str
    request_hash: str
    pay_by: datetime
    empties_cart: bool
    without_return: frozenset[int] = frozenset()


def write_order(draft: Draft, quote: pricing.Quote, now: datetime) -> tuple[Order, bool]:
    """The order, and whether it is new: the key may have been used before. Raises OutOfStock, AddressNeeded, PointNeeded."""
    row = _row(draft, quote, now)
    for _ in range(TRIES):
        row["number"] = order_number(now)
        [(outcome, told)] = planned.rows(PLACE, [json.dumps(row, default=datetime.isoformat)])
        crash.point("sales.place.written")
        if outcome == "placed":
            return _as_model(row, **json.loads(told)), True
        if outcome == "known":
            return order_of(int(told)), False
        if outcome != "number_taken":
            _refuse(outcome, told)
    raise RuntimeError(f"no free order number in {TRIES} tries")


def _refuse(outcome: str, told: str) -> None:
    if outcome == "no_address":
        raise AddressNeeded(field="address_id")
    if outcome == "no_point":
        raise PointNeeded(field="pickup_point_id")
    refuse(json.loads(told))


def _row(draft: Draft, quote: pricing.Quote, now: datetime) -> dict[str, Any]:
    told = OrderPlaced(order_id=0, origin=draft.origin, member_id=draft.member_id, amount_minor=quote.amount_minor)
    said = {name: value for name, value in vars(draft).items() if name != "without_return"}
    return {
        **said,
        "currency": quote.currency,
        "goods_minor": quote.goods_minor,
        "freight_minor": quote.freight_minor,
        "discount_minor": quote.discount_minor,
        "amount_minor": quote.amount_minor,
        "placed_at": now,
        "moved_by": f"member:{draft.member_id}",
        "lines": [_line(line, draft.without_return) for line in quote.lines],
        "steps": [_step(step, line.sku_id) for line in quote.lines for step in line.steps]
        + [_step(step, None) for step in quote.steps],
        "is_awaited": events.is_awaited(told),
    }


def _line(line: pricing.PricedLine, without_return: frozenset[int]) -> dict[str, Any]:
    return {
        "sku_id": line.sku_id,
        "product_id": line.product_id,
        "title": line.title[:120],
        "quantity": line.quantity,
        "list_minor": line.list_minor,
        "unit_minor": line.unit_minor,
        "paid_minor": line.total_minor,
        "cost_minor": line.cost_minor,
        "gave_up_return": line.sku_id in without_return and line.return_rule in NEEDS_WORD,
    }


def _step(step: pricing.Step, sku_id: int | None) -> dict[str, Any]:
    return {
        "sku_id": sku_id,
        "kind": step.kind[:20],
        "label_zh": step.label_zh[:80],
        "label_en": step.label_en[:80],
        "amount_minor": step.amount_minor,
        "source": step.source[:40],
    }


BESIDE = {"address_id", "empties_cart", "lines", "steps", "is_awaited"}
"""What the statement takes and the row of an order has not."""


def _as_model(row: dict[str, Any], id: int, ship_to: dict[str, str]) -> Order:
    """The row just written, without reading it back."""
    own = {name: value for name, value in row.items() if name not in BESIDE}
    order = Order(
        pk=id, state=OrderState.PLACED, ship_to=ship_to, moved_at=row["placed_at"], move_cause="placed", **own
    )
    order._state.adding, order._state.db = False, connection.alias
    return order
