"""The answer to "what does it cost, and why": plain values, every step named."""

from __future__ import annotations

from dataclasses import dataclass, field

from quanzi.kernel.money import Money


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """What is asked: `quantity` units of one SKU."""

    sku_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Step:
    """One explained step from list price to what is paid. amount_minor is signed: a discount is negative, freight positive or zero.

    source: the rule that made it, like "deal:3" or "freight"; the labels are ready to show.
    """

    kind: str
    label_zh: str
    label_en: str
    amount_minor: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """list_minor: list price of one unit; unit_minor: price of one unit after rules for this line;
    total_minor: what the whole line costs after everything, its shares of discounts on the order included, freight not;
    cost_minor: what the whole line costs the merchant; return_rule: of the product, as it stands now.
    total_minor = list_minor * quantity + the sum of its steps.
    """

    sku_id: int
    product_id: int
    title: str
    quantity: int
    list_minor: int
    unit_minor: int
    total_minor: int
    cost_minor: int
    steps: tuple[Step, ...] = ()
    return_rule: str = ""

    @property
    def discount_minor(self) -> int:
        """How much less than the list price the line costs."""
        return self.list_minor * self.quantity - self.total_minor


@dataclass(frozen=True, slots=True)
class Quote:
    """goods_minor: lines at list price; discount_minor: all that is taken off, in all lines; steps: of the whole order (freight).
    included: what of the amount is something else's, and adds nothing to it (import taxes); must_declare: customs has to be told who receives it.

    amount_minor = goods_minor - discount_minor + freight_minor = sum of total_minor + freight_minor.
    """

    currency: str
    lines: tuple[PricedLine, ...]
    goods_minor: int
    freight_minor: int
    discount_minor: int
    amount_minor: int
    steps: tuple[Step, ...] = field(default=())
    included: tuple[Step, ...] = field(default=())
    must_declare: bool = False

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def goods(self) -> Money:
        return Money(self.goods_minor, self.currency)

    @property
    def freight(self) -> Money:
        return Money(self.freight_minor, self.currency)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.currency)

    @property
    def summary(self) -> tuple[Step, ...]:
        """Every reason once, over all lines, in the order in which they applied: what a cart shows below its lines."""
        sums: dict[tuple[str, str, str, str], int] = {}
        for step in [step for line in self.lines for step in line.steps] + list(self.steps):
            reason = (step.kind, step.label_zh, step.label_en, step.source)
            sums[reason] = sums.get(reason, 0) + step.amount_minor
        return tuple(Step(kind, zh, en, amount, source) for (kind, zh, en, source), amount in sums.items())
