"""A plan is made; its seeds are chosen by a job."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.jobs.services import enqueue
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.growth.spread import errors
from quanzi.growth.spread.models import Plan
from quanzi.growth.spread.rules import LEAST_DAYS, MOST_DAYS
from quanzi.kernel.errors import DomainError, Errors
from quanzi.people.accounts.models import Member

MOST_SAMPLES, MOST_MINOR = 500, 10**12


@transaction.atomic
def make_plan(
    *,
    name: str,
    product_id: int,
    samples: int,
    postage_minor: int = 0,
    budget_minor: int,
    days: int,
    actor: Member,
    now: datetime,
) -> Plan:
    """Plan so many samples of goods; whom to ask is counted by a job, which begins when this commits.

    postage_minor: what it costs to send one; with the cost of the goods, all samples must fit the budget. days: how long arrivals are counted.
    Raises every field that must be repaired: NameNeeded, NoSuchGoods, BadSamples, BeyondBudget, BadEnd.
    """
    name = name.replace("\x00", "").strip()
    sku = Sku.objects.filter(product_id=product_id, product__state=ProductState.ON_SALE, is_active=True).first()
    cost = postage_minor + (sku.cost_minor if sku is not None else 0)
    is_money = 0 <= postage_minor <= MOST_MINOR and 0 <= budget_minor <= MOST_MINOR
    checks: list[tuple[bool, DomainError]] = [
        (1 <= len(name) <= 80, errors.NameNeeded(field="name")),
        (sku is not None, errors.NoSuchGoods(field="product_id")),
        (1 <= samples <= MOST_SAMPLES, errors.BadSamples(field="samples")),
        (is_money and samples * cost <= budget_minor, errors.BeyondBudget(field="budget_minor")),
        (LEAST_DAYS <= days <= MOST_DAYS, errors.BadEnd(field="days")),
    ]
    Errors.raise_any([wrong for is_right, wrong in checks if not is_right])
    assert sku is not None
    plan = Plan.objects.create(
        name=name, sku=sku, samples=samples, unit_cost_minor=cost, budget_minor=budget_minor, currency=sku.currency,
        seed=int(now.timestamp()) % 2**31, made_by=actor, made_at=now, ends_at=now + timedelta(days=days),
    )  # fmt: skip
    audit.write(
        actor=actor, action="spread.plan", target=f"plan:{plan.pk}",
        after={"sku": sku.pk, "samples": samples, "budget_minor": budget_minor}, now=now,
    )  # fmt: skip
    enqueue("spread.count", plan_id=plan.pk, unique=f"spread:{plan.pk}", lock="spread")
    return plan
