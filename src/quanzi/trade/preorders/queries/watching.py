"""What the shop watches: who has a place, what is held of deposits, who has yet to pay or answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from quanzi.base import planned
from quanzi.kernel.money import Money
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.states import PaymentState
from quanzi.trade.preorders import rules
from quanzi.trade.preorders.errors import NoSuchPreorder
from quanzi.trade.preorders.models import Place, Preorder, PreorderGood
from quanzi.trade.preorders.queries.batches import PreorderCard, cards

SUMS = """
SELECT count(*) FILTER (WHERE state = 'asked'), count(*) FILTER (WHERE state = 'held'), count(*) FILTER (WHERE state = 'settled'),
       count(*) FILTER (WHERE state = 'returned'),
       coalesce(sum(deposit_minor) FILTER (WHERE state = 'held'), 0), coalesce(sum(deposit_minor) FILTER (WHERE state = 'settled'), 0),
       coalesce(sum(deposit_minor) FILTER (WHERE state = 'returned'), 0),
       (SELECT count(*) FROM preorders_answer a JOIN preorders_place q ON q.id = a.place_id AND q.preorder_id = %(preorder)s
         WHERE a.agrees IS NULL AND q.ended_at IS NULL)
  FROM preorders_place WHERE preorder_id = %(preorder)s
"""

BACK = """
SELECT coalesce(sum(CASE WHEN l.state = 'held' THEN l.deposit_minor ELSE o.amount_minor - o.refunded_minor END), 0)
  FROM preorders_place l LEFT JOIN sales_order o ON o.id = l.order_id
 WHERE l.preorder_id = %s AND (l.state = 'held' OR l.state = 'settled' AND o.released_at IS NULL)
"""

# Deposits by what became of them, of payments that count; beside them what the payments themselves say.
DEPOSITS = """
SELECT l.state, count(*), coalesce(sum(m.amount_minor - m.refunded_minor), 0)
  FROM preorders_place l JOIN payments_payment m
    ON m.payable_kind = 'deposit' AND m.payable_id = l.id AND m.state = 'captured' AND NOT m.surplus
 GROUP BY l.state ORDER BY l.state
"""


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One place. waits_for_cash: its deposit is one that somebody writes down when it is here.

    said: "yes", "no", "silent", "asked" or "" about the newest change of date.
    """

    id: int
    member_id: int
    member_name: str
    title: str
    quantity: int
    deposit: Money
    state: str
    asked_at: datetime
    held_at: datetime | None
    order_number: str
    end_reason: str
    said: str
    waits_for_cash: bool


@dataclass(frozen=True, slots=True)
class WatchSums:
    """Places by state, and the deposits of those held, those counted for orders, and those that went back."""

    asked: int
    held: int
    settled: int
    returned: int
    held_money: Money
    settled_money: Money
    returned_money: Money
    unanswered: int


@dataclass(frozen=True, slots=True)
class DepositSum:
    """What is here of the deposits of places in one state."""

    state: str
    count: int
    amount: Money


def all_cards(*, now: datetime, before_id: int | None = None, limit: int = 50) -> list[PreorderCard]:
    """Every batch, newest first, below `before_id`."""
    found = Preorder.objects.filter(Q(pk__lt=before_id) if before_id is not None else Q())
    return cards(found.order_by("-pk")[:limit], now)


def watch_sums(*, preorder_id: int) -> WatchSums:
    asked, held, settled, returned, kept, counting, back, silent = planned.rows(SUMS, {"preorder": preorder_id})[0]
    return WatchSums(asked, held, settled, returned, Money(int(kept)), Money(int(counting)), Money(int(back)), silent)


def money_of(*, preorder_id: int) -> Money:
    """What would go back if the batch were called off now: deposits and balances whose goods have not left. Raises NoSuchPreorder."""
    currency = PreorderGood.objects.filter(preorder_id=preorder_id).values_list("currency", flat=True).first()
    if currency is None:
        raise NoSuchPreorder()
    return Money(int(planned.value(BACK, [preorder_id])), currency)


def places_of(*, preorder_id: int, before_id: int | None = None, limit: int = 50) -> list[WatchRow]:
    """Who has or had a place, newest first."""
    found = Place.objects.filter(preorder_id=preorder_id).exclude(state="gone")
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    rows = found.select_related("member", "order", "good__sku").prefetch_related("answers").order_by("-pk")[:limit]
    cash = Payment.objects.filter(
        payable_kind=rules.DEPOSIT,
        payable_id__in=[one.pk for one in rows],
        provider="offline",
        state=PaymentState.CREATED,
    )
    waiting = set(cash.values_list("payable_id", flat=True))
    return [
        WatchRow(
            id=one.pk, member_id=one.member_id, member_name=one.member.name,
            title=" ".join(str(value) for value in one.good.sku.options.values()), quantity=one.quantity,
            deposit=Money(one.deposit_minor, one.currency), state=one.state, asked_at=one.asked_at, held_at=one.held_at,
            order_number=one.order.number if one.order else "", end_reason=one.end_reason, said=_said(one),
            waits_for_cash=one.pk in waiting,
        )
        for one in rows
    ]  # fmt: skip


def _said(place: Place) -> str:
    answers = sorted(place.answers.all(), key=lambda answer: answer.pk)
    if not answers:
        return ""
    last = answers[-1]
    if last.agrees is None:
        return "asked"
    return "silent" if last.was_silent else "yes" if last.agrees else "no"


def deposit_sums() -> list[DepositSum]:
    """What the shop holds of deposits, for the books page; returned places have nothing left here."""
    return [DepositSum(state, count, Money(int(minor))) for state, count, minor in planned.rows(DEPOSITS)]
