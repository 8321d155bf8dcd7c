"""Every list, for the staff: who signed up, what it comes to, what went back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum

from quanzi.kernel.money import Money
from quanzi.trade.chains.errors import NoSuchChain
from quanzi.trade.chains.models import Chain, SignUp
from quanzi.trade.sales.models import OrderLine


@dataclass(frozen=True, slots=True)
class ChainRow:
    """people, paid: who is in the list now; asked: what their orders come to; money: paid of it; back: paid back, to whomever."""

    chain: Chain
    people: int
    paid: int
    asked: Money
    money: Money
    back: Money


@dataclass(frozen=True, slots=True)
class SignedRow:
    """number: in the list, None once out of it. lines: (title, quantity). state: of the order."""

    number: int | None
    member_id: int
    name: str
    words: str
    lines: tuple[tuple[str, int], ...]
    order_number: str
    state: str
    amount: Money
    back: Money
    signed_at: datetime
    ended_at: datetime | None


def chain_rows(*, state: str = "", before_id: int | None = None, limit: int = 50) -> list[ChainRow]:
    """Lists in that state (all without one), newest first; two statements."""
    found = Chain.objects.select_related("circle", "opener", "point")
    if state:
        found = found.filter(state=state)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return _rows(list(found.order_by("-id")[:limit]))


def chain_row(*, chain_id: int) -> ChainRow:
    """One list. Raises NoSuchChain."""
    found = Chain.objects.select_related("circle", "opener", "point").filter(pk=chain_id).first()
    if found is None:
        raise NoSuchChain()
    return _rows([found])[0]


def money_in(*, chain_id: int) -> Money:
    """What calling the list off would give back."""
    return chain_row(chain_id=chain_id).money


def _rows(chains: list[Chain]) -> list[ChainRow]:
    is_in, is_paid = Q(ended_at=None), Q(ended_at=None, order__paid_at__isnull=False)
    sums: dict[int, Mapping[str, Any]] = {
        row["chain_id"]: row
        for row in SignUp.objects.filter(chain__in=chains)
        .values("chain_id")
        .annotate(
            people=Count("id", filter=is_in),
            paid=Count("id", filter=is_paid),
            asked=Sum("order__amount_minor", filter=is_in),
            money=Sum(F("order__amount_minor") - F("order__refunded_minor"), filter=is_paid),
            back=Sum("order__refunded_minor"),
        )
        .order_by()
    }
    nothing = {"people": 0, "paid": 0, "asked": None, "money": None, "back": None}
    return [_row(chain, sums.get(chain.pk, nothing)) for chain in chains]


def _row(chain: Chain, sums: Mapping[str, Any]) -> ChainRow:
    return ChainRow(
        chain=chain,
        people=sums["people"] or 0,
        paid=sums["paid"] or 0,
        asked=Money(sums["asked"] or 0),
        money=Money(sums["money"] or 0),
        back=Money(sums["back"] or 0),
    )


def signed_rows(*, chain_id: int) -> list[SignedRow]:
    """Everybody who ever signed up: the list in its order, then who is out of it, the last first; two statements."""
    every = list(SignUp.objects.filter(chain_id=chain_id).select_related("member", "order").order_by("since", "id"))
    lines: dict[int, list[tuple[str, int]]] = {}
    titles = OrderLine.objects.filter(order__in=[one.order_id for one in every]).order_by("id")
    for order_id, title, quantity in titles.values_list("order_id", "title", "quantity"):
        lines.setdefault(order_id, []).append((title, quantity))
    within = [one for one in every if one.ended_at is None]
    out = sorted(
        (one for one in every if one.ended_at is not None), key=lambda one: (one.ended_at, one.pk), reverse=True
    )
    numbered = [*enumerate(within, start=1), *((None, one) for one in out)]
    return [_signed(number, one, tuple(lines.get(one.order_id, ()))) for number, one in numbered]


def _signed(number: int | None, one: SignUp, lines: tuple[tuple[str, int], ...]) -> SignedRow:
    order = one.order
    return SignedRow(
        number=number,
        member_id=one.member_id,
        name=one.member.name,
        words=one.words,
        lines=lines,
        order_number=order.number,
        state=order.state,
        amount=Money(order.amount_minor, order.currency),
        back=Money(order.refunded_minor, order.currency),
        signed_at=one.signed_at,
        ended_at=one.ended_at,
    )
