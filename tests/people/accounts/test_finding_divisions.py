"""Regions by the names that people use."""

import pytest

from quanzi.people.accounts.divisions import find


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("上海", "310000"),
        ("浙江省", "330000"),
        ("杭州", "330100"),
        ("新疆", "650000"),
        ("火星", ""),
        ("海", ""),
        (" 北京 ", "110000"),
    ],
)
def test_a_province_or_city_is_found_by_its_short_name_too(word: str, code: str) -> None:
    assert find(word) == code
