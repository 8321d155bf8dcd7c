"""Geometry of charts: what is drawn is what is counted."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis.strategies import integers, lists

from quanzi.faces.ui import charts

AMOUNTS = lists(integers(min_value=0, max_value=10**9), min_size=1, max_size=9)


@given(AMOUNTS)
def test_percentages_of_one_whole_add_to_a_hundred(values: list[int]) -> None:
    assert sum(charts.shares(values)) == (100 if sum(values) else 0)


@given(integers(min_value=0, max_value=10**9))
def test_an_axis_ends_at_a_round_number_that_holds_the_largest_bar(largest: int) -> None:
    top = charts.nice_top(largest)
    assert top >= largest
    assert str(top // 2).rstrip("0") in {"1", "2", "5"}


def test_bars_start_at_zero_and_the_open_days_are_not_final() -> None:
    bars = charts.day_bars([50, 100], ["a", "b"], width=100, height=80, top=100, open_days=1)
    assert [bar.height for bar in bars] == [40, 80]
    assert all(bar.y + bar.height == 80 for bar in bars)
    assert [bar.final for bar in bars] == [True, False]


@given(lists(lists(integers(min_value=0, max_value=10**7), min_size=3, max_size=3), min_size=2, max_size=6))
def test_every_column_of_the_flow_fills_its_height_and_sums_to_a_hundred(steps: list[list[int]]) -> None:
    flow = charts.share_flow(steps, width=720, height=200, gap=4)
    for step, column in zip(steps, flow.blocks, strict=True):
        if sum(step):
            assert abs(sum(block.height for block in column) - (200 - 2 * 4)) < 0.1
            assert sum(block.percent for block in column) == 100


@given(lists(integers(min_value=0, max_value=200), min_size=1, max_size=8))
def test_names_beside_a_column_never_touch(ys: list[int]) -> None:
    placed = charts.spread_labels(sorted(ys), room=6, least=17, bottom=222)
    assert all(after - before >= 16.8 for before, after in pairwise(placed))
    assert placed[-1] <= 222


def test_a_bridge_ends_where_its_sum_ends() -> None:
    bars = charts.bridge([12840, -720, -8773, 3347], ["start", "step", "step", "end"], height=100)
    assert bars[0].y == 0
    assert round(bars[2].y + bars[2].height, 1) == round(100 * (1 - 3347 / 12840), 1)
    assert round(bars[3].height, 1) == round(100 * 3347 / 12840, 1)


def test_a_line_needs_two_values() -> None:
    assert charts.spark([5]) is None
    line = charts.spark([1, 1, 1])
    assert line is not None
    assert len(line.points.split()) == 3


def test_people_on_the_map_stay_on_the_field() -> None:
    spots = charts.trust_map(6, [0, 0, 1, 2, 5])
    for x, y in (*spots.near, *spots.far):
        assert 16 <= x <= 344
        assert 16 <= y <= 216
