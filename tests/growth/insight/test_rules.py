"""Credit is shared without a crumb lost; small numbers say how unsure they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanzi.growth.insight.rules import WHOLE, Arrival, Model, cost_per_relation, count_interval, percentages, shares

START = datetime(2026, 1, 1, tzinfo=UTC)
arrivals = st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=30).map(
    lambda found: [
        Arrival(source, START + timedelta(hours=place), personal) for place, (source, personal) in enumerate(found)
    ]
)


@given(arrivals, st.sampled_from(Model))
def test_every_model_gives_out_exactly_one_person(found: list[Arrival], model: Model) -> None:
    credit = shares(found, model)
    assert sum(credit.values()) == WHOLE
    assert set(credit) <= {arrival.source_id for arrival in found}


def test_models_differ_in_whom_they_credit() -> None:
    found = [Arrival(1, START, False), Arrival(2, START, True), Arrival(3, START, False)]
    assert shares(found, Model.FIRST) == {1: WHOLE}
    assert shares(found, Model.LAST) == {3: WHOLE}
    assert shares(found, Model.INVITED) == {2: WHOLE}
    assert shares(found, Model.EVEN) == {1: 3334, 2: 3333, 3: 3333}


@pytest.mark.parametrize(
    ("count", "low", "high"), [(5, 1.62, 11.67), (10, 4.80, 18.39), (50, 37.1, 65.9), (187, 161.2, 215.8)]
)
def test_the_interval_of_a_count_is_that_of_the_tables(count: int, low: float, high: float) -> None:
    """Exact limits: chi-squared quantiles 2n and 2n + 2, halved."""
    found = count_interval(count)
    assert found[0] == pytest.approx(low, rel=0.02)
    assert found[1] == pytest.approx(high, rel=0.01)


def test_cost_lies_within_its_interval_and_is_silent_without_relations() -> None:
    cost = cost_per_relation(spend_minor=386_820, relation_shares=187 * WHOLE)
    assert cost is not None and cost.high_minor is not None
    assert cost.low_minor < cost.minor == 2069 < cost.high_minor
    assert cost_per_relation(spend_minor=0, relation_shares=WHOLE) is None
    assert cost_per_relation(spend_minor=100, relation_shares=0) is None


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_percentages_of_a_whole_add_up_to_a_hundred(parts: list[int]) -> None:
    assert sum(percentages(parts)) == (100 if sum(parts) else 0)
