"""Refusals carry a code and values; identifiers are readable and unguessable."""

import re
from datetime import UTC, datetime

import pytest

from quanzi.kernel import ids
from quanzi.kernel.errors import DomainError, Errors, InvalidInput, NotAllowed, NotFound


class Short(DomainError):
    code = "short"
    message = "Only {left} left of {name}."


def test_a_refusal_says_what_and_keeps_its_values_for_translation():
    error = Short(left=2, name="pears")
    assert str(error) == error.text == "Only 2 left of pears."
    assert error.params == {"left": 2, "name": "pears"}
    assert error.status == 409


def test_a_forgotten_value_stays_readable():
    assert str(Short(left=2)) == "Only 2 left of {name}."


def test_statuses_follow_the_kind_of_refusal():
    assert (NotAllowed().status, NotFound().status, InvalidInput().status) == (403, 404, 422)


def test_several_refusals_travel_together_by_field():
    first, second = InvalidInput(field="name"), InvalidInput(field="price")
    with pytest.raises(Errors) as caught:
        Errors.raise_any([first, second])
    assert list(caught.value) == [first, second]
    assert caught.value.fields == {"name": first, "price": second}


def test_one_refusal_is_raised_as_itself_and_none_is_no_refusal():
    Errors.raise_any([])
    only = InvalidInput(field="name")
    with pytest.raises(InvalidInput) as caught:
        Errors.raise_any([only])
    assert caught.value is only


def test_codes_avoid_letters_that_look_like_others():
    code = ids.new_code(200)
    assert len(code) == 200 and not set(code) & set("ILOU")


def test_a_code_typed_carelessly_is_still_read():
    assert ids.read_code("7k3q-x9 oil") == "7K3QX9011"


def test_tokens_differ_and_fit_into_addresses():
    tokens = {ids.new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


def test_an_order_number_begins_with_the_day_at_the_shop():
    number = ids.order_number(datetime(2026, 11, 21, 20, 0, tzinfo=UTC))
    assert re.fullmatch(r"261122-[0-9A-Z]{6}", number)
