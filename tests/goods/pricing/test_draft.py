"""Properties of the arithmetic, over any stack of rules."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quanzi.goods.pricing.draft import Draft, DraftLine
from quanzi.goods.pricing.quotes import Quote

WHY: dict[str, Any] = {"kind": "coupon", "label_zh": "优惠", "label_en": "Coupon", "source": "coupon:1"}

prices = st.integers(0, 10**9)
quantities = st.integers(1, 9_999)
lines = st.lists(st.tuples(prices, quantities), min_size=1, max_size=8)
amounts = st.one_of(st.integers(0, 5_000), st.integers(0, 10**13))
rules = st.lists(
    st.one_of(
        st.tuples(st.just("order"), amounts, st.none()),
        st.tuples(st.just("some"), amounts, st.integers(0, 7)),
        st.tuples(st.just("line"), amounts, st.integers(0, 7)),
        st.tuples(st.just("unit"), prices, st.integers(0, 7)),
        st.tuples(st.just("freight"), st.integers(0, 10_000), st.none()),
    ),
    max_size=12,
)


def draft_of(asked: list[tuple[int, int]]) -> Draft:
    made = [
        DraftLine(sku_id=n, product_id=n, title="", quantity=quantity, list_minor=price, cost_minor=1)
        for n, (price, quantity) in enumerate(asked)
    ]
    return Draft("CNY", made)


def apply(draft: Draft, rule: tuple[str, int, Any]) -> None:
    kind, amount, place = rule
    line = draft.lines[(place or 0) % len(draft.lines)]
    match kind:
        case "order":
            draft.take_off(amount, **WHY)
        case "some":
            draft.take_off(amount, **WHY, lines=draft.lines[: (place or 0) + 1])
        case "line":
            line.take_off(amount, **WHY)
        case "unit":
            line.lower_unit_to(amount, **WHY)
        case "freight":
            draft.set_freight(amount, label_zh="运费", label_en="Delivery", source="freight")


def assert_adds_up(answer: Quote) -> None:
    for line in answer.lines:
        assert 0 <= line.total_minor <= line.list_minor * line.quantity
        assert line.total_minor == line.list_minor * line.quantity + sum(step.amount_minor for step in line.steps)
        assert 0 <= line.unit_minor <= line.list_minor
        assert all(step.amount_minor < 0 for step in line.steps)
    assert answer.amount_minor == sum(line.total_minor for line in answer.lines) + answer.freight_minor >= 0
    assert answer.amount_minor == answer.goods_minor + answer.freight_minor - answer.discount_minor
    assert answer.amount_minor == answer.goods_minor + sum(step.amount_minor for step in answer.summary)


@given(lines, rules)
def test_no_stack_of_rules_goes_below_zero_or_loses_a_fen(
    asked: list[tuple[int, int]], stack: list[tuple[str, int, Any]]
) -> None:
    draft = draft_of(asked)
    for rule in stack:
        apply(draft, rule)
    assert_adds_up(draft.quote())


@given(lines, amounts)
def test_what_is_taken_off_the_order_is_the_sum_of_the_shares(asked: list[tuple[int, int]], amount: int) -> None:
    draft = draft_of(asked)
    before = draft.goods_minor
    taken = draft.take_off(amount, **WHY)
    assert taken == min(amount, before)
    assert draft.goods_minor == before - taken
    assert -sum(step.amount_minor for line in draft.lines for step in line.steps) == taken


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.integers(0, 99_999), min_size=1_000, max_size=1_000), st.lists(st.integers(0, 10_000_000), max_size=5)
)
def test_a_thousand_lines_of_stacked_rounding_add_up(line_prices: list[int], discounts: list[int]) -> None:
    draft = draft_of([(price, 1) for price in line_prices])
    for discount in discounts:
        draft.take_off(discount, **WHY)
    assert_adds_up(draft.quote())


def test_a_discount_on_some_lines_leaves_the_others_alone() -> None:
    draft = draft_of([(1_000, 1), (1_000, 1)])
    assert draft.take_off(3_000, **WHY, lines=[draft.lines[1]]) == 1_000
    assert [line.total_minor for line in draft.lines] == [1_000, 0]


def test_the_last_word_on_freight_counts() -> None:
    draft = draft_of([(1_000, 1)])
    draft.set_freight(400, label_zh="运费", label_en="Delivery", source="freight")
    draft.set_freight(0, label_zh="会员免运费", label_en="Members: free delivery", source="plan:1")
    answer = draft.quote()
    assert (answer.freight_minor, [step.source for step in answer.steps]) == (0, ["plan:1"])


@pytest.mark.parametrize("amount", [-1, 1.5, True])
def test_a_rule_that_would_make_goods_dearer_is_a_mistake_of_its_author(amount: Any) -> None:
    draft = draft_of([(1_000, 1)])
    for attempt in (draft.take_off, draft.lines[0].take_off, draft.lines[0].lower_unit_to):
        with pytest.raises(ValueError, match="not negative"):
            attempt(amount, **WHY)
    with pytest.raises(ValueError, match="not negative"):
        draft.set_freight(amount, label_zh="", label_en="", source="")
