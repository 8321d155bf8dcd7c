"""Plans of a connection: kept over refusals, bounded, begun with the transaction, made anew when tables changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import CheckViolation, FeatureNotSupported

from quanzi.base import planned, prepared

SLOW = """WITH asked AS (SELECT clock_timestamp() AS at), thought AS (SELECT pg_sleep(0.4))
    SELECT extract(epoch FROM asked.at), extract(epoch FROM clock_timestamp()) FROM asked, thought"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def table() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept_plan (one int CHECK (one > 0))")
    yield "kept_plan"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kept_plan")


def _plans(like: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement LIKE %s ORDER BY name", [like])
        return [name for (name,) in cursor.fetchall()]


def test_a_refusal_forgets_no_plan() -> None:
    assert planned.value("SELECT 'stays', %s::int", [7]) == "stays"
    before = _plans("SELECT 'stays'%")
    with pytest.raises(RuntimeError), transaction.atomic():
        planned.rows("SELECT 'stays', %s::int", [8])
        raise RuntimeError
    assert planned.rows("SELECT 'stays', %s::int", [9]) == [("stays", 9)]
    assert len(before) == 1
    assert _plans("SELECT 'stays'%") == before


def test_the_plan_that_was_asked_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setattr(prepared, "MOST", 2)
    for place in (0, 1, 0, 2):
        planned.rows(f"SELECT 'few', {place}")
    assert len(_plans("SELECT 'few'%")) == 2
    assert planned.rows("SELECT 'few', 1") == [("few", 1)]
    assert len(_plans("SELECT 'few', 0")) == 0


def test_a_transaction_begins_with_its_first_statement(table: str) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        planned.rows(f"INSERT INTO {table} VALUES (%s) RETURNING one", [3])
        raise RuntimeError
    assert planned.value(f"SELECT count(*) FROM {table}") == 0


def test_a_plan_of_a_changed_table_is_made_anew(table: str) -> None:
    asked = f"SELECT * FROM {table}"
    assert planned.rows(asked) == []
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD two text DEFAULT 'new'")
        cursor.execute(f"INSERT INTO {table} VALUES (1)")
    assert planned.rows(asked) == [(1, "new")]


def test_within_a_transaction_a_changed_table_is_told_and_the_next_question_finds_it(table: str) -> None:
    asked = f"SELECT * FROM {table}"
    planned.rows(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD two text")
    with pytest.raises(Exception) as told, transaction.atomic():
        planned.value("SELECT 1")
        planned.rows(asked)
    assert isinstance(told.value.__cause__, FeatureNotSupported)
    assert planned.rows(asked) == []


def test_refusals_of_the_server_are_those_of_django(table: str) -> None:
    with pytest.raises(Exception) as told:
        planned.rows(f"INSERT INTO {table} VALUES (%s) RETURNING one", [-1])
    assert isinstance(told.value.__cause__, CheckViolation)
    with pytest.raises(ProgrammingError):
        planned.rows("SELECT nothing_of_the_kind")
    assert planned.value("SELECT 1") == 1


def test_what_the_driver_gives_is_given(table: str) -> None:
    values: list[Any] = [True, None, "字", 2**40, [1, 2]]
    assert planned.rows("SELECT %s::bool, %s::text, %s::text, %s::bigint, %s::bigint[]", values) == [tuple(values)]


def test_threads_wait_side_by_side() -> None:
    """Nobody holds the interpreter while the server thinks: what takes two times 0.4 s in turn is done in less."""
    began, moments = threading.Barrier(3), list[float]()

    def ask() -> None:
        planned.value("SELECT 1")
        began.wait()
        [(before, after)] = planned.rows(SLOW)
        moments.extend((before, after))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for one in threads:
        one.start()
    began.wait()
    for one in threads:
        one.join()
    first, second = sorted(zip(moments[::2], moments[1::2], strict=True))
    assert second[0] < first[1], "the second began when the first was done"
