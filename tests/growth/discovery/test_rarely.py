"""A page asks only for what its goods may have; what they have is never left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import pytest

from quanzi.base.films.models import Film
from quanzi.goods.catalogue.models import ProductFilm, Sku
from quanzi.goods.catalogue.queries import film_of_goods
from quanzi.goods.pricing.building import set_build_up, shown
from quanzi.growth.discovery.queries.rarely import rare_of
from quanzi.kernel import clock
from quanzi.trade.deals.queries import deal_of_product
from quanzi.trade.launches.models import BrandDay, DayGood
from quanzi.trade.launches.queries import day_of_sku
from quanzi.trade.preorders.queries import for_product
from tests.factories.deals import make_deal
from tests.factories.goods import make_maker, make_sku
from tests.factories.preorders import make_preorder

pytestmark = pytest.mark.django_db


def film(sku: Sku) -> object:
    made = Film.objects.create(code="f" * 32, owner_id=1, key="test", size=1, created_at=clock.now())
    ProductFilm.objects.create(product=sku.product, film=made, words="这是桃")
    return film_of_goods(sku.product_id)


def deal(sku: Sku) -> object:
    make_deal(sku=sku)
    return deal_of_product(product_id=sku.product_id, now=clock.now())


def batch(sku: Sku) -> object:
    make_preorder(sku=sku)
    return for_product(product_id=sku.product_id, now=clock.now())


def day(sku: Sku) -> object:
    begins = clock.now() + timedelta(hours=1)
    made = BrandDay.objects.create(
        slug="day", maker=make_maker(), title="专场", starts_at=begins, ends_at=begins + timedelta(hours=5)
    )
    DayGood.objects.create(day=made, sku=sku, price_minor=100, currency="CNY")
    return day_of_sku(sku_id=sku.pk, now=clock.now())


def build_up(sku: Sku) -> object:
    parts = {"goods_minor": 2_000, "delivery_minor": 600, "leader_minor": 200}
    set_build_up(sku_id=sku.pk, **parts, is_shown=True, actor="test", now=clock.now())
    return shown([sku.pk])


@pytest.mark.parametrize("give", [film, deal, batch, day, build_up])
def test_what_goods_have_is_said_and_nothing_else(give: Callable[[Sku], object]) -> None:
    sku, other = make_sku(price_minor=10_000, stock_of=50), make_sku()
    assert not any(asdict(rare_of(sku.product_id, now=clock.now())).values())
    assert give(sku), "the room that is asked has it"
    found = asdict(rare_of(sku.product_id, now=clock.now()))
    assert [name for name, has in found.items() if has] == [give.__name__]
    assert not any(asdict(rare_of(other.product_id, now=clock.now())).values())
