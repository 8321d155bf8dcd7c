"""A quote while rules work on it. Pure arithmetic: nothing goes below zero, every change leaves a step.

Shares always sum to their whole (kernel.money.split), so that a refund can give back exactly what was taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from quanzi.goods.pricing.quotes import PricedLine, Quote, Step
from quanzi.kernel.money import Money, split


@dataclass(frozen=True, slots=True)
class Timed:
    """A price of one unit that holds for everybody in [starts_at, ends_at)."""

    price_minor: int
    starts_at: datetime
    ends_at: datetime
    source: str
    label_zh: str
    label_en: str


@dataclass(slots=True)
class DraftLine:
    """One line of the draft. total_minor follows every step; list_minor, cost_minor and weight_g are of one unit.

    template_id, areas: the freight template that it is sent by (areas as JSON), None for the shop's plain tariff.
    """

    sku_id: int
    product_id: int
    title: str
    quantity: int
    list_minor: int
    cost_minor: int
    unit_minor: int = 0
    total_minor: int = 0
    steps: list[Step] = field(default_factory=list)
    weight_g: int = 0
    template_id: int | None = None
    areas: str | None = None
    return_rule: str = ""
    timed: tuple[Timed, ...] = ()

    def __post_init__(self) -> None:
        self.unit_minor = self.list_minor
        self.total_minor = self.list_minor * self.quantity

    def lower_unit_to(self, unit_minor: int, *, kind: str, label_zh: str, label_en: str, source: str) -> bool:
        """Charge `unit_minor` for one unit if that is less than now; says whether it was. A deal never makes goods dearer."""
        _refuse_negative(unit_minor)
        if unit_minor >= self.unit_minor:
            return False
        saved = min((self.unit_minor - unit_minor) * self.quantity, self.total_minor)
        self.unit_minor = unit_minor
        self._take_off(saved, kind=kind, label_zh=label_zh, label_en=label_en, source=source)
        return True

    def take_off(self, amount_minor: int, *, kind: str, label_zh: str, label_en: str, source: str) -> int:
        """Take an amount off the whole line, at most what it still costs; returns how much was taken."""
        _refuse_negative(amount_minor)
        taken = min(amount_minor, self.total_minor)
        self._take_off(taken, kind=kind, label_zh=label_zh, label_en=label_en, source=source)
        return taken

    def _take_off(self, amount_minor: int, **why: str) -> None:
        if amount_minor:
            self.total_minor -= amount_minor
            self.steps.append(Step(amount_minor=-amount_minor, **why))


@dataclass(frozen=True)
class Tariff:
    """delivery_minor: freight of one order; free_from_minor: goods paid from which it is zero. Minor units."""

    delivery_minor: int = 400
    free_from_minor: int = 9_900


@dataclass(slots=True)
class Draft:
    """What a PriceRule works on: change lines and freight through the methods only."""

    currency: str
    lines: list[DraftLine]
    tariff: Tariff = Tariff()
    freight_minor: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def goods_minor(self) -> int:
        """What the goods cost after the steps so far, without freight."""
        return sum(line.total_minor for line in self.lines)

    def take_off(
        self,
        amount_minor: int,
        *,
        kind: str,
        label_zh: str,
        label_en: str,
        source: str,
        lines: Sequence[DraftLine] | None = None,
    ) -> int:
        """Take an amount off the order, or off some of its lines, shared by what they cost; returns how much was taken.

        Each line gets its share as a step of its own, so that a later refund of the line knows it.
        """
        _refuse_negative(amount_minor)
        among = self.lines if lines is None else list(lines)
        weights = [line.total_minor for line in among]
        taken = min(amount_minor, sum(weights))
        if not taken:
            return 0
        # No share exceeds its line: below the whole, rounding down leaves each line at least the one spare unit it may get.
        shares = split(taken, weights)
        for line, share in zip(among, shares, strict=True):
            line.take_off(share, kind=kind, label_zh=label_zh, label_en=label_en, source=source)
        return taken

    def set_freight(self, amount_minor: int, *, label_zh: str, label_en: str, source: str) -> None:
        """Name the freight, zero included: the newest word counts, and is the only one shown."""
        _refuse_negative(amount_minor)
        self.freight_minor = amount_minor
        self.steps = [step for step in self.steps if step.kind != "freight"]
        self.steps.append(Step("freight", label_zh, label_en, amount_minor, source))

    def quote(self) -> Quote:
        """The finished answer; raises MoneyOutOfRange when an amount leaves the range of money."""
        goods = Money(sum(line.list_minor * line.quantity for line in self.lines), self.currency)
        amount = Money(self.goods_minor + self.freight_minor, self.currency)
        return Quote(
            currency=self.currency,
            lines=tuple(_priced(line) for line in self.lines),
            goods_minor=goods.minor,
            freight_minor=self.freight_minor,
            discount_minor=goods.minor - self.goods_minor,
            amount_minor=amount.minor,
            steps=tuple(self.steps),
        )


def _priced(line: DraftLine) -> PricedLine:
    return PricedLine(
        sku_id=line.sku_id,
        product_id=line.product_id,
        title=line.title,
        quantity=line.quantity,
        list_minor=line.list_minor,
        unit_minor=line.unit_minor,
        total_minor=line.total_minor,
        cost_minor=line.cost_minor * line.quantity,
        steps=tuple(line.steps),
        return_rule=line.return_rule,
    )


def _refuse_negative(amount_minor: int) -> None:
    if type(amount_minor) is not int or amount_minor < 0:
        raise ValueError(f"a price rule works with whole amounts that are not negative, not {amount_minor!r}")
