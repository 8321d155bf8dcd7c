"""One question, one answer: what do these goods cost this buyer now, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from quanzi.goods.pricing.draft import Draft, DraftLine
from quanzi.goods.pricing.duties import included
from quanzi.goods.pricing.errors import BadQuantity, NothingToPrice, NotOnSale, TooManyLines, UnknownGoods
from quanzi.goods.pricing.freight import decided
from quanzi.goods.pricing.ports import price_rules
from quanzi.goods.pricing.queries import Ware, wares
from quanzi.goods.pricing.quotes import PricedLine, Quote, QuoteLine, Step
from quanzi.kernel.errors import DomainError, Errors
from quanzi.kernel.money import CurrencyMismatch

__all__ = ["MOST_LINES", "MOST_UNITS", "Asked", "PricedLine", "Quote", "QuoteLine", "Step", "quote", "quote_all"]

MOST_UNITS = 9_999
MOST_LINES = 1_000


def quote(
    *, lines: Sequence[QuoteLine], member_id: int | None = None, context: Mapping[str, Any] | None = None, now: datetime
) -> Quote:
    """Price the lines for a member (None: a visitor) with every registered rule; reads only.

    context: see ports.Context; without "method" the quote has no freight. Raises NothingToPrice, TooManyLines, CurrencyMismatch,
    MoneyOutOfRange, and for lines (fields "lines.0.quantity", "lines.0.sku_id") BadQuantity, UnknownGoods, NotOnSale - all of them in
    one Errors when there are several - besides what a rule refuses.
    """
    return quote_all([Asked(lines, member_id, context or {}, now)])[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """What `quote` takes, for `quote_all`."""

    lines: Sequence[QuoteLine]
    member_id: int | None
    context: Mapping[str, Any]
    now: datetime


def quote_all(asked: Sequence[Asked]) -> list[Quote]:
    """`quote` for several questions; the goods of all of them are read once."""
    for one in asked:
        if not one.lines:
            raise NothingToPrice()
        if len(one.lines) > MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
    if not asked:
        return []
    found = wares((line.sku_id for one in asked for line in one.lines), at=[one.now for one in asked])
    return [_answer(one, found) for one in asked]


def _answer(asked: Asked, found: Mapping[int, Ware]) -> Quote:
    draft = _draft(asked, found)
    for rule in price_rules():
        rule.apply(draft, asked.member_id, asked.context, asked.now)
    made = draft.quote()
    declares = any(found[line.sku_id].must_declare for line in made.lines)
    return replace(made, included=included(made.lines, found), must_declare=declares)


def _draft(asked: Asked, found: Mapping[int, Ware]) -> Draft:
    lines = asked.lines
    problems: list[DomainError] = [
        BadQuantity(field=f"lines.{index}.quantity", least=1, most=MOST_UNITS)
        for index, line in enumerate(lines)
        if not _is_quantity(line.quantity)
    ]
    for index, line in enumerate(lines):
        ware = found.get(line.sku_id)
        if ware is None:
            problems.append(UnknownGoods(field=f"lines.{index}.sku_id", sku_id=line.sku_id))
        elif not ware.is_on_sale and not (ware.is_apart and asked.context.get("apart") == ware.sku_id):
            problems.append(NotOnSale(field=f"lines.{index}.sku_id", sku_id=ware.sku_id, name=ware.name))
    Errors.raise_any(problems)
    any_ware = found[lines[0].sku_id]
    return Draft(
        _currency([found[line.sku_id] for line in lines]),
        [_line(found[line.sku_id], line.quantity) for line in lines],
        decided(any_ware.freight_minor, any_ware.freight_free_from_minor),
    )


def _line(ware: Ware, quantity: int) -> DraftLine:
    return DraftLine(
        sku_id=ware.sku_id,
        product_id=ware.product_id,
        title=ware.title,
        quantity=quantity,
        list_minor=ware.price_minor,
        cost_minor=ware.cost_minor,
        weight_g=ware.weight_g,
        template_id=ware.template_id,
        areas=ware.areas,
        return_rule=ware.return_rule,
        timed=ware.timed,
    )


def _is_quantity(quantity: object) -> bool:
    return type(quantity) is int and 1 <= quantity <= MOST_UNITS


def _currency(found: Sequence[Ware]) -> str:
    """The one currency of all goods."""
    first = found[0].currency
    for ware in found:
        if ware.currency != first:
            raise CurrencyMismatch(left=first, right=ware.currency)
    return first
