"""Goods are kept: by the buyer's word, or because the windows closed. Then the shop has earned the money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from quanzi.base.events import services as events
from quanzi.base.ledger import chart
from quanzi.base.ledger import services as ledger
from quanzi.base.ledger.services import Leg
from quanzi.kernel import crash
from quanzi.people.accounts.models import Member
from quanzi.trade.sales import errors
from quanzi.trade.sales.events import LineKept
from quanzi.trade.sales.models import Order, OrderLine, OrderState
from quanzi.trade.sales.services.moving import lines_of, lock_order, move

CLOSE_BATCH = 500


@transaction.atomic
def say_kept(*, line_id: int, member: Member, now: datetime) -> OrderLine:
    """「我留下了」. Waives no right: a lawful return later takes the line out of kept again. Twice is once.

    Raises NoSuchLine (also for another member's), NotReceived, AlreadyReturned, IsDisputed.
    """
    order_id = OrderLine.objects.filter(pk=line_id, member_id=member.pk).values_list("order_id", flat=True).first()
    if order_id is None:
        raise errors.NoSuchLine()
    order = lock_order(order_id, now=now)
    lines = lines_of(order)
    line = next(line for line in lines if line.pk == line_id)
    _check_keepable(line)
    if line.said_kept_at is None:
        line.said_kept_at = now
        line.save(update_fields=["said_kept_at"])
    if line.kept_at is None:
        _keep(order, line, said=True, now=now)
        complete_if_settled(order, lines, now=now)
    return line


def _check_keepable(line: OrderLine) -> None:
    if line.returned_at is not None or line.dropped_at is not None:
        raise errors.AlreadyReturned()
    if line.received_at is None:
        raise errors.NotReceived()
    if line.disputed_at is not None:
        raise errors.IsDisputed()


def close_windows(*, now: datetime, limit: int = CLOSE_BATCH) -> int:
    """Keep every received line whose claim and return windows are over; returns how many lines that were."""
    due = OrderLine.objects.filter(_open_line(), _windows_over(now)).order_by("claim_closes_at")
    orders = list(dict.fromkeys(due.values_list("order_id", flat=True)[:limit]))
    return sum(_close(order_id, now) for order_id in orders)


@transaction.atomic
def _close(order_id: int, now: datetime) -> int:
    order = lock_order(order_id, now=now)
    lines = lines_of(order)
    due = set(OrderLine.objects.filter(_open_line(), _windows_over(now), order=order).values_list("pk", flat=True))
    for line in lines:
        if line.pk in due:
            _keep(order, line, said=False, now=now)
    complete_if_settled(order, lines, now=now)
    return len(due)


def _open_line() -> Q:
    """Received, and neither kept nor returned nor disputed (the condition of the index `order_line_window_open`)."""
    return Q(received_at__isnull=False, kept_at=None, returned_at=None, disputed_at=None)


def _windows_over(now: datetime) -> Q:
    return Q(claim_closes_at__lte=now) & (Q(return_closes_at=None) | Q(return_closes_at__lte=now))


def _keep(order: Order, line: OrderLine, *, said: bool, now: datetime) -> None:
    line.kept_at = now
    line.save(update_fields=["kept_at"])
    crash.point("sales.keep.marked")
    earn(order, line, now=now)
    crash.point("sales.keep.earned")
    events.record(
        LineKept(
            order_id=order.pk,
            origin=order.origin,
            line_id=line.pk,
            member_id=line.member_id,
            product_id=line.product_id,
            said=said,
        ),
        now=now,
    )


def earn(order: Order, line: OrderLine, *, now: datetime) -> None:
    """What was paid for this line and not refunded leaves the escrow, once; the freight goes with the first line."""
    if line.released_at is None:
        line.released_at, line.released_minor = now, line.paid_minor - line.refunded_minor
        line.save(update_fields=["released_at", "released_minor"])
        _release(order, f"release:line:{line.pk}", chart.INCOME_GOODS, line.released_minor, now)
    if order.freight_released_at is None:
        order.freight_released_at = now
        order.freight_released_minor = order.freight_minor - order.freight_refunded_minor
        order.save(update_fields=["freight_released_at", "freight_released_minor"])
        _release(order, f"release:freight:{order.pk}", chart.INCOME_DELIVERY, order.freight_released_minor, now)


def _release(order: Order, key: str, income: str, minor: int, now: datetime) -> None:
    if minor:
        legs = [Leg(chart.ESCROW_BUYERS, minor, order.currency), Leg(income, -minor, order.currency)]
        ledger.post(key=key, kind="sales.release", ref=f"order:{order.pk}", entries=legs, now=now, actor="system")


def complete_if_settled(order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """A received order is complete when each of its lines is kept or went back."""
    settled = all(line.kept_at or line.returned_at or line.dropped_at for line in lines)
    if order.state == OrderState.RECEIVED and settled:
        order.completed_at = now
        move(order, OrderState.COMPLETED, cause="settled", actor="system", now=now, also=["completed_at"])
