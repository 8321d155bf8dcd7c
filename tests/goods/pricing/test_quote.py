"""What goods cost, and why: every step named, nothing below zero, parts that add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.pricing import freight, ports
from quanzi.goods.pricing.errors import BadMethod, BadQuantity, NothingToPrice, NotOnSale, TooManyLines, UnknownGoods
from quanzi.goods.pricing.ports import Context, Draft, forget_price_rule, price_rules, register_price_rule
from quanzi.goods.pricing.services import Quote, QuoteLine, quote
from quanzi.kernel import clock
from quanzi.kernel.errors import Errors
from quanzi.kernel.money import CurrencyMismatch, MoneyOutOfRange
from tests.factories.goods import make_product, make_sku

pytestmark = pytest.mark.django_db
NOW = clock.now()


class TeamPrice:
    """A rule as an upper room would write it."""

    def __init__(self, unit_minor: int) -> None:
        self.unit_minor = unit_minor

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        if "deal_id" in context:
            for line in draft.lines:
                line.lower_unit_to(
                    self.unit_minor,
                    kind="deal",
                    label_zh="拼团价",
                    label_en="Group price",
                    source=f"deal:{context['deal_id']}",
                )


class Coupon:
    def __init__(self, amount_minor: int) -> None:
        self.amount_minor = amount_minor

    def apply(self, draft: Draft, member_id: int | None, context: Context, now: datetime, /) -> None:
        draft.take_off(self.amount_minor, kind="coupon", label_zh="优惠券", label_en="Coupon", source="coupon:1")


@pytest.fixture(autouse=True)
def only_freight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules of upper rooms have their own tests."""
    monkeypatch.setattr(ports, "_rules", [(freight.ORDER, freight.FREIGHT)])


@pytest.fixture
def team_price() -> Iterator[None]:
    rule = TeamPrice(2_990)
    register_price_rule(rule, 100)
    yield
    forget_price_rule(rule)


@pytest.fixture
def coupon() -> Iterator[None]:
    rule = Coupon(1_000)
    register_price_rule(rule, 300)
    yield
    forget_price_rule(rule)


def ask(*skus: tuple[Any, Any], **context: Any) -> Quote:
    return quote(
        lines=[QuoteLine(sku_id, quantity) for sku_id, quantity in skus], member_id=None, context=context, now=NOW
    )


def assert_quote_adds_up(answer: Quote) -> None:
    for line in answer.lines:
        assert line.total_minor == line.list_minor * line.quantity + sum(step.amount_minor for step in line.steps) >= 0
    assert answer.goods_minor == sum(line.list_minor * line.quantity for line in answer.lines)
    assert answer.freight_minor == sum(step.amount_minor for step in answer.steps)
    assert answer.discount_minor == sum(line.discount_minor for line in answer.lines)
    assert answer.amount_minor == sum(line.total_minor for line in answer.lines) + answer.freight_minor
    assert answer.amount_minor == answer.goods_minor + answer.freight_minor - answer.discount_minor >= 0
    assert answer.amount_minor == answer.goods_minor + sum(step.amount_minor for step in answer.summary)


def test_list_price_is_the_answer_when_no_rule_applies() -> None:
    sku = make_sku(price_minor=3_990, cost_minor=2_000)
    answer = ask((sku.id, 2))
    (line,) = answer.lines
    assert (line.title, line.list_minor, line.unit_minor, line.total_minor, line.cost_minor, line.steps) == (
        "阳山水蜜桃 · 5 斤",
        3_990,
        3_990,
        7_980,
        4_000,
        (),
    )
    assert (answer.goods_minor, answer.freight_minor, answer.discount_minor, str(answer.amount)) == (
        7_980,
        0,
        0,
        "79.80",
    )
    assert_quote_adds_up(answer)


@pytest.mark.parametrize(
    ("method", "quantity", "freight", "label"),
    [
        ("delivery", 2, 400, "Delivery"),
        ("delivery", 3, 0, "Free delivery from 99.00"),
        ("pickup", 1, 0, "Pickup, no delivery fee"),
    ],
)
def test_freight_is_named_once_the_buyer_chose_how_the_goods_come(
    method: str, quantity: int, freight: int, label: str
) -> None:
    answer = ask((make_sku(price_minor=3_990).id, quantity), method=method)
    assert answer.freight_minor == freight
    assert [(step.kind, step.label_en, step.amount_minor) for step in answer.steps] == [("freight", label, freight)]
    assert_quote_adds_up(answer)


def test_the_merchant_sets_the_freight(settings) -> None:  # type: ignore[no-untyped-def]
    settings.QUANZI_FREIGHT_MINOR = 800
    settings.QUANZI_FREIGHT_FREE_FROM_MINOR = 20_000
    assert ask((make_sku(price_minor=3_990).id, 3), method="delivery").freight_minor == 800


def test_an_unknown_way_of_delivery_is_refused() -> None:
    with pytest.raises(BadMethod) as refused:
        ask((make_sku().id, 1), method="drone")
    assert list(refused.value.fields) == ["method"]


def test_rules_stack_in_their_order_and_each_names_itself(team_price: None, coupon: None) -> None:
    peach, pear = make_sku(price_minor=3_990), make_sku(price_minor=1_990)
    answer = ask((peach.id, 2), (pear.id, 1), deal_id=3, method="delivery")
    first, second = answer.lines
    assert [(step.kind, step.amount_minor, step.source) for step in first.steps] == [
        ("deal", -2_000, "deal:3"),
        ("coupon", -751, "coupon:1"),
    ]
    assert [(step.kind, step.amount_minor) for step in second.steps] == [("coupon", -249)]
    assert (first.unit_minor, first.total_minor, second.total_minor) == (2_990, 5_229, 1_741)
    assert [(step.kind, step.amount_minor) for step in answer.summary] == [
        ("deal", -2_000),
        ("coupon", -1_000),
        ("freight", 400),
    ]
    assert_quote_adds_up(answer)


def test_a_deal_never_makes_goods_dearer(team_price: None) -> None:
    answer = ask((make_sku(price_minor=1_000).id, 1), deal_id=3)
    assert (answer.amount_minor, answer.lines[0].steps) == (1_000, ())


def test_a_coupon_above_the_total_takes_the_total(coupon: None) -> None:
    answer = ask((make_sku(price_minor=300).id, 2))
    assert (answer.amount_minor, answer.discount_minor) == (0, 600)
    assert_quote_adds_up(answer)


def test_free_goods_cost_nothing_and_need_no_share(coupon: None) -> None:
    answer = ask((make_sku(price_minor=0).id, 1), method="pickup")
    assert answer.amount_minor == 0
    assert_quote_adds_up(answer)


def test_freight_counts_what_is_paid_for_the_goods(coupon: None) -> None:
    answer = ask((make_sku(price_minor=10_000).id, 1), method="delivery")
    assert (answer.freight_minor, answer.amount_minor) == (400, 9_400)


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 2**63, 0.5, 1e309, float("nan"), "1", "１２", "1,000", True, None])
def test_quantities_nobody_can_mean_are_refused_with_their_field(quantity: object) -> None:
    with pytest.raises(BadQuantity) as refused:
        ask((make_sku().id, quantity))
    assert list(refused.value.fields) == ["lines.0.quantity"]
    assert refused.value.status == 422


def test_every_line_that_cannot_be_sold_is_named_at_once() -> None:
    draft, off, good = (
        make_sku(on_sale=False),
        make_sku(is_active=False, product=make_product(on_sale=True)),
        make_sku(),
    )
    with pytest.raises(Errors) as refused:
        ask((draft.id, 1), (off.id, 1), (2**40, 1), (good.id, 0), (good.id, 1))
    kinds = {field: type(error) for field, error in refused.value.fields.items()}
    assert kinds == {
        "lines.0.sku_id": NotOnSale,
        "lines.1.sku_id": NotOnSale,
        "lines.2.sku_id": UnknownGoods,
        "lines.3.quantity": BadQuantity,
    }


def test_a_paused_product_has_no_price() -> None:
    sku = make_sku()
    catalogue.pause(product=sku.product, actor="staff:0", now=NOW)
    with pytest.raises(NotOnSale):
        ask((sku.id, 1))


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(NothingToPrice):
        ask()
    with pytest.raises(TooManyLines):
        ask(*[(1, 1)] * 1_001)


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(CurrencyMismatch):
        ask((make_sku().id, 1), (make_sku(currency="USD").id, 1))


def test_a_sum_beyond_the_range_of_money_is_refused() -> None:
    dear = make_sku(price_minor=10**9)
    with pytest.raises(MoneyOutOfRange):
        ask(*[(dear.id, 9_999)] * 101)


def test_a_price_that_changed_is_the_price_from_then_on() -> None:
    sku = make_sku(price_minor=3_990)
    catalogue.change_price(sku=sku, price_minor=4_500, actor="staff:0", now=NOW)
    assert ask((sku.id, 1)).amount_minor == 4_500


def test_a_quote_needs_one_query_for_one_line_and_for_twenty(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    skus: list[Sku] = [make_sku() for _ in range(20)]
    for some in (skus[:1], skus):
        with django_assert_num_queries(1):
            ask(*[(sku.id, 1) for sku in some], method="delivery")


def test_a_rule_registered_twice_applies_once() -> None:
    rule = Coupon(100)
    register_price_rule(rule, 300)
    register_price_rule(rule, 300)
    try:
        assert price_rules().count(rule) == 1
        assert ask((make_sku(price_minor=1_000).id, 1)).discount_minor == 100
    finally:
        forget_price_rule(rule)
    assert rule not in price_rules()
