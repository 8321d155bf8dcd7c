"""Money is integers, and its parts always sum to the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanzi.kernel.errors import InvalidInput
from quanzi.kernel.money import (
    LIMIT_MINOR,
    CurrencyMismatch,
    Money,
    MoneyOutOfRange,
    NotMoney,
    percent_bp,
    share,
    split,
    total,
)

minors = st.integers(-(LIMIT_MINOR - 1), LIMIT_MINOR - 1)
small = st.integers(-(10**9), 10**9)
weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=50).filter(any)


@given(st.integers(-(10**12), 10**12), weights)
def test_split_loses_nothing(whole, parts):
    assert sum(split(whole, parts)) == whole


@given(st.integers(0, 10**12), weights)
def test_split_gives_each_its_share_to_within_one_unit_and_nothing_to_weight_zero(whole, parts):
    for got, weight in zip(split(whole, parts), parts, strict=True):
        assert abs(got * sum(parts) - whole * weight) <= sum(parts)
        assert weight or got == 0


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10_000), min_size=2, max_size=30))
def test_split_never_makes_a_share_of_something_negative(whole, parts):
    assert min(split(whole, parts)) >= 0


@pytest.mark.parametrize("parts", [[], [0, 0], [3, -1]])
def test_split_refuses_weights_without_meaning(parts):
    with pytest.raises(ValueError, match="weights"):
        split(100, parts)


@given(small, weights)
def test_shares_of_money_sum_to_it_in_its_currency(minor, parts):
    shares = share(Money(minor, "USD"), parts)
    assert total(shares) == Money(minor, "USD")


@given(minors)
def test_what_money_prints_it_also_reads(minor):
    for currency in ("CNY", "JPY"):
        money = Money(minor, currency)
        assert Money.parse(str(money), currency) == money


@given(small, small, small)
def test_adding_money_is_adding_its_minor_units(a, b, c):
    assert (Money(a) + Money(b)) + Money(c) == Money(a) + (Money(b) + Money(c)) == Money(a + b + c)
    assert Money(a) - Money(b) == -(Money(b) - Money(a))
    assert (Money(a) < Money(b)) == (a < b)
    assert (Money(a) <= Money(b)) == (a <= b)
    assert (Money(a) >= Money(b)) == (a >= b)
    assert (Money(a) > Money(b)) == (a > b)


@given(small, st.integers(-1000, 1000))
def test_multiplying_counts_pieces(minor, times):
    assert Money(minor) * times == times * Money(minor) == Money(minor * times)


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_a_percentage_rounds_down_and_is_never_more_than_the_whole(minor, rate_bp):
    part = percent_bp(minor, rate_bp)
    assert 0 <= part <= minor
    assert part * 10_000 <= minor * rate_bp < (part + 1) * 10_000


@pytest.mark.parametrize(
    "text",
    [
        *["１２", "٣", "1,000", "1，000", "1 000", "1_000", "0.005", "1.2.3", ".5", "5.", "01", "+1", "-", "--1"],
        *["1e309", "1E2", "NaN", "inf", "0x10", "", " ", "12.50元", "¥12", "12.50\n", "12345678901234567890"],
    ],
)
def test_text_that_could_mean_something_else_is_refused(text):
    with pytest.raises(NotMoney) as caught:
        Money.parse(text, field="amount")
    assert caught.value.fields == {"amount": caught.value}


@pytest.mark.parametrize("text", ["9007199254740993", "10000000000000", "9999999999999.999"])
def test_amounts_beyond_the_limit_are_refused(text):
    with pytest.raises((MoneyOutOfRange, NotMoney)):
        Money.parse(text)


@pytest.mark.parametrize(
    ("text", "minor"), [("0", 0), ("-0", 0), ("12.5", 1250), ("12.50", 1250), (" 3 ", 300), ("-0.01", -1)]
)
def test_plain_amounts_are_read(text, minor):
    assert Money.parse(text) == Money(minor)


@pytest.mark.parametrize("wrong", [1.0, True, "1", None, Decimal(1)])
def test_money_counts_whole_units_only(wrong):
    with pytest.raises(TypeError):
        Money(wrong)
    with pytest.raises(TypeError):
        Money(1) * wrong


def test_two_currencies_are_never_combined_or_compared():
    for combine in (Money.__add__, Money.__sub__, Money.__lt__, Money.__ge__):
        with pytest.raises(CurrencyMismatch):
            combine(Money(1), Money(1, "USD"))
    assert Money(1) != Money(1, "USD")


def test_adding_something_else_is_a_mistake_of_the_program():
    with pytest.raises(TypeError):
        Money(1) + 1
    with pytest.raises(TypeError):
        assert Money(1) < 1


def test_an_unknown_currency_is_refused():
    with pytest.raises(InvalidInput):
        Money(1, "XXX")
    with pytest.raises(InvalidInput):
        Money.parse("1", "XXX")


def test_yen_have_no_decimals():
    assert str(Money(12, "JPY")) == "12"
    with pytest.raises(NotMoney):
        Money.parse("12.5", "JPY")


def test_zero_is_falsy_and_the_sum_of_nothing():
    assert not Money.zero() and Money(1)
    assert total([]) == Money.zero()
    assert Money(1250).decimal == Decimal("12.50")
