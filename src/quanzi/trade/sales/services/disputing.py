"""A line that is being looked into does not become kept until it is settled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quanzi.trade.sales.errors import NoSuchLine
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.sales.services.keeping import complete_if_settled
from quanzi.trade.sales.services.moving import lines_of, lock_order


@transaction.atomic
def dispute_line(*, line_id: int, now: datetime) -> None:
    """Keep the line out of kept from now on. One that is kept stays so: only a refund takes it out again."""
    _, line = _locked(line_id, now)
    if line.disputed_at is None and line.kept_at is None and line.returned_at is None:
        line.disputed_at = now
        line.save(update_fields=["disputed_at"])


@transaction.atomic
def settle_line(*, line_id: int, now: datetime) -> None:
    """It is decided: the windows, or the buyer's word, decide again whether the line is kept."""
    order, line = _locked(line_id, now)
    if line.disputed_at is not None:
        line.disputed_at = None
        line.save(update_fields=["disputed_at"])
        complete_if_settled(order, lines_of(order), now=now)


def _locked(line_id: int, now: datetime) -> tuple[Order, OrderLine]:
    order_id = OrderLine.objects.filter(pk=line_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NoSuchLine()
    order = lock_order(order_id, now=now)
    return order, next(line for line in lines_of(order) if line.pk == line_id)
