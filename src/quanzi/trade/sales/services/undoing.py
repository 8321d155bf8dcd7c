"""Many whole orders given back at once, before anything of them left the house: `refund_order` for each, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.base.events import services as events
from quanzi.base.rows import InsertMany
from quanzi.goods.stock import services as stock
from quanzi.trade.payments.models import Refund
from quanzi.trade.payments.services import Back, refund_offline_all
from quanzi.trade.sales import rules
from quanzi.trade.sales.errors import NotRefundable
from quanzi.trade.sales.events import OrderRefunded
from quanzi.trade.sales.models import Order, OrderLine, OrderRefund, OrderState, RefundPart
from quanzi.trade.sales.ports import spenders_of
from quanzi.trade.sales.services.limiting import check_limits
from quanzi.trade.sales.services.moving import ref_of
from quanzi.trade.sales.services.refunding import fingerprint
from quanzi.trade.sales.services.together import by_order, followed, lines_of_all, locked
from quanzi.trade.sales.states import ORDER_MOVES

PAID_BY = """
SELECT payable_id, id FROM payments_payment
WHERE payable_kind = 'order' AND payable_id = ANY (%s::bigint[]) AND state = 'captured' AND NOT surplus
"""

DROP = "UPDATE sales_orderline SET dropped_at = %s, released_at = %s WHERE id = ANY (%s::bigint[]) RETURNING id"

END = """
UPDATE sales_order SET state = 'refunded', ended_at = %(now)s, end_reason = %(reason)s,
    moved_at = %(now)s, move_cause = %(reason)s, moved_by = %(actor)s
WHERE id = ANY (%(ids)s::bigint[]) RETURNING id
"""

_insert_refunds = InsertMany(OrderRefund)
_insert_parts = InsertMany(RefundPart)


@transaction.atomic
def refund_orders(*, keys: Sequence[tuple[int, str]], reason: str, actor: str, now: datetime) -> None:
    """Give back everything of orders that were paid offline, of which nothing left the house or went back yet.

    keys: each order's id, and its idempotency key. Raises NotRefundable, OnlyOffline, SecondPersonNeeded, and IntegrityError
    where a key was used before: then refund them one by one.
    """
    ids, reason = [order_id for order_id, _ in keys], rules.clean(reason)
    orders = locked(ids)
    lines = lines_of_all(ids)
    of_order = by_order(lines)
    for order in orders:
        _check(order, of_order[order.pk])
        check_limits(order, order.amount_minor, actor=actor, now=now)
    refunds = _pay_back(orders, dict(keys), reason, actor, now)
    made = _write(orders, of_order, refunds, dict(keys), reason, actor, now)
    planned.rows(DROP, [now, now, [line.pk for line in lines]])
    stock.release(refs=[ref_of(line.pk) for line in lines], now=now)
    planned.rows(END, {"now": now, "reason": reason[:60], "actor": actor[:80], "ids": ids})
    for order in orders:
        for spender in spenders_of(order):
            spender.on_undone(order=order, now=now)
    events.record_history([(_told(one), now) for one in made])
    for follower, mine in followed(orders):
        follower.on_all_refunded(orders=mine, now=now)


def _check(order: Order, lines: Sequence[OrderLine]) -> None:
    is_whole = not order.refunded_minor and order.freight_released_at is None
    if order.state != OrderState.PAID or not is_whole or any(line.dropped_at or line.released_at for line in lines):
        raise NotRefundable()
    ORDER_MOVES.check(order.state, OrderState.REFUNDED)


def _pay_back(orders: Sequence[Order], keys: dict[int, str], reason: str, actor: str, now: datetime) -> list[Refund]:
    paid_by = dict(planned.rows(PAID_BY, [list(keys)]))
    backs = [Back(paid_by[one.pk], one.amount_minor, f"order:{one.pk}:{keys[one.pk]}") for one in orders]
    return refund_offline_all(backs=backs, reason=reason, actor=actor, now=now)


def _write(
    orders: Sequence[Order],
    lines: dict[int, list[OrderLine]],
    refunds: Sequence[Refund],
    keys: dict[int, str],
    reason: str,
    actor: str,
    now: datetime,
) -> list[OrderRefund]:
    """The refunds of the orders and their parts; the database adds them to the counters."""
    made = [
        OrderRefund(
            order=order,
            amount_minor=order.amount_minor,
            reason=reason,
            actor=actor[:80],
            goods_back=False,
            idempotency_key=keys[order.pk],
            request_hash=fingerprint("order", order.pk, False),
            payment_refund=refund,
            refunded_at=now,
        )
        for order, refund in zip(orders, refunds, strict=True)
    ]
    _insert_refunds(made)
    parts = []
    for one in made:
        amounts = [(line.pk, line.paid_minor) for line in lines[one.order_id]]
        freight = [(None, one.order.freight_minor)] if one.order.freight_minor else []
        parts += [_part(one, line_id, minor) for line_id, minor in [*amounts, *freight]]
    _insert_parts(parts)
    return made


def _part(made: OrderRefund, line_id: int | None, amount_minor: int) -> RefundPart:
    return RefundPart(
        refund=made, order_id=made.order_id, line_id=line_id, amount_minor=amount_minor, from_income_minor=0
    )


def _told(made: OrderRefund) -> OrderRefunded:
    order = made.order
    return OrderRefunded(
        order_id=order.pk,
        origin=order.origin,
        member_id=order.member_id,
        refund_id=made.pk,
        amount_minor=made.amount_minor,
        is_whole=True,
    )
