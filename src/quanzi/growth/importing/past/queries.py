"""Reading orders from before. Sums are by currency; a sum of two currencies would mean nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from quanzi.growth.importing.models import PastBuyer, PastOrder
from quanzi.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PastSum:
    """What was bought elsewhere. orders: without cancellations; amount: bought less given back, in one currency."""

    orders: int
    amount: Money


@dataclass(frozen=True, slots=True)
class SourceSum:
    """What one source brought: people with orders, their orders, and the amount in one currency."""

    people: int
    orders: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PastLineRow:
    title: str
    code: str
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PastOrderRow:
    """One order from before, as its buyer and the staff see it. is_return: a cancellation under a number of its own."""

    id: int
    number: str
    source: str
    source_id: int
    buyer_id: int
    placed_at: datetime
    bought: Money
    returned: Money
    lines: tuple[PastLineRow, ...]

    @property
    def is_return(self) -> bool:
        return not self.bought and bool(self.returned)


_SUMS = {
    "orders": Count("pk", filter=Q(bought_minor__gt=0)),
    "bought": Sum("bought_minor"),
    "returned": Sum("returned_minor"),
}


def sums_of(member_ids: Collection[int]) -> dict[int, list[PastSum]]:
    """What these members bought elsewhere, one sum for each currency, in one query."""
    rows: Any = PastOrder.objects.filter(buyer__member_id__in=member_ids).values("buyer__member_id", "currency")
    found: dict[int, list[PastSum]] = {}
    for row in rows.annotate(**_SUMS).order_by("buyer__member_id", "currency"):
        amount = Money(int(row["bought"] - row["returned"]), row["currency"])
        found.setdefault(row["buyer__member_id"], []).append(PastSum(row["orders"], amount))
    return found


def sums_by_source() -> dict[int, list[SourceSum]]:
    """What each source brought, one sum for each currency."""
    rows: Any = PastOrder.objects.values("source_id", "currency")
    found: dict[int, list[SourceSum]] = {}
    for row in rows.annotate(people=Count("buyer", distinct=True), **_SUMS).order_by("source_id", "currency"):
        amount = Money(int(row["bought"] - row["returned"]), row["currency"])
        found.setdefault(row["source_id"], []).append(SourceSum(row["people"], row["orders"], amount))
    return found


def orders_of(member_id: int, *, before_id: int | None = None, limit: int = 20) -> list[PastOrderRow]:
    """A member's orders from before, the newest first, with their lines; two queries."""
    rows = PastOrder.objects.filter(buyer__member_id=member_id).select_related("source")
    if before_id is not None:
        last = PastOrder.objects.filter(pk=before_id).values_list("placed_at", flat=True).first()
        if last is not None:
            rows = rows.filter(Q(placed_at__lt=last) | Q(placed_at=last, pk__lt=before_id))
    found = rows.prefetch_related("lines").order_by("-placed_at", "-pk")[:limit]
    return [_row(order) for order in found]


def count_of(member_id: int) -> int:
    """How many orders from before a member has, cancellations included."""
    return PastOrder.objects.filter(buyer__member_id=member_id).count()


def claimed_of(member_id: int) -> list[PastBuyer]:
    """Whom a member turned out to be at other shops."""
    rows = PastBuyer.objects.filter(member_id=member_id, claimed_at__isnull=False)
    return list(rows.select_related("source").order_by("pk"))


def _row(order: PastOrder) -> PastOrderRow:
    lines = sorted(order.lines.all(), key=lambda line: line.position)
    return PastOrderRow(
        id=order.pk,
        number=order.number,
        source=order.source.name,
        source_id=order.source_id,
        buyer_id=order.buyer_id or 0,
        placed_at=order.placed_at,
        bought=Money(order.bought_minor, order.currency),
        returned=Money(order.returned_minor, order.currency),
        lines=tuple(
            PastLineRow(line.title or line.code, line.code, line.quantity, Money(line.amount_minor, order.currency))
            for line in lines
        ),
    )
