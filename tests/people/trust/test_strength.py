"""The formula, and that the database computes the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quanzi.people.trust.models import TieKind
from quanzi.people.trust.rules import MAX_STEPS, WEIGHTS, bars, path_strength, strength, weight, word_of

AGES = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20_000))
FACTS = st.lists(st.tuples(st.sampled_from(list(TieKind)), AGES), max_size=30)


@given(FACTS)
def test_strength_is_between_nothing_and_everything(facts):
    assert 0.0 <= strength(facts) <= 1.0


@given(FACTS, st.sampled_from(list(TieKind)), AGES)
def test_one_more_fact_never_weakens_a_tie(facts, kind, age):
    assert strength([*facts, (kind, age)]) >= strength(facts)


@given(st.sampled_from(list(TieKind)), AGES, AGES)
def test_an_older_fact_never_weighs_more(kind, one, other):
    assert weight(kind, max(one, other)) <= weight(kind, min(one, other))


@given(FACTS)
def test_the_order_of_facts_does_not_matter(facts):
    assert strength(facts) == pytest.approx(strength(list(reversed(facts))))


def test_a_fact_of_tomorrow_weighs_nothing_today():
    assert weight(TieKind.FRIEND, timedelta(seconds=-1)) == 0.0


def test_every_kind_has_a_weight():
    assert set(WEIGHTS) == set(TieKind.values)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=MAX_STEPS))
def test_a_longer_path_is_never_stronger_than_its_beginning(ties):
    assert path_strength(ties) <= path_strength(ties[:1])


def test_a_path_of_four_steps_counts_for_nothing():
    assert path_strength([1.0, 1.0, 1.0]) == 0.25
    assert path_strength([1.0, 1.0, 1.0, 1.0]) == 0.0
    assert path_strength([]) == 0.0


@pytest.mark.parametrize(
    ("value", "filled", "word"),
    [(0.0, 0, "weak"), (0.01, 1, "weak"), (0.6, 3, "medium"), (0.61, 4, "strong"), (1.0, 5, "strong")],
)
def test_bars_and_words_follow_the_strength(value, filled, word):
    assert (bars(value), word_of(value)) == (filled, word)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(list(TieKind)), age=st.timedeltas(timedelta(days=-10), timedelta(days=20_000)))
def test_the_database_weighs_a_fact_like_the_rules(kind, age):
    with connection.cursor() as cursor:
        cursor.execute("SELECT trust_weight(%s, %s::float8)", [kind, age.total_seconds()])
        assert cursor.fetchone()[0] == pytest.approx(weight(kind, age), abs=1e-12)
