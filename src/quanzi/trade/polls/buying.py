"""Buying what was held while friends were asked.

Order of locks: poll → its turn at the goods → order → stock.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from quanzi.base import planned
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.errors import OutOfStock, SoldOut
from quanzi.goods.stock.services.turns import take_turn
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.polls import errors, rules, services
from quanzi.trade.polls.models import Good, Poll, PollEnd
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderOrigin, OrderState


@transaction.atomic
def order_held(
    *,
    poll: Poll,
    good_id: int,
    member: Member,
    method: str,
    address_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    expected_amount_minor: int | None = None,
    idempotency_key: str,
    origin: str = OrderOrigin.SHOP,
    without_return: Collection[int] = (),
    now: datetime,
) -> Order:
    """Order the unit that was held, at the price that was held or what it costs now, whichever is less.

    The same key with the same content returns the same order. Raises NoSuchPoll, PollOver, BoughtAlready, or what placing an order raises.
    """
    locked = Poll.objects.select_for_update().get(pk=poll.pk)
    good = Good.objects.select_related("order").filter(poll=locked, pk=good_id).first()
    if good is None or locked.asker_id != member.pk:
        raise errors.NoSuchPoll()
    is_again = Order.objects.filter(member=member, idempotency_key=idempotency_key).exists()
    if not is_again:
        _check(locked, good, now)
        take_turn(good.sku_id)
        stock.release(refs=[rules.ref_of(good.pk)], now=now)
        crash.point("polls.order.goods_free")
    order: Order = sales.place_order(
        member=member,
        lines=[(good.sku_id, 1)],
        method=method,
        address_id=address_id,
        pickup_point_id=pickup_point_id,
        note=note,
        context={"poll_good_id": good.pk},
        expected_amount_minor=expected_amount_minor,
        idempotency_key=idempotency_key,
        origin=origin,
        without_return=without_return,
        now=now,
    )
    if not is_again:
        good.order, good.lost_at = order, None
        good.save(update_fields=["order", "lost_at"])
        crash.point("polls.order.bound")
    return order


def _check(poll: Poll, good: Good, now: datetime) -> None:
    if not rules.may_buy(asked_at=poll.asked_at, closes_at=poll.closes_at, ended_at=poll.ended_at, now=now):
        raise errors.PollOver()
    if good.order is not None and good.order.state != OrderState.CANCELLED:
        raise errors.BoughtAlready()


def settle_paid(*, order_id: int, now: datetime) -> None:
    """What was asked about is bought: the question has its answer, and the other goods are free. Safe to repeat."""
    poll_id = _poll_of(order_id)
    if poll_id is None:  # of nearly every order: no transaction is opened for it
        return
    with transaction.atomic():
        poll = _locked(poll_id)
        if poll.ended_at is None:
            services.end(poll, PollEnd.BOUGHT, now)


@transaction.atomic
def hold_again(*, order_id: int, now: datetime) -> None:
    """An order that took held goods ended unpaid: while the question is open they are held again, if they are free. Safe to repeat."""
    poll_id = _poll_of(order_id)
    if poll_id is None:
        return
    poll = _locked(poll_id)
    good = Good.objects.get(poll=poll, order_id=order_id)
    good.order = None
    if poll.ended_at is None:
        try:
            stock.reserve(lines=[(good.sku_id, 1, rules.ref_of(good.pk))], expires_at=poll.closes_at, now=now)
        except (OutOfStock, SoldOut):
            good.lost_at = now
    good.save(update_fields=["order", "lost_at"])
    crash.point("polls.hold_again.written")


def _poll_of(order_id: int) -> int | None:
    found: int | None = planned.value("SELECT poll_id FROM polls_good WHERE order_id = %s", [order_id])
    return found


def _locked(poll_id: int) -> Poll:
    return Poll.objects.select_for_update().get(pk=poll_id)
