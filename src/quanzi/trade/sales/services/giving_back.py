"""Carrying out a refund that was decided: books, counters, goods, states, events. The order is locked by the caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from quanzi.base.events import services as events
from quanzi.base.ledger import chart
from quanzi.base.ledger import services as ledger
from quanzi.base.ledger.services import Leg
from quanzi.base.rows import Insert, Update
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Refund
from quanzi.trade.sales import errors
from quanzi.trade.sales.events import LineReturned, OrderRefunded
from quanzi.trade.sales.models import Order, OrderLine, OrderRefund, OrderState, RefundPart
from quanzi.trade.sales.ports import follower_of, goods_ref_of, is_under_way, spenders_of
from quanzi.trade.sales.services.crediting import credit_of
from quanzi.trade.sales.services.handing import advance_handed_over
from quanzi.trade.sales.services.keeping import complete_if_settled, earn
from quanzi.trade.sales.services.moving import lines_of, lock_order, move, ref_of

PAID_BY = """
SELECT id, amount_minor - refunded_minor FROM payments_payment
WHERE payable_kind = 'order' AND payable_id = %s AND state = 'captured' AND NOT surplus
"""

_insert_refund = Insert(OrderRefund)
_insert_part = Insert(RefundPart)
_save_drop = Update(OrderLine, "dropped_at", "released_at")


@dataclass(frozen=True)
class Part:
    """What goes back for one line; `line` None: for the freight."""

    line: OrderLine | None
    amount_minor: int


def give_back(
    order: Order,
    lines: Sequence[OrderLine],
    parts: Sequence[Part],
    *,
    reason: str,
    actor: str,
    goods_back: bool,
    lowers_price: bool = False,
    idempotency_key: str,
    request_hash: str,
    now: datetime,
) -> OrderRefund:
    """Pay back the parts and let goods, lines and order follow."""
    amount = sum(part.amount_minor for part in parts)
    own, ahead = _pay_back(order, parts, amount, reason, actor, idempotency_key, now)
    made = OrderRefund(
        order=order,
        amount_minor=amount,
        reason=reason,
        actor=actor[:80],
        goods_back=goods_back,
        lowers_price=lowers_price,
        idempotency_key=idempotency_key,
        request_hash=request_hash,
        payment_refund=own,
        credit_refund=ahead,
        refunded_at=now,
    )
    _insert_refund(made)
    crash.point("sales.refund.promised")
    _write_parts(order, made, parts)
    crash.point("sales.refund.counted")
    for part in parts:
        if part.line is not None:
            _settle_line(order, part.line, goods_back=goods_back, actor=actor, now=now)
    _settle_order(order, lines, made, actor=actor, cause=reason, now=now)
    crash.point("sales.refund.settled")
    return made


def _from_income(order: Order, part: Part) -> int:
    """How much of a part the shop had earned already: all of it or nothing, as the escrow is settled at once."""
    if part.line is None:
        return part.amount_minor if order.freight_released_at else 0
    return part.amount_minor if part.line.released_at else 0


def _pay_back(
    order: Order, parts: Sequence[Part], amount: int, reason: str, actor: str, key: str, now: datetime
) -> tuple[Refund | None, Refund | None]:
    """Take earned shares back into the escrow, then pay everything from there: from the order's own payment first, and what is more than
    that holds from the one that was made ahead. The first is None only when nothing goes back or the order's own payment has nothing left.
    """
    if amount == 0:
        return None, None
    goods = sum(_from_income(order, part) for part in parts if part.line is not None)
    freight = sum(_from_income(order, part) for part in parts if part.line is None)
    legs = [(chart.INCOME_GOODS, goods), (chart.INCOME_DELIVERY, freight), (chart.ESCROW_BUYERS, -goods - freight)]
    if goods or freight:
        ledger.post(
            key=f"takeback:order:{order.pk}:{key}",
            kind="sales.takeback",
            ref=f"order:{order.pk}",
            entries=[Leg(account, minor, order.currency) for account, minor in legs if minor],
            now=now,
            memo=reason,
            actor=actor,
        )
    with connection.cursor() as cursor:
        cursor.execute(PAID_BY, [order.pk])
        payment_id, left = cursor.fetchone()
    ahead = credit_of(order)
    own = amount if ahead is None else min(amount, left)
    told: dict[str, Any] = {"reason": reason, "now": now, "actor": actor}
    first = second = None
    if own:
        first = payments.refund(
            payment_id=payment_id, amount_minor=own, idempotency_key=f"order:{order.pk}:{key}", **told
        )
        crash.point("sales.refund.first_of_two")
    if ahead is not None and amount > own:
        second = payments.refund(
            payment_id=ahead.payment_id, amount_minor=amount - own, idempotency_key=f"ahead:{order.pk}:{key}", **told
        )
    return first, second


def _write_parts(order: Order, made: OrderRefund, parts: Sequence[Part]) -> None:
    """The database adds the parts to the counters; the objects at hand follow."""
    rows = [
        RefundPart(
            refund=made,
            order=order,
            line=part.line,
            amount_minor=part.amount_minor,
            from_income_minor=_from_income(order, part),
        )
        for part in parts
        if part.amount_minor or part.line is not None
    ]
    for row in rows:
        _insert_part(row)
        order.refunded_minor += row.amount_minor
        if row.line is None:
            order.freight_refunded_minor += row.amount_minor
            order.freight_released_minor -= row.from_income_minor
        else:
            row.line.refunded_minor += row.amount_minor
            row.line.released_minor -= row.from_income_minor


def _settle_line(order: Order, line: OrderLine, *, goods_back: bool, actor: str, now: datetime) -> None:
    in_full = line.refunded_minor == line.paid_minor
    if line.handed_over_at is None:
        if in_full:
            _drop(line, now=now)
        return
    if goods_back:
        put_line_back(line, actor=actor, now=now)
    if (in_full or goods_back) and line.returned_at is None:
        _return(order, line, now=now)


def _drop(line: OrderLine, *, now: datetime) -> None:
    """The line will not be handed over: nothing of it is left in the escrow, and its goods are free. Raises PartlyUnderWay."""
    if line.dropped_at is None:
        if is_under_way(line.pk):
            raise errors.PartlyUnderWay(title=line.title)
        line.dropped_at = line.released_at = now
        _save_drop(line)
        stock.release(refs=[ref_of(line.pk)], now=now)


def put_line_back(line: OrderLine, *, reason: str = "returned", actor: str, now: datetime) -> None:
    """What the buyer has of a line goes on sale again, whole and once: stock finds the key again. The order is locked."""
    other = goods_ref_of(line.pk)
    stock.put_back(
        ref=other or ref_of(line.pk),
        quantity=line.quantity,
        key=f"return:{other}" if other else f"return:line:{line.pk}",
        reason=reason,
        actor=actor,
        now=now,
    )


@transaction.atomic
def take_back(*, line_id: int, is_sellable: bool, actor: str, now: datetime) -> None:
    """The goods came back and others are given for them: the line is returned. Its money stays in the escrow, until
    `earn_returned` says that the others are settled. Raises NoSuchLine."""
    order, lines, line = _locked(line_id, now)
    if is_sellable:
        put_line_back(line, reason="exchanged", actor=actor, now=now)
    if line.returned_at is None:
        _return(order, line, earns=False, now=now)
        complete_if_settled(order, lines, now=now)


@transaction.atomic
def earn_returned(*, line_id: int, now: datetime) -> None:
    """What is left of a line that was taken back leaves the escrow for the shop, once. Raises NoSuchLine."""
    order, _, line = _locked(line_id, now)
    if line.returned_at is not None:
        earn(order, line, now=now)


def _locked(line_id: int, now: datetime) -> tuple[Order, list[OrderLine], OrderLine]:
    order_id = OrderLine.objects.filter(pk=line_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchLine()
    order = lock_order(order_id, now=now)
    lines = list(lines_of(order))
    return order, lines, next(line for line in lines if line.pk == line_id)


def _return(order: Order, line: OrderLine, *, earns: bool = True, now: datetime) -> None:
    """The line is not kept any more, whatever the buyer had said; what was not refunded of it is the shop's."""
    was_kept = line.kept_at is not None
    line.returned_at, line.kept_at = now, None
    line.save(update_fields=["returned_at", "kept_at"])
    if earns:
        earn(order, line, now=now)
    events.record(
        LineReturned(
            order_id=order.pk,
            origin=order.origin,
            line_id=line.pk,
            member_id=line.member_id,
            product_id=line.product_id,
            was_kept=was_kept,
        ),
        now=now,
    )


def _settle_order(
    order: Order, lines: Sequence[OrderLine], made: OrderRefund, *, actor: str, cause: str, now: datetime
) -> None:
    is_whole = order.refunded_minor == order.amount_minor
    if is_whole:
        for line in lines:  # what cost nothing beside goods that were paid for stays here as well
            if line.handed_over_at is None:
                _drop(line, now=now)
        order.ended_at, order.end_reason = now, cause[:60]
        move(order, OrderState.REFUNDED, cause=cause, actor=actor, now=now, also=["ended_at", "end_reason"])
    if all(line.refunded_minor == line.paid_minor for line in lines):  # the freight may stay with the shop
        for spender in spenders_of(order):
            spender.on_undone(order=order, now=now)
    events.record(
        OrderRefunded(
            order_id=order.pk,
            origin=order.origin,
            member_id=order.member_id,
            refund_id=made.pk,
            amount_minor=made.amount_minor,
            is_whole=is_whole,
        ),
        now=now,
    )
    if not is_whole:
        advance_handed_over(order, lines, actor=actor, now=now)
        complete_if_settled(order, lines, now=now)
        return
    follower = follower_of(order.waits_for)
    if follower is not None:
        follower.on_refunded(order=order, now=now)
