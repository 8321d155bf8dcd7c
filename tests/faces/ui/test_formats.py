"""Money, time and counts as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from quanzi.faces.ui import formats
from quanzi.kernel.money import Money

NOON = datetime(2026, 11, 19, 4, 0, tzinfo=UTC)  # Thursday 12:00 in Shanghai


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Shanghai."""
    return datetime(2026, 11, day, hour, minute, tzinfo=formats.SITE_ZONE)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (at(19, 14, 5), "今天 14:05", "Today 14:05"),
        (at(19, 20), "今晚 20:00", "Tonight 20:00"),
        (at(20, 16), "明天 16:00", "Tomorrow 16:00"),
        (at(20, 20), "明晚 20:00", "Tomorrow 20:00"),
        (at(18, 9, 2), "昨天 9:02", "Yesterday 9:02"),
        (at(21, 16), "周六 16:00", "Sat 16:00"),
        (at(25, 16), "周三 16:00", "Wed 16:00"),
        (at(26, 16), "11月26日", "26 Nov"),
    ],
)
def test_a_clock_time_is_said_as_people_say_it(moment: datetime, zh: str, en: str) -> None:
    assert formats.clock(moment, now=NOON, lang="zh-hans") == zh
    assert formats.clock(moment, now=NOON, lang="en") == en


def test_midnight_belongs_to_the_site_zone_and_not_to_utc() -> None:
    late = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)  # 00:30 on Friday in Shanghai
    assert formats.clock(late, now=NOON, lang="zh-hans") == "明天 0:30"


def test_a_sentence_in_english_starts_the_time_in_lower_case() -> None:
    assert formats.clock(at(19, 20), now=NOON, lang="en", mid=True) == "tonight 20:00"


def test_a_day_of_another_year_names_its_year() -> None:
    assert formats.day(date(2025, 11, 8), lang="zh-hans", now=NOON) == "2025年11月8日"
    assert formats.day(date(2025, 11, 8), lang="en", now=NOON) == "8 Nov 2025"
    assert formats.day(date(2026, 11, 20), lang="zh-hans", now=NOON, with_weekday=True) == "11月20日 周五"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.clock(datetime(2026, 11, 19, 4, 0), now=NOON, lang="en")  # noqa: DTZ001 - the mistake under test


def test_a_span_repeats_its_day_only_when_it_differs() -> None:
    assert formats.span(at(20, 16), at(20, 20), now=NOON, lang="zh-hans") == "明天 16:00–20:00"
    assert formats.span(at(20, 16), at(22, 20), now=NOON, lang="en") == "Tomorrow 16:00–sun 20:00".replace("sun", "Sun")


def test_money_has_separators_two_decimals_and_a_true_minus() -> None:
    assert formats.plain_money(Money(412630)) == "4,126.30"
    assert formats.plain_money(-600) == "−6.00"
    assert formats.plain_money(5, signed=True) == "+0.05"
    assert "4,126.30" in formats.money(Money(412630))
    assert formats.money(2600, short=True).endswith("26</span>")


@given(integers(min_value=-(10**14), max_value=10**14))
def test_written_money_reads_back_to_the_same_fen(minor: int) -> None:
    text = formats.plain_money(minor).replace(",", "").replace("−", "-").replace(".", "")
    assert int(text) == minor


@pytest.mark.parametrize("wrong", [True, None, "12", 1.5])
def test_what_is_not_an_amount_is_refused(wrong: object) -> None:
    with pytest.raises((TypeError, AttributeError)):
        formats.plain_money(wrong)


def test_rates_and_counts_are_written_plainly() -> None:
    assert formats.percent(9810) == "98.1%"
    assert formats.number(-19) == "−19"
    assert formats.number(386, signed=True) == "+386"
    assert formats.initial("  周姐") == "周"
    assert formats.initial("") == "·"


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (at(20, 0), "今天 24:00", "Today 24:00"),
        (at(21, 0), "明天 24:00", "Tomorrow 24:00"),
        (at(23, 0), "周日 24:00", "Sun 24:00"),
        (at(28, 0), "11月27日", "27 Nov"),
        (at(20, 20), "明晚 20:00", "Tomorrow 20:00"),
    ],
)
def test_what_ends_at_midnight_ends_on_the_day_that_was_said(moment: datetime, zh: str, en: str) -> None:
    assert formats.until(moment, now=NOON, lang="zh-hans") == zh
    assert formats.until(moment, now=NOON, lang="en") == en
    assert formats.until(at(28, 0), now=NOON, lang="zh-hans", always_time=True) == "11月27日 24:00"
    assert formats.last_day(at(21, 0), lang="zh-hans") == formats.last_day(at(20, 9), lang="zh-hans") == "11月20日"
    assert formats.span(at(20, 10), at(21, 0), now=NOON, lang="zh-hans") == "明天 10:00–24:00"
