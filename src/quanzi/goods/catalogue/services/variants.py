"""Buyable variants and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events import services as events
from quanzi.goods.catalogue import rules
from quanzi.goods.catalogue.errors import CodeTaken, LastVariant
from quanzi.goods.catalogue.events import PriceChanged, SkuActivated
from quanzi.goods.catalogue.models import PriceChange, Product, ProductState, Sku
from quanzi.goods.catalogue.services.changes import refuse_unknown
from quanzi.kernel.errors import DomainError, Errors
from quanzi.kernel.money import Money

LIMITS = {"code": 40, "unit_note": 40}
MOST_WEIGHT_G = 10_000_000
EDITABLE = ("code", "options", "cost_minor", "weight_g", "unit_note", "is_active", "position")


@transaction.atomic
def add_sku(
    *,
    product: Product,
    code: str,
    options: Mapping[str, str] | None = None,
    price_minor: int,
    cost_minor: int = 0,
    currency: str = "CNY",
    weight_g: int = 0,
    unit_note: str = "",
    is_active: bool = True,
    position: int = 0,
    actor: str = "system",
    now: datetime,
) -> Sku:
    """A variant of a product, with the first line of its price history. price_minor, cost_minor: of one unit.

    Raises Errors, or the one refusal, with the fields to repair; UnknownCurrency.
    """
    Money.zero(currency)
    sku = Sku(
        product=product,
        code=code.strip(),
        options={} if options is None else options,
        price_minor=price_minor,
        cost_minor=cost_minor,
        currency=currency,
        weight_g=weight_g,
        unit_note=unit_note,
        is_active=is_active,
        position=position,
    )
    Errors.raise_any([*_problems(sku), *rules.price_problems(price_minor, "price_minor")])
    sku.save(force_insert=True)
    _record_price(sku, price_minor, actor=actor, now=now)
    audit.write(
        actor=actor,
        action="catalogue.add_sku",
        target=f"sku:{sku.id}",
        after={"price_minor": price_minor, **{field: getattr(sku, field) for field in EDITABLE}},
        now=now,
    )
    return sku


@transaction.atomic
def update_sku(*, sku: Sku, actor: str, now: datetime, **changes: Any) -> Sku:
    """Change some of EDITABLE; prices change through change_price. Raises as add_sku does, and LastVariant where a product on sale
    would have nothing left to sell."""
    refuse_unknown(changes, EDITABLE)
    if changes.get("is_active") is False:
        _keep_one(sku)
    sku = Sku.objects.select_for_update(of=("self",)).get(id=sku.id)
    before = {field: getattr(sku, field) for field in changes}
    for field, value in changes.items():
        setattr(sku, field, value)
    Errors.raise_any(_problems(sku))
    sku.save(update_fields=list(changes) or None)
    audit.write(
        actor=actor, action="catalogue.update_sku", target=f"sku:{sku.id}", before=before, after=changes, now=now
    )
    if sku.is_active and before.get("is_active") is False:
        events.record(SkuActivated(sku.id, sku.product_id), now=now)
    return sku


@transaction.atomic
def change_price(*, sku: Sku, price_minor: int, actor: str, now: datetime) -> Sku:
    """Charge another price from now on; placed orders keep theirs. The same price again changes nothing. Raises BadPrice."""
    Errors.raise_any(rules.price_problems(price_minor, "price_minor"))
    sku = Sku.objects.select_for_update(of=("self",)).get(id=sku.id)
    before = sku.price_minor
    if before == price_minor:
        return sku
    change = _record_price(sku, price_minor, actor=actor, now=now)
    sku.price_minor = price_minor
    sku.save(update_fields=["price_minor"])
    audit.write(
        actor=actor,
        action="catalogue.change_price",
        target=f"price_change:{change.id}",
        before={"sku": sku.id, "price_minor": before},
        after={"sku": sku.id, "price_minor": price_minor},
        now=now,
    )
    events.record(PriceChanged(sku.id, sku.product_id, before, price_minor, sku.currency), now=now)
    return sku


def _keep_one(sku: Sku) -> None:
    """The product is locked, so that two who take the last two variants off do not both succeed."""
    product = Product.objects.select_for_update(no_key=True).get(pk=sku.product_id)
    others = Sku.objects.filter(product=product, is_active=True).exclude(pk=sku.pk)
    if product.state == ProductState.ON_SALE and not others.exists():
        raise LastVariant()


def _record_price(sku: Sku, price_minor: int, *, actor: str, now: datetime) -> PriceChange:
    return PriceChange.objects.create(
        sku=sku, price_minor=price_minor, currency=sku.currency, changed_at=now, actor=actor
    )


def _problems(sku: Sku) -> list[DomainError]:
    problems = [
        *rules.text_problems({field: getattr(sku, field) for field in LIMITS}, LIMITS, ("code",)),
        *rules.option_problems(sku.options),
        *rules.price_problems(sku.cost_minor, "cost_minor"),
        *rules.number_problems(sku.weight_g, "weight_g", MOST_WEIGHT_G),
        *rules.number_problems(sku.position, "position", 1_000),
    ]
    if Sku.objects.filter(code=sku.code).exclude(id=sku.id).exists():
        problems.append(CodeTaken(field="code", value=sku.code))
    return problems
