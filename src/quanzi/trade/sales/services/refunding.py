"""Money goes back: for a line or a whole order, before or after the goods left, kept or not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quanzi.base.rows import Select
from quanzi.kernel.money import Money
from quanzi.trade.sales import errors, rules
from quanzi.trade.sales.models import Order, OrderLine, OrderRefund, OrderState
from quanzi.trade.sales.ports import also_back_with
from quanzi.trade.sales.services.giving_back import Part, give_back
from quanzi.trade.sales.services.limiting import STAFF, check_limits
from quanzi.trade.sales.services.moving import lines_of, lock_order

_of_key = Select(OrderRefund, "WHERE t.order_id = %s AND t.idempotency_key = %s")
REFUNDABLE = (OrderState.PAID, OrderState.HANDED_OVER, OrderState.RECEIVED, OrderState.COMPLETED)


@transaction.atomic
def refund_line(
    *,
    line_id: int,
    amount_minor: int | None = None,
    reason: str,
    actor: str,
    goods_back: bool = False,
    lowers_price: bool = False,
    with_freight: bool = False,
    idempotency_key: str,
    is_approved: bool = False,
    now: datetime,
) -> OrderRefund:
    """Give back what was paid for a line, or `amount_minor` of it; the freight too when nothing is left to deliver, and
    `with_freight` also where with this everything went back that was paid for the goods of the order.

    Before hand-over a full refund drops the line and frees its goods. After it, a full refund or `goods_back` makes the
    line returned: it leaves kept, and the goods go on sale again once. A smaller amount leaves it as it is, and what was
    charged for it too, unless the price was agreed to fall (`lowers_price`).
    The same key finds the first refund. Raises NoSuchLine, NotRefundable, NothingLeft, RefundTooLarge,
    RefundNotPositive, GoodsNeverLeft, ReasonNeeded, KeyReused, for the staff OwnOrder, and SecondPersonNeeded above a
    limit (is_approved: a second person has agreed).
    """
    order_id = OrderLine.objects.filter(pk=line_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchLine()
    order = lock_order(order_id, now=now)
    asked = fingerprint("line", line_id, amount_minor, goods_back)
    known = _known(order, idempotency_key, asked)
    if known is not None:
        return known
    reason = rules.clean(reason)
    _check(order, reason, actor)
    lines = lines_of(order)
    line = next(line for line in lines if line.pk == line_id)
    parts = [Part(line, _amount(order, line, amount_minor, goods_back))]
    freight = order.freight_minor - order.freight_refunded_minor
    if freight and _takes_freight(lines, parts[0], with_freight=with_freight):
        parts.append(Part(None, freight))
    if not is_approved:
        _check_limits(order, parts, actor, now)
    return give_back(
        order,
        lines,
        parts,
        reason=reason,
        actor=actor,
        goods_back=goods_back,
        lowers_price=lowers_price,
        idempotency_key=idempotency_key,
        request_hash=asked,
        now=now,
    )


@transaction.atomic
def refund_order(
    *,
    order_id: int,
    reason: str,
    actor: str,
    idempotency_key: str,
    goods_back: bool = False,
    is_approved: bool = False,
    now: datetime,
) -> OrderRefund:
    """Give back everything that is left of an order, with the freight; it ends as refunded.

    Goods that are still here go on sale again; those that left do so only when they came back (`goods_back`).
    The same key finds the first refund. Raises NoSuchOrder, NotRefundable, ReasonNeeded, KeyReused, for the
    staff OwnOrder, and SecondPersonNeeded above a limit (is_approved: a second person has agreed).
    """
    order = lock_order(order_id, now=now)
    asked = fingerprint("order", order_id, goods_back)
    known = _known(order, idempotency_key, asked)
    if known is not None:
        return known
    reason = rules.clean(reason)
    _check(order, reason, actor)
    lines = lines_of(order)
    parts = [Part(line, line.paid_minor - line.refunded_minor) for line in lines]
    parts.append(Part(None, order.freight_minor - order.freight_refunded_minor))
    if not is_approved:
        _check_limits(order, parts, actor, now)
    return give_back(
        order,
        lines,
        parts,
        reason=reason,
        actor=actor,
        goods_back=goods_back,
        idempotency_key=idempotency_key,
        request_hash=asked,
        now=now,
    )


def _takes_freight(lines: Sequence[OrderLine], part: Part, *, with_freight: bool) -> bool:
    """Whether the delivery was for nothing: no goods are left to send, or the shop gives it back with the last of them."""
    line = part.line
    if line is None or line.refunded_minor + part.amount_minor != line.paid_minor:
        return False
    others = [one for one in lines if one is not line]
    drops = line.handed_over_at is None and all(one.dropped_at is not None for one in others)
    return drops or (with_freight and all(one.refunded_minor == one.paid_minor for one in others))


def fingerprint(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _known(order: Order, key: str, asked: str) -> OrderRefund | None:
    if not rules.is_key(key):
        raise errors.BadKey(field="idempotency_key")
    known = _of_key.first([order.pk, key])
    if known is not None and known.request_hash != asked:
        raise errors.KeyReused()
    return known


def _check(order: Order, reason: str, actor: str) -> None:
    if not 1 <= len(reason) <= rules.LONGEST_REASON:
        raise errors.ReasonNeeded(field="reason", most=rules.LONGEST_REASON)
    if order.state not in REFUNDABLE:
        raise errors.NotRefundable()
    if actor == f"{STAFF}{order.member_id}":
        raise errors.OwnOrder()


def _check_limits(order: Order, parts: Sequence[Part], actor: str, now: datetime) -> None:
    """What an order brings with it when it goes back whole is part of the decision."""
    own = sum(part.amount_minor for part in parts)
    others = also_back_with(order) if order.refunded_minor + own == order.amount_minor else {}
    check_limits(order, own + sum(others.values()), others=others, actor=actor, now=now)


def _amount(order: Order, line: OrderLine, asked: int | None, goods_back: bool) -> int:
    """How much goes back for the line; 0 only when goods come back for which everything was refunded before."""
    left = line.paid_minor - line.refunded_minor
    if goods_back and line.handed_over_at is None:
        raise errors.GoodsNeverLeft(field="goods_back")
    if asked is None:
        if left == 0 and not _only_goods_come(line, goods_back):
            raise errors.NothingLeft()
        return left
    if type(asked) is not int or asked <= 0:
        raise errors.RefundNotPositive(field="amount_minor")
    if asked > left:
        raise errors.RefundTooLarge(field="amount_minor", left=Money(left, order.currency))
    return asked


def _only_goods_come(line: OrderLine, goods_back: bool) -> bool:
    """Refunded in full before, and now the goods arrive; or a line that cost nothing."""
    came_before = OrderRefund.objects.filter(parts__line=line, goods_back=True).exists()
    return goods_back and not came_before
