"""Time comes from one place, which can be stopped and moved."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from quanzi.kernel import clock

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def test_the_clock_tells_aware_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_frozen_time_stands_still_until_moved_and_runs_again_afterwards():
    with clock.frozen(NOON) as hands:
        assert clock.now() == clock.now() == NOON
        assert hands.move(timedelta(days=2)) == clock.now() == NOON + timedelta(days=2)
        with clock.frozen(NOON):
            assert clock.now() == NOON
        assert clock.now() == NOON + timedelta(days=2)
    assert clock.now() > NOON + timedelta(days=-1)


def test_a_source_in_another_zone_is_told_in_utc():
    clock.set_source(lambda: NOON.astimezone(timezone(timedelta(hours=8))))
    try:
        assert clock.now() == NOON and clock.now().tzinfo is UTC
    finally:
        clock.set_source()


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        clock.Clock(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the mistake


def test_the_day_changes_at_midnight_of_the_site():
    assert clock.today(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert clock.today(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.local(NOON).hour == 12


def test_a_window_names_its_second_day_only_when_it_is_another():
    start = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert clock.between(start, start + timedelta(hours=3)) == "11-20 17:00–20:00"
    assert clock.between(start, start + timedelta(hours=20)) == "11-20 17:00 – 11-21 13:00"
