"""Planning a batch: what is made, what it costs, how many must and can be made, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel.clock import today
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.people.accounts.models import Member
from quanzi.trade.preorders import errors, rules
from quanzi.trade.preorders.events import PreorderOpened
from quanzi.trade.preorders.models import Preorder, PreorderGood
from quanzi.trade.sales.rules import clean


@dataclass(frozen=True)
class GoodPlan:
    """One variant: what one costs in full, and what of that is paid ahead."""

    sku_id: int
    price_minor: int
    deposit_minor: int


@transaction.atomic
def open_preorder(
    *,
    title: str,
    story: str = "",
    goods: Sequence[GoodPlan],
    threshold: int,
    most: int,
    limit_each: int = 2,
    opens_at: datetime,
    closes_at: datetime,
    balance_days: int = 7,
    promised_on: date,
    is_demo: bool = False,
    actor: Member | str,
    now: datetime,
) -> Preorder:
    """Take deposits in [opens_at, closes_at) for a batch of one product that leaves by `promised_on`.

    Raises, all at once: NoGoods, BadDeposit, BadTerms, BadWindow, InvalidInput.
    """
    said, told = clean(title), clean(story)
    skus = Sku.objects.in_bulk([plan.sku_id for plan in goods])
    products = {sku.product_id for sku in skus.values()}
    wrong: list[DomainError] = []
    if not 1 <= len(said) <= 40:
        wrong.append(InvalidInput(field="title"))
    if len(told) > 400:
        wrong.append(InvalidInput(field="story"))
    if not goods or len(skus) != len(goods) or len(products) != 1:
        wrong.append(errors.NoGoods(field="goods"))
    wrong += [
        errors.BadDeposit(field=f"goods.{i}")
        for i, plan in enumerate(goods)
        if plan.sku_id in skus and not 0 < plan.deposit_minor < plan.price_minor <= skus[plan.sku_id].price_minor
    ]
    if not (1 <= threshold <= most <= rules.MOST_UNITS and 1 <= limit_each <= rules.MOST_EACH):
        wrong.append(errors.BadTerms(field="threshold"))
    if not (1 <= balance_days <= rules.LONGEST_BALANCE_DAYS and opens_at < closes_at and now < closes_at) or (
        promised_on < today(closes_at + timedelta(days=balance_days))
    ):
        wrong.append(errors.BadWindow(field="closes_at"))
    Errors.raise_any(wrong)
    made: Preorder = Preorder.objects.create(
        title=said, story=told, product_id=products.pop(), threshold=threshold, most=most, limit_each=limit_each,
        opens_at=opens_at, closes_at=closes_at, balance_days=balance_days, promised_on=promised_on, is_demo=is_demo,
    )  # fmt: skip
    PreorderGood.objects.bulk_create(
        PreorderGood(preorder=made, currency=skus[plan.sku_id].currency, **vars(plan)) for plan in goods
    )
    after = {"threshold": threshold, "most": most, "promised_on": promised_on.isoformat()}
    audit.write(actor=actor, action="preorders.open", target=f"preorder:{made.pk}", after=after, now=now)
    record(PreorderOpened(made.pk), now=now)
    return made
