"""One spelling, words, sounds: without a database."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quanzi.growth.searching.asking import Vocabulary, read
from quanzi.growth.searching.folding import excerpt, fold, pieces
from quanzi.growth.searching.words import cut, distinct, heard, name_keys, slips, sound


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("有機番茄", "有机番茄"),
        ("Café　ＴＯＭＡＴＯ", "cafe tomato"),
        ("蒸了２０分鐘，真好！", "蒸了20分钟 真好"),
        ("  ", ""),
        ("%_\\'\x00", ""),
    ],
)
def test_what_reads_the_same_is_spelled_the_same(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=3), max_size=3))
@example("ﬁne 有機ﬁ", ["fi", "有机"])
@settings(max_examples=60, deadline=None)
def test_marking_a_text_changes_no_letter_of_it(text: str, words: list[str]) -> None:
    assert "".join(piece.text for piece in pieces(text, [fold(word) for word in words])) == text


def test_words_are_marked_as_they_were_written() -> None:
    marked = [piece.text for piece in pieces("有機番茄 and Tomatoes", ["番茄", "tomato"]) if piece.is_hit]
    assert marked == ["番茄", "Tomato"]
    assert [piece.text for piece in pieces("番茄", ["番茄"]) if piece.is_hit] == ["番茄"]
    assert not [piece for piece in pieces("automatic", ["tom"]) if piece.is_hit], "letters inside a word are not it"


def test_an_excerpt_shows_where_the_word_stands() -> None:
    text = "很长的开头" * 40 + "减肥" + "后面" * 40
    assert "减肥" in excerpt(text, ["减肥"])
    assert excerpt("短", ["无"]) == "短"


def test_the_merchants_words_are_not_cut() -> None:
    assert cut("锦绣邻里番茄", ("锦绣邻里",)) == ["锦绣邻里", "番茄"]


def test_chinese_is_found_by_its_sound_its_initials_and_as_many_say_it() -> None:
    keys = distinct(name_keys("重庆火锅"))
    assert {".conqinhuoguo", ".huoguo", ";cqhg", ";hg"} <= set(keys)
    assert sound("蕃茄") == sound("番茄")
    assert sound("中") in heard("zhong") and sound("中") in heard("zong")


def test_words_with_one_slip_share_a_key() -> None:
    for slip in ("tomto", "tomatto", "tomaot", "tomqto"):
        assert {slip, *slips(slip)} & {"tomato", *slips("tomato")}, slip
    assert not {"potato", *slips("potato")} & {"tomato", *slips("tomato")}


def test_what_is_typed_is_read_word_by_word_with_other_words_for_the_same() -> None:
    wanted = read("有機西红柿 soup", Vocabulary(("西红柿", "番茄"), {"西红柿": ("番茄",)}))
    assert [run for run, _ in wanted.runs] == ["有机西红柿", "soup"]
    assert {"西红柿", "番茄", "有机", "soup"} <= set(wanted.words)
    assert read("的", Vocabulary()).runs and read("、。", Vocabulary()).is_empty
