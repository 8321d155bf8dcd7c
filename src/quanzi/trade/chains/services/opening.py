"""Opening a chain: goods, a place, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from quanzi.base.audit import services as audit
from quanzi.base.events.services import record
from quanzi.community.circles.models import Circle
from quanzi.goods.catalogue.models import ProductState, Sku
from quanzi.kernel.errors import DomainError, Errors
from quanzi.kernel.ids import new_code
from quanzi.people.accounts.models import Member
from quanzi.trade.chains import errors, policies, rules
from quanzi.trade.chains.events import ChainOpened
from quanzi.trade.chains.models import Chain, ChainGood
from quanzi.trade.sales.errors import PointNeeded
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.sales.rules import clean


@dataclass(frozen=True)
class Good:
    """A variant of the list; price_minor: None for the list price, otherwise set by the merchant's staff."""

    sku_id: int
    price_minor: int | None = None


@transaction.atomic
def open_chain(
    *,
    circle: Circle,
    opener: Member,
    title: str,
    note: str = "",
    goods: Sequence[Good],
    point_id: int,
    closes_at: datetime,
    pay_hours: int = 24,
    now: datetime,
) -> Chain:
    """Let the people of a circle sign up for these goods until `closes_at`, to be picked up at one point.

    pay_hours: how long after the closing a payment may come. Raises MayNotOpen, PriceIsSet, PointNeeded, and Errors with
    everything that the form can repair.
    """
    if not policies.may_open(opener, circle):
        raise errors.MayNotOpen()
    if any(good.price_minor is not None for good in goods) and not policies.may_set_prices(opener):
        raise errors.PriceIsSet()
    if not PickupPoint.objects.filter(pk=point_id, is_open=True).exists():
        raise PointNeeded(field="point")
    prices = _prices(goods)
    title = clean(title)
    problems: list[DomainError] = []
    if not 1 <= len(title) <= 60:
        problems.append(errors.TitleNeeded(field="title", most=60))
    if not now < closes_at <= now + rules.LONGEST:
        problems.append(errors.BadChainTime(field="closes_at", days=rules.LONGEST.days))
    if not rules.PAY_HOURS[0] <= pay_hours <= rules.PAY_HOURS[1]:
        problems.append(errors.BadPayHours(field="pay_hours", least=rules.PAY_HOURS[0], most=rules.PAY_HOURS[1]))
    if not 1 <= len(prices) <= rules.MOST_GOODS:
        problems.append(errors.NothingInChain(field="goods", most=rules.MOST_GOODS))
    Errors.raise_any(problems)
    chain = Chain.objects.create(
        code=new_code(),
        circle=circle,
        opener=opener,
        title=title,
        note=clean(note)[:300],
        point_id=point_id,
        opened_at=now,
        closes_at=closes_at,
        pay_until=rules.pay_until(closes_at=closes_at, pay_hours=pay_hours),
    )
    ChainGood.objects.bulk_create(
        [ChainGood(chain=chain, sku_id=sku_id, price_minor=price) for sku_id, price in prices.items()]
    )
    audit.write(
        actor=opener, action="chain.opened", target=f"chain:{chain.pk}", after={"prices": list(prices.items())}, now=now
    )
    record(ChainOpened(chain_id=chain.pk, circle_id=circle.pk, opener_id=opener.pk), now=now)
    return chain


def _prices(goods: Sequence[Good]) -> dict[int, int]:
    """Price of one unit by variant, never above the list price. Raises NotInChain for what is not on sale."""
    asked = {good.sku_id: good.price_minor for good in goods}
    on_sale = Sku.objects.filter(pk__in=asked, is_active=True, product__state=ProductState.ON_SALE)
    listed = dict(on_sale.values_list("pk", "price_minor"))
    if len(listed) != len(asked):
        raise errors.NotInChain(field="goods")
    return {sku_id: min(listed[sku_id], listed[sku_id] if price is None else price) for sku_id, price in asked.items()}
