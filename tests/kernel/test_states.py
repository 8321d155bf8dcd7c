"""A state table allows exactly what it lists."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quanzi.kernel.errors import IllegalMove
from quanzi.kernel.states import StateTable


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


LIGHTS = StateTable({Light.RED: {Light.GREEN, Light.BROKEN}, Light.GREEN: {Light.RED}})

tables = st.dictionaries(st.integers(0, 8), st.frozensets(st.integers(0, 8), max_size=4), min_size=1)


def test_a_listed_move_passes_and_any_other_is_refused_by_name():
    LIGHTS.check(Light.RED, Light.GREEN)
    with pytest.raises(IllegalMove) as caught:
        LIGHTS.check(Light.GREEN, Light.BROKEN)
    assert caught.value.params == {"before": "green", "after": "broken"}
    assert caught.value.code == "illegal_move"


def test_final_states_are_those_without_a_way_on():
    assert LIGHTS.is_final(Light.BROKEN)
    assert not LIGHTS.is_final(Light.RED)
    assert LIGHTS.states == set(Light)


@given(tables, st.integers(0, 9), st.integers(0, 9))
def test_the_check_agrees_with_the_listed_paths(moves, before, after):
    table = StateTable(moves)
    assert table.allows(before, after) == ((before, after) in table.paths()) == (after in moves.get(before, ()))


@given(tables, st.integers(0, 8), st.data())
def test_whatever_a_walk_meets_was_reachable(moves, start, data):
    table = StateTable(moves)
    here, reachable = start, table.reachable(start)
    for _ in range(10):
        ways = sorted(table.after(here))
        if not ways:
            break
        here = data.draw(st.sampled_from(ways))
        assert here in reachable


@given(tables)
def test_nothing_follows_a_final_state(moves):
    table = StateTable(moves)
    for state in table.states:
        assert table.is_final(state) == (not table.reachable(state))
