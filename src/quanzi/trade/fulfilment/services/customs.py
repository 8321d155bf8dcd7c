"""The name that customs is told, agreed to by the buyer for one order, and forgotten when it is not needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from quanzi.goods.supply.queries.papers import declared
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.models import Declaration
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.sales.rules import clean

KEPT = timedelta(days=30)
"""After the order ended: long enough for what customs asks about a parcel."""


def checked_name(name: str) -> str:
    """As it is kept; raises NameForCustoms."""
    said = clean(name)
    if not 2 <= len(said) <= 40:
        raise errors.NameForCustoms(field="customs_name")
    return said


@transaction.atomic
def declare(*, order_id: int, member: Member, name: str, now: datetime) -> Declaration:
    """The buyer agrees, with their name as in their papers. Said again before anything left it is corrected.

    Raises NoSuchFulfilment for anybody else's order, NameForCustoms, NothingToDeclare, AlreadyDeclared.
    """
    order = Order.objects.select_for_update().filter(pk=order_id, member=member).first()
    if order is None:
        raise errors.NoSuchFulfilment()
    said = checked_name(name)
    if not needs_declaration(order_id):
        raise errors.NothingToDeclare()
    known = Declaration.objects.filter(order=order).first()
    if known is not None and known.name != said and order.lines.filter(handed_over_at__isnull=False).exists():
        raise errors.AlreadyDeclared()
    made: Declaration
    made, _ = Declaration.objects.update_or_create(
        order=order, defaults={"name": said, "agreed_at": now, "forgotten_at": None}
    )
    return made


def needs_declaration(order_id: int) -> bool:
    """Whether some of its goods may only come in under the buyer's name."""
    lines = OrderLine.objects.filter(order_id=order_id, dropped_at=None)
    return declared(list(lines.values_list("product_id", flat=True)))


def is_awaited(order_id: int) -> bool:
    """An order that is not over waits for the buyer's name."""
    is_live = Order.objects.filter(pk=order_id, state__in=("placed", "paid")).exists()
    return is_live and needs_declaration(order_id) and not Declaration.objects.filter(order_id=order_id).exists()


def check_declared(*, order_id: int, product_ids: list[int]) -> None:
    """Before goods leave; raises NotDeclared."""
    if declared(product_ids) and not Declaration.objects.filter(order_id=order_id).exists():
        raise errors.NotDeclared()


def forget_names(now: datetime) -> int:
    """Names of orders that ended thirty days ago. Safe to repeat; returns how many."""
    over = Q(order__completed_at__lt=now - KEPT) | Q(order__ended_at__lt=now - KEPT)
    return Declaration.objects.filter(over, forgotten_at=None).update(name="", forgotten_at=now)
