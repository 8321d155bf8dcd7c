"""Freight by area, weight and count: the same on every page and in the order."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from quanzi.goods.catalogue.models import Sku
from quanzi.goods.pricing import errors, services, templates
from quanzi.goods.pricing.areas import Area, area_for, charge_minor, stem
from quanzi.goods.pricing.models import FreightTemplate
from quanzi.goods.pricing.services import Quote, QuoteLine
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.people.accounts.models import Address, Member
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.trade import make_address, make_order

NEAR = Area(regions=("310000", "330100"), first=1_000, first_minor=600, step=500, step_minor=100, free_from_minor=9_900)
FAR = Area(regions=("650000",), is_served=False)
ELSEWHERE = Area(first=1_000, first_minor=1_200, step=1_000, step_minor=800)


def test_a_place_belongs_to_the_narrowest_region_around_it() -> None:
    hangzhou = Area(regions=("330100",), first_minor=1)
    zhejiang = Area(regions=("330000",), first_minor=2)
    assert [stem(code) for code in ("330000", "330100", "330106")] == ["33", "3301", "330106"]
    assert area_for([zhejiang, hangzhou], "330106") == hangzhou
    assert area_for([zhejiang, hangzhou], "330205") == zhejiang
    assert area_for([zhejiang, hangzhou, ELSEWHERE], "110105") == ELSEWHERE
    assert area_for([zhejiang, hangzhou], "110105") is None


def test_without_a_place_the_price_is_that_of_everywhere_else_or_of_somewhere_that_is_served() -> None:
    assert area_for([NEAR, ELSEWHERE], "") == ELSEWHERE
    assert area_for([FAR, NEAR, Area(is_served=False)], "") == NEAR
    assert area_for([FAR], "") is None


@pytest.mark.parametrize(("weight_g", "costs"), [(0, 600), (1_000, 600), (1_001, 700), (1_500, 700), (1_501, 800)])
def test_a_step_that_has_begun_is_paid_whole(weight_g: int, costs: int) -> None:
    assert charge_minor(NEAR, weight_g=weight_g, units=1, goods_minor=9_899) == costs
    assert charge_minor(NEAR, weight_g=weight_g, units=1, goods_minor=9_900) == 0


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from([NEAR, ELSEWHERE, Area(by="count", first=2, step=3, step_minor=5)]),
)
def test_more_goods_never_cost_less_to_send_unless_they_make_it_free(weight_g: int, more: int, area: Area) -> None:
    less = charge_minor(area, weight_g=weight_g, units=weight_g, goods_minor=0)
    assert 0 <= less <= charge_minor(area, weight_g=weight_g + more, units=weight_g + more, goods_minor=0)


@pytest.fixture
def template(db: None) -> FreightTemplate:
    return templates.save_template(
        name="生鲜", areas=[NEAR, FAR, ELSEWHERE], is_default=True, actor="test", now=clock.now()
    )


def sent(
    sku: Sku, quantity: int, member: Member | None = None, address: Address | None = None, **context: Any
) -> Quote:
    return services.quote(
        lines=[QuoteLine(sku.pk, quantity)], member_id=member.pk if member else None,
        context={"method": "delivery", "address_id": address.pk if address else None, **context}, now=clock.now(),
    )  # fmt: skip


def at(region_code: str) -> tuple[Member, Address]:
    member = make_member()
    address = make_address(member)
    Address.objects.filter(pk=address.pk).update(region_code=region_code)
    return member, address


def test_the_freight_follows_the_address_and_the_weight(template: FreightTemplate) -> None:
    sku = make_sku(price_minor=1_000, weight_g=800)
    assert sent(sku, 1, *at("310101")).freight_minor == 600
    assert sent(sku, 2, *at("330106")).freight_minor == 800
    assert sent(sku, 2, *at("110105")).freight_minor == 2_000
    assert sent(sku, 10, *at("310101")).freight_minor == 0  # goods of 100 yuan
    assert "上海市" in sent(sku, 1, *at("310101")).steps[0].label_zh
    assert sent(sku, 1, method="pickup").freight_minor == 0
    assert sent(sku, 1).freight_minor == 1_200  # nobody chose an address yet


def test_somebody_elses_address_is_no_address(template: FreightTemplate) -> None:
    sku, (_, address) = make_sku(weight_g=1), at("310101")
    assert sent(sku, 1, make_member(), address).freight_minor == 1_200


def test_where_goods_are_not_sent_the_quote_says_so(template: FreightTemplate) -> None:
    with pytest.raises(errors.NotSentThere) as refused:
        sent(make_sku(), 1, *at("650102"))
    assert "新疆" in refused.value.params["region"]


def test_goods_of_several_templates_are_sent_for_the_sum(template: FreightTemplate) -> None:
    by_count = templates.save_template(
        name="图书",
        areas=[Area(by="count", first=1, first_minor=300, step=1, step_minor=100)],
        actor="test",
        now=clock.now(),
    )
    fresh, book = make_sku(price_minor=100, weight_g=900), make_sku(price_minor=100, weight_g=900)
    templates.assign_template(product_ids=[book.product_id], template_id=by_count.pk, actor="test", now=clock.now())
    member, address = at("310101")
    quote = services.quote(
        lines=[QuoteLine(fresh.pk, 1), QuoteLine(book.pk, 3)], member_id=member.pk,
        context={"method": "delivery", "address_id": address.pk}, now=clock.now(),
    )  # fmt: skip
    assert quote.freight_minor == 600 + 500
    templates.assign_template(product_ids=[book.product_id], template_id=None, actor="test", now=clock.now())
    assert sent(book, 3, member, address).freight_minor == 600 + 4 * 100


def test_an_order_pays_the_freight_of_its_address(template: FreightTemplate) -> None:
    sku = make_sku(price_minor=1_000, weight_g=1_200, stock_of=5)
    order = make_order(sku=sku)  # to Shanghai
    assert (order.freight_minor, order.amount_minor) == (700, 1_700)


def test_without_templates_nothing_changed_and_nothing_more_is_asked(django_assert_num_queries: Any, db: None) -> None:
    sku = make_sku(price_minor=1_000)
    with django_assert_num_queries(1):
        assert sent(sku, 1).freight_minor == 400


def test_a_template_is_checked_as_a_whole(db: None) -> None:
    wrong = [NEAR, Area(regions=("310000",)), Area(regions=("999999",)), Area(step=0), Area()]
    with pytest.raises(Errors) as refused:
        templates.save_template(name="", areas=wrong, actor="test", now=clock.now())
    assert {"name", "areas.1.regions", "areas.2", "areas.3", "areas.4.regions"} <= set(refused.value.fields)
    with pytest.raises(errors.NoSuchTemplate):
        templates.save_template(template_id=404, name="x", areas=[Area()], actor="test", now=clock.now())


def test_one_template_is_the_default(template: FreightTemplate) -> None:
    templates.save_template(name="新的", areas=[Area()], is_default=True, actor="test", now=clock.now())
    template.refresh_from_db()
    assert not template.is_default
    assert [row.name for row, _ in templates.templates()] == ["新的", "生鲜"]
    with pytest.raises(IntegrityError), transaction.atomic():
        FreightTemplate.objects.update(is_default=True)
