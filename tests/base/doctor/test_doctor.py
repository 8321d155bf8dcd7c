"""The doctor checks all, repairs what it can, and one broken check hides no other."""

import pytest
from django.db import connection

from quanzi.base.doctor import invariants
from quanzi.base.doctor.invariants import SAMPLE, invariant, registered, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch):
    monkeypatch.setattr(invariants, "_registered", {})


def test_an_invariant_is_sql_or_rows_that_must_be_empty():
    invariant("T1", "sql")(lambda: "SELECT 1 AS n WHERE false")
    invariant("T2", "rows")(lambda: [{"n": n} for n in range(9)])
    well, ill = run()
    assert well.is_well and not ill.is_well
    assert ill.violations == 9 and ill.sample == tuple({"n": n} for n in range(SAMPLE))


def test_a_repair_runs_only_when_asked_for_and_needed():
    ill, repairs = [{"n": 1}, {"n": 2}], []

    def repair() -> None:
        repairs.append(len(ill))
        ill.pop()

    invariant("T1", "ill", fix=repair)(lambda: list(ill))
    invariant("T2", "well", fix=lambda: repairs.append(0))(list)
    assert run()[0].violations == 2 and not repairs
    result = run(fix=True)[0]
    assert (result.violations, result.fixed, result.can_fix) == (1, 1, True)
    assert repairs == [2]


def test_a_check_that_breaks_is_told_apart_from_one_that_finds_nothing():
    invariant("T1", "broken")(lambda: "SELECT nonsense")
    invariant("T2", "well")(lambda: "SELECT 1 WHERE false")
    broken, well = run(fix=True)
    assert not broken.is_well and "nonsense" in broken.error
    assert well.is_well


def test_a_repair_that_breaks_is_rolled_back_and_said_so():
    def repair() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE half_done ()")
        raise RuntimeError

    invariant("T1", "ill", fix=repair)(lambda: "SELECT 1 AS n")
    assert "repair failed" in run(fix=True)[0].error
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('half_done')")
        assert cursor.fetchone() == (None,)


def test_invariants_are_listed_in_the_order_people_count():
    for id in ("L10", "S1.b", "L2", "S1.a", "G1"):
        invariant(id, id)(list)
    assert [one.id for one in registered()] == ["G1", "L2", "L10", "S1.a", "S1.b"]
    assert [one.id for one in run(only=["S1.a", "G1"])] == ["G1", "S1.a"]


def test_an_id_belongs_to_one_invariant():
    invariant("T1", "one")(list)
    with pytest.raises(ValueError, match="two invariants"):
        invariant("T1", "other")(lambda: "SELECT 1")
