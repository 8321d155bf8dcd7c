"""What was read holds until somebody writes, or a second has passed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction

from quanzi.base import unwritten
from quanzi.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def time() -> Iterator[clock.Clock]:
    """A moment that stands still."""
    unwritten.forget()
    stands = clock.Clock(NOON)
    clock.set_source(stands)
    yield stands
    clock.set_source()


@contextmanager
def somebody_else() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        yield other


class Reading:
    """Counts how often it is read."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def stays(read: Reading) -> int:
    """What is read, twice the same. Other processes of a run write into this server too, so it is tried until none did in between."""
    for _ in range(1_000):
        seen = unwritten.once("page", read)
        if unwritten.once("page", read) == seen:
            return seen
    raise AssertionError("it is read again each time")


def test_it_is_read_once_while_nobody_writes(time: clock.Clock) -> None:
    read = Reading()
    seen = stays(read)
    assert unwritten.once("another page", read) == seen + 1


def test_it_is_read_again_after_a_write_of_somebody_else(time: clock.Clock) -> None:
    read = Reading()
    unwritten.once("page", read)
    with somebody_else() as other:
        other.execute("CREATE TEMP TABLE note (x int)")
        seen = stays(read)  # not committed: nobody sees it
        other.commit()
    assert unwritten.once("page", read) > seen


def test_it_is_read_again_when_an_older_transaction_commits_later(time: clock.Clock) -> None:
    read = Reading()
    with somebody_else() as older, somebody_else() as newer:
        older.execute("CREATE TEMP TABLE note (x int)")
        newer.execute("CREATE TEMP TABLE note (x int)")
        newer.commit()
        seen = stays(read)
        older.commit()
        assert unwritten.once("page", read) > seen


def test_a_second_later_it_is_read_again(time: clock.Clock) -> None:
    read = Reading()
    seen = stays(read)
    time.at = NOON + timedelta(seconds=1)
    assert unwritten.once("page", read) > seen


def test_each_thing_has_a_second_of_its_own(time: clock.Clock) -> None:
    for _ in range(1_000):  # others write into this server too
        time.at = NOON
        unwritten.forget()
        early, late = Reading(), Reading()
        unwritten.once("early", early)
        time.at = NOON + timedelta(milliseconds=600)
        _, mark = unwritten.marked("late", late)
        time.at = NOON + timedelta(milliseconds=1_100)
        seen = unwritten.once("early", early), unwritten.once("late", late)
        if unwritten.marked("late", late)[1] == mark:
            assert seen == (2, 1)
            return
    raise AssertionError("somebody wrote each time")


def test_what_no_longer_holds_is_let_go(time: clock.Clock) -> None:
    for place in range(50):
        unwritten.once(("old", place), Reading())
    time.at += timedelta(seconds=2)
    unwritten.once("new", Reading())
    assert len(unwritten._age.known) == 1


def test_it_never_keeps_more_than_so_many(time: clock.Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unwritten, "MOST", 10)
    for place in range(50):
        unwritten.once(place, Reading())
        assert len(unwritten._age.known) <= 10


def test_a_clock_that_is_set_back_keeps_nothing_from_the_future(time: clock.Clock) -> None:
    read = Reading()
    seen = stays(read)
    time.at = NOON - timedelta(milliseconds=1)
    assert unwritten.once("page", read) > seen


def test_in_a_transaction_it_is_read_each_time(time: clock.Clock) -> None:
    read = Reading()
    with transaction.atomic():
        assert [unwritten.once("page", read) for _ in range(2)] == [1, 2]


def test_a_snapshot_has_the_mark_of_what_was_read_before_it_unless_somebody_wrote(time: clock.Clock) -> None:
    read = Reading()
    for _ in range(1_000):  # others write into this server too
        seen, mark = unwritten.marked("page", read)
        with unwritten.one_snapshot() as snapshot:
            again, inside = unwritten.marked("page", read)
        if snapshot == mark:
            break
    assert (again, inside) == (seen, snapshot), "nobody wrote, so it is not read again"
    with somebody_else() as other:
        other.execute("CREATE TEMP TABLE note (x int)")
        other.commit()
    with unwritten.one_snapshot() as snapshot:
        assert snapshot != mark
        assert unwritten.once("page", read) > seen


def test_what_a_snapshot_read_is_nothing_to_those_who_see_more(time: clock.Clock) -> None:
    read = Reading()
    with unwritten.one_snapshot(), somebody_else() as other:
        other.execute("CREATE TEMP TABLE note (x int)")
        other.commit()
        old = unwritten.once("page", read)
        assert unwritten.once("page", read) == old
    assert unwritten.once("page", read) > old


def test_what_is_kept_does_not_grow_without_end(time: clock.Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unwritten, "MOST", 3)
    read = Reading()
    for key in range(10):
        unwritten.once(key, read)
    assert len(unwritten._age.known) <= 3
