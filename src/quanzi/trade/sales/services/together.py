"""Many orders at once, each with a moment of its own: placed and paid by one statement for each table.

They end as if each had been placed by `place_order` and paid by itself, or none of them is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base import planned
from quanzi.base.events import services as events
from quanzi.base.events.events import DomainEvent
from quanzi.base.rows import InsertMany, Select
from quanzi.goods.pricing import services as pricing
from quanzi.goods.pricing.quotes import Quote, Step
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.kernel.ids import order_number
from quanzi.kernel.money import Money
from quanzi.trade.payments.errors import NotPayable
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.ports import PayableInfo
from quanzi.trade.sales.errors import NothingToPay, PointNeeded
from quanzi.trade.sales.events import OrderPaid, OrderPlaced, OrderReleased
from quanzi.trade.sales.models import Adjustment, DeliveryMethod, Order, OrderLine, OrderState
from quanzi.trade.sales.ports import FollowsMany, many_follower_of
from quanzi.trade.sales.services.moving import ref_of
from quanzi.trade.sales.services.placing import fingerprint
from quanzi.trade.sales.states import ORDER_MOVES

POINT = "SELECT FROM sales_pickuppoint WHERE id = %s AND is_open"

WAITING = """
SELECT split_part(waits_for, ':', 1), array_agg(id ORDER BY id) FROM sales_order
WHERE id = ANY (%s::bigint[]) AND waits_for <> '' GROUP BY 1 ORDER BY 1
"""

LINE_IDS = "SELECT id FROM sales_orderline WHERE order_id = ANY (%s::bigint[])"

PAY_ALL = """
UPDATE sales_order o SET state = 'paid', paid_at = asked.at, released_at = CASE WHEN waits_for = '' THEN asked.at END,
    moved_at = asked.at, move_cause = 'payment', moved_by = 'payments'
FROM unnest(%s::bigint[], %s::timestamptz[]) AS asked (id, at)
WHERE o.id = asked.id AND o.state = 'placed'
RETURNING o.id, EXISTS (SELECT FROM sales_order b WHERE b.member_id = o.member_id AND b.paid_at IS NOT NULL AND b.id <> o.id)
"""

_insert_orders = InsertMany(Order)
_insert_lines = InsertMany(OrderLine)
_insert_steps = InsertMany(Adjustment)
_locked = Select(Order, "WHERE t.id = ANY (%s::bigint[]) ORDER BY t.id FOR UPDATE")
_lines = Select(OrderLine, "WHERE t.order_id = ANY (%s::bigint[]) ORDER BY t.order_id, t.id")


@dataclass(frozen=True)
class Wish:
    """What one of many orders asks for, as `place_order` takes it."""

    member_id: int
    lines: Sequence[tuple[int, int]]
    context: Mapping[str, Any]
    waits_for: str
    pay_by: datetime
    idempotency_key: str
    at: datetime


@transaction.atomic
def place_all(*, wishes: Sequence[Wish], pickup_point_id: int, origin: str) -> list[Order]:
    """Place orders that are picked up, all of them new, all or none.

    Raises PointNeeded, OutOfStock, NothingToPay, what a quote raises, and IntegrityError where a key was used before.
    """
    if not planned.rows(POINT, [pickup_point_id]):
        raise PointNeeded(field="pickup_point_id")
    quotes = pricing.quote_all([_question(wish) for wish in wishes])
    orders = [_order(wish, quote, pickup_point_id, origin) for wish, quote in zip(wishes, quotes, strict=True)]
    _insert_orders(orders)
    lines = [line for order, quote in zip(orders, quotes, strict=True) for line in _order_lines(order, quote)]
    _insert_lines(lines)
    _insert_steps(_adjustments(orders, lines, quotes))
    by_id = {order.pk: order for order in orders}
    stock.reserve_all(
        lines=[(line.sku_id, line.quantity, ref_of(line.pk)) for line in lines],
        until=[by_id[line.order_id].pay_by for line in lines],
        moments=[by_id[line.order_id].placed_at for line in lines],
    )
    events.record_history(
        [
            (
                OrderPlaced(order_id=one.pk, origin=origin, member_id=one.member_id, amount_minor=one.amount_minor),
                one.placed_at,
            )
            for one in orders
        ]
    )
    crash.point("sales.place_all.written")
    for follower, mine in followed(orders):
        contexts = {order.pk: wish.context for order, wish in zip(orders, wishes, strict=True)}
        follower.on_all_placed(orders=[(order, contexts[order.pk]) for order in mine])
    return orders


def describe_all(order_ids: Sequence[int]) -> list[tuple[Order, PayableInfo]]:
    """The orders under row locks, in the order asked, and what is to be paid for each. Followers lock first."""
    lines = by_order(lines_of_all(order_ids))
    return [(order, _info(order, lines[order.pk])) for order in locked(order_ids)]


def locked(order_ids: Sequence[int]) -> list[Order]:
    """The orders under row locks, in the order asked. Followers lock first."""
    for kind, ids in planned.rows(WAITING, [list(order_ids)]):
        many_follower_of(kind).hold_all(order_ids=ids)
    orders = {one.pk: one for one in _locked([list(order_ids)])}
    return [orders[pk] for pk in order_ids]


def lines_of_all(order_ids: Sequence[int]) -> list[OrderLine]:
    """Lines of many orders, those of each in the order of their ids."""
    return _lines([list(order_ids)])


def pay_all(*, orders: Sequence[Order], payments: Sequence[Payment]) -> None:
    """Locked orders that wait for their payment are paid, each at the moment of its own. Raises NotPayable: then none is."""
    asked = [one.pk for one in orders]
    for order, payment in zip(orders, payments, strict=True):
        if order.state != OrderState.PLACED or payment.amount_minor != order.amount_minor:
            raise NotPayable()
    moments = {order.pk: _moment(payment) for order, payment in zip(orders, payments, strict=True)}
    stock.confirm(refs=[ref_of(line_id) for (line_id,) in planned.rows(LINE_IDS, [asked])], now=max(moments.values()))
    bought_before = dict(planned.rows(PAY_ALL, [asked, list(moments.values())]))
    crash.point("sales.pay_all.written")
    told: list[tuple[DomainEvent, datetime]] = []
    buyers: set[int] = set()
    for order in orders:
        at = moments[order.pk]
        ORDER_MOVES.check(order.state, OrderState.PAID)
        order.state, order.paid_at = OrderState.PAID, at
        order.moved_at, order.move_cause, order.moved_by = at, "payment", "payments"
        told += _paid(order, at, is_first=not bought_before[order.pk] and order.member_id not in buyers)
        buyers.add(order.member_id)
    events.record_history(told)
    for follower, mine in followed(orders):
        follower.on_all_paid(orders=mine)


def _paid(order: Order, at: datetime, *, is_first: bool) -> Iterator[tuple[DomainEvent, datetime]]:
    of_order: dict[str, Any] = {"order_id": order.pk, "origin": order.origin, "member_id": order.member_id}
    yield OrderPaid(**of_order, amount_minor=order.amount_minor, is_first=is_first), at
    if not order.waits_for:
        order.released_at = at
        yield OrderReleased(**of_order), at


def _moment(payment: Payment) -> datetime:
    assert payment.captured_at is not None, "a captured payment says when"
    return payment.captured_at


def _question(wish: Wish) -> pricing.Asked:
    lines = [pricing.QuoteLine(sku_id, quantity) for sku_id, quantity in wish.lines]
    return pricing.Asked(lines, wish.member_id, {**wish.context, "method": DeliveryMethod.PICKUP}, wish.at)


def _order(wish: Wish, quote: Quote, pickup_point_id: int, origin: str) -> Order:
    if quote.amount_minor <= 0:
        raise NothingToPay()
    asked = fingerprint(
        dict(wish.lines), DeliveryMethod.PICKUP, None, pickup_point_id, "", wish.waits_for, dict(wish.context)
    )
    return Order(
        number=order_number(wish.at),
        member_id=wish.member_id,
        state=OrderState.PLACED,
        origin=origin,
        currency=quote.currency,
        goods_minor=quote.goods_minor,
        freight_minor=quote.freight_minor,
        discount_minor=quote.discount_minor,
        amount_minor=quote.amount_minor,
        method=DeliveryMethod.PICKUP,
        pickup_point_id=pickup_point_id,
        waits_for=wish.waits_for,
        idempotency_key=wish.idempotency_key,
        request_hash=asked,
        placed_at=wish.at,
        pay_by=wish.pay_by,
        moved_at=wish.at,
        moved_by=f"member:{wish.member_id}",
        move_cause="placed",
    )


def _order_lines(order: Order, quote: Quote) -> list[OrderLine]:
    return [
        OrderLine(
            order_id=order.pk,
            member_id=order.member_id,
            sku_id=line.sku_id,
            product_id=line.product_id,
            title=line.title[:120],
            quantity=line.quantity,
            list_minor=line.list_minor,
            unit_minor=line.unit_minor,
            paid_minor=line.total_minor,
            cost_minor=line.cost_minor,
        )
        for line in quote.lines
    ]


def _adjustments(orders: Sequence[Order], lines: Sequence[OrderLine], quotes: Sequence[Quote]) -> list[Adjustment]:
    """What explains the prices: each step of a line, then those of its order."""
    line_of = {(line.order_id, line.sku_id): line.pk for line in lines}
    made = []
    for order, quote in zip(orders, quotes, strict=True):
        made += [
            _adjustment(order.pk, line_of[order.pk, line.sku_id], step) for line in quote.lines for step in line.steps
        ]
        made += [_adjustment(order.pk, None, step) for step in quote.steps]
    return made


def _adjustment(order_id: int, line_id: int | None, step: Step) -> Adjustment:
    return Adjustment(
        order_id=order_id,
        line_id=line_id,
        kind=step.kind[:20],
        label_zh=step.label_zh[:80],
        label_en=step.label_en[:80],
        amount_minor=step.amount_minor,
        source=step.source[:40],
    )


def _info(order: Order, lines: Sequence[OrderLine]) -> PayableInfo:
    return PayableInfo(
        title=lines[0].title + (f" +{len(lines) - 1}" if len(lines) > 1 else ""),
        amount=Money(order.amount_minor, order.currency),
        member_id=order.member_id,
        is_payable=order.state == OrderState.PLACED,
        pay_by=order.pay_by,
    )


def by_order(lines: Iterable[OrderLine]) -> dict[int, list[OrderLine]]:
    """The lines by order."""
    found: dict[int, list[OrderLine]] = {}
    for line in lines:
        found.setdefault(line.order_id, []).append(line)
    return found


def followed(orders: Iterable[Order]) -> list[tuple[FollowsMany, list[Order]]]:
    """The orders that somebody follows, by follower."""
    found: dict[str, list[Order]] = {}
    for order in orders:
        if order.waits_for:
            found.setdefault(order.waits_for.partition(":")[0], []).append(order)
    return [(many_follower_of(kind), mine) for kind, mine in found.items()]
