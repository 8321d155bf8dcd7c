"""Goods leave the house and arrive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from quanzi.base.events import services as events
from quanzi.goods.catalogue.models import Product
from quanzi.goods.catalogue.rules import SEVEN_DAYS
from quanzi.goods.stock import services as stock
from quanzi.kernel import crash
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import rules
from quanzi.trade.sales.errors import NoSuchOrder, NothingToHandOver, NotPaid, NotReleased
from quanzi.trade.sales.events import OrderHandedOver, OrderReceived
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderLine, OrderOrigin, OrderState
from quanzi.trade.sales.services.keeping import complete_if_settled
from quanzi.trade.sales.services.moving import lines_of, lock_order, move, ref_of

RECEIVE_BATCH = 500


@transaction.atomic
def mark_handed_over(
    *,
    order_id: int,
    line_ids: Collection[int] | None = None,
    lots: Mapping[int, Sequence[stock.FromLot]] | None = None,
    actor: str = "system",
    now: datetime,
) -> Order:
    """The goods of these lines (None: of all that are left) go to the buyer or a carrier, and leave the stock.

    lots: by line, of which lots how many, where the goods have lots; the line itself names the first.
    A pickup is received at the same moment. Raises NotPaid, NotReleased,
    NothingToHandOver; stock and database refuse expired and recalled lots.
    """
    order = lock_order(order_id, now=now)
    if order.state != OrderState.PAID:
        raise NotPaid() if order.state in (OrderState.PLACED, OrderState.CANCELLED) else NothingToHandOver()
    if order.released_at is None:
        raise NotReleased()
    lines = lines_of(order)
    going = [line for line in _to_hand_over(lines) if line_ids is None or line.pk in line_ids]
    if not going:
        raise NothingToHandOver()
    for line in going:
        of = (lots or {}).get(line.pk, ())
        line.lot_id, line.handed_over_at = next((one.lot_id for one in of if one.lot_id is not None), None), now
        stock.consume(refs=[ref_of(line.pk)], lots=of, actor=actor, now=now)
    OrderLine.objects.bulk_update(going, ["lot", "handed_over_at"])
    crash.point("sales.hand_over.goods_gone")
    if order.method == DeliveryMethod.PICKUP:
        _receive_lines(going, now)
    advance_handed_over(order, lines, actor=actor, now=now)
    return order


def _to_hand_over(lines: Sequence[OrderLine]) -> list[OrderLine]:
    return [line for line in lines if line.handed_over_at is None and line.dropped_at is None]


def advance_handed_over(order: Order, lines: Sequence[OrderLine], *, actor: str, now: datetime) -> None:
    """Once nothing is left to hand over, the order is on its way; a pickup has arrived as well."""
    if order.state != OrderState.PAID or _to_hand_over(lines):
        return
    order.handed_over_at = now
    move(order, OrderState.HANDED_OVER, cause="handed over", actor=actor, now=now, also=["handed_over_at"])
    crash.point("sales.hand_over.moved")
    events.record(OrderHandedOver(order_id=order.pk, origin=order.origin, member_id=order.member_id), now=now)
    if order.method == DeliveryMethod.PICKUP:
        _receive(order, lines, cause="picked up", actor=actor, auto=False, now=now)


@transaction.atomic
def confirm_receipt(*, order_id: int, member: Member, now: datetime) -> Order:
    """The buyer says that it arrived; the windows begin. Again changes nothing. Raises NoSuchOrder for another's."""
    order = lock_order(order_id, now=now)
    if order.member_id != member.pk:
        raise NoSuchOrder()
    if order.state in (OrderState.RECEIVED, OrderState.COMPLETED):
        return order
    _receive(order, lines_of(order), cause="confirmed", actor=f"member:{member.pk}", auto=False, now=now)
    return order


def auto_receive(*, now: datetime, limit: int = RECEIVE_BATCH) -> int:
    """Take deliveries as received seven days after they left, when the buyer said nothing; returns how many."""
    due = Order.objects.filter(state=OrderState.HANDED_OVER, handed_over_at__lte=now - rules.AUTO_RECEIVE_AFTER)
    due = due.exclude(origin=OrderOrigin.REPLAY).order_by("handed_over_at")
    return sum(_auto_receive(order_id, now) for order_id in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _auto_receive(order_id: int, now: datetime) -> bool:
    order = lock_order(order_id, now=now)
    if order.state != OrderState.HANDED_OVER:
        return False
    _receive(order, lines_of(order), cause="time ran out", actor="system", auto=True, now=now)
    return True


def _receive(order: Order, lines: Sequence[OrderLine], *, cause: str, actor: str, auto: bool, now: datetime) -> None:
    if order.state != OrderState.HANDED_OVER:
        raise IllegalMove(order.state, OrderState.RECEIVED)
    _receive_lines([line for line in lines if line.received_at is None and line.handed_over_at is not None], now)
    order.received_at = now
    move(order, OrderState.RECEIVED, cause=cause, actor=actor, now=now, also=["received_at"])
    crash.point("sales.receive.moved")
    events.record(OrderReceived(order_id=order.pk, origin=order.origin, member_id=order.member_id, auto=auto), now=now)
    complete_if_settled(order, lines, now=now)


def _receive_lines(lines: Sequence[OrderLine], now: datetime) -> None:
    """Windows begin with the receipt, by the rule that each line was ordered under."""
    arriving = [line for line in lines if line.returned_at is None]
    products = Product.objects.in_bulk({line.product_id for line in arriving}) if arriving else {}
    for line in arriving:
        line.received_at = now
        _open_windows(line, products[line.product_id], received_at=now)
    OrderLine.objects.bulk_update(arriving, ["received_at", "claim_closes_at", "return_closes_at"])


def begin_windows_anew(line: OrderLine, *, is_sent: bool, now: datetime) -> None:
    """Other goods were given for those of a line. Sent ones count as received as late as an order does of which the buyer says nothing.

    The order is locked by the caller.
    """
    received_at = now + rules.AUTO_RECEIVE_AFTER if is_sent else now
    _open_windows(line, line.product, received_at=received_at)
    line.save(update_fields=["claim_closes_at", "return_closes_at"])


def _open_windows(line: OrderLine, product: Product, *, received_at: datetime) -> None:
    line.claim_closes_at = rules.claim_closes_at(received_at=received_at, claim_hours=product.claim_hours)
    line.return_closes_at = rules.return_closes_at(
        received_at=received_at, rule=line.return_rule, return_days=line.return_days or SEVEN_DAYS,
        gave_up=line.gave_up_return,
    )  # fmt: skip
