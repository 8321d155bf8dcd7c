"""Names that look the same are the same to a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import text

from quanzi.kernel.lookalikes import looks_like, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alice", "Аlісе"),  # Cyrillic А, і, с, е
        ("Alice", "A l i c e"),
        ("Alice", "ＡＬＩＣＥ"),
        ("Alice", "Ⓐlice"),
        ("Alice", "Al\u200dice"),
        ("Alice", "Álicè"),
        ("Alice", "A1ice"),
        ("Alice", "𝒜𝓁𝒾𝒸ℯ"),
        ("Tom", "Torn"),
        ("圈子客服", "圈 子·客服"),
        ("圈子客服", "圈\ufe0f子客服"),
        ("王团长", "王團长"[:1] + "团长"),
        ("李己", "李已"),
        ("人民小店", "入民小店"),
        ("店主2026", "店主2О26"),
        ("⼈民", "人民"),  # the radical
    ],
)
def test_what_a_reader_cannot_tell_apart_has_one_skeleton(one: str, other: str) -> None:
    assert looks_like(one, other), (skeleton(one), skeleton(other))


@pytest.mark.parametrize(
    ("one", "other"), [("王芳", "王方"), ("Alice", "Alicia"), ("店主🌶", "店主🥬"), ("圈子", "圈子客服"), ("", "　")]
)
def test_names_that_differ_stay_different(one: str, other: str) -> None:
    assert not looks_like(one, other)


@given(text())
def test_a_skeleton_is_its_own_skeleton(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)
