"""The choice of seeds beside every other choice, on graphs small enough to count each draw of ties."""

from __future__ import annotations

from itertools import combinations, product
from math import e

import numpy as np
import pytest

from quanzi.growth.spread.cascade import Graph, Samples, by_steps, choose, graph_of, within

Ties = list[tuple[int, int, float]]


def heard_of(ties: Ties, people: int) -> Graph:
    """ties: (who listens, to whom, chance)."""
    first, other, chance = zip(*ties, strict=True)
    return graph_of(np.array(first, np.int32), np.array(other, np.int32), np.array(chance, np.float32), people)


def exact_reach(ties: Ties, seeds: tuple[int, ...]) -> float:
    """Over every draw of ties: its chance, times how many are within three steps of the seeds."""
    total = 0.0
    for drawn in product((False, True), repeat=len(ties)):
        chance = float(np.prod([p if live else 1 - p for live, (_, _, p) in zip(drawn, ties, strict=True)]))
        got = set(seeds)
        for _ in range(3):
            got |= {one for live, (one, other, _) in zip(drawn, ties, strict=True) if live and other in got}
        total += chance * len(got)
    return total


def some_ties(random: np.random.Generator, people: int, count: int) -> Ties:
    pairs = [(a, b) for a in range(people) for b in range(people) if a != b]
    picked = random.choice(len(pairs), count, replace=False)
    return [(*pairs[one], float(random.choice([0.2, 0.5, 0.9]))) for one in picked]


@pytest.mark.parametrize("seed", range(4))
def test_the_choice_keeps_its_guarantee_beside_the_best_of_all_choices(seed: int) -> None:
    random = np.random.default_rng(seed)
    ties, among = some_ties(random, 6, 8), np.array([True, True, True, True, True, False])
    found, fresh = choose(heard_of(ties, 6), among, 2, seed=seed)
    best = max(exact_reach(ties, pair) for pair in combinations(range(5), 2))
    truth = exact_reach(ties, found.chosen)
    assert 5 not in found.chosen and len(found.chosen) == 2
    assert truth >= (1 - 1 / e - 0.1) * best and truth >= 0.95 * best  # promised, and what it does here
    assert found.guarantee >= 1 - 1 / e - 0.1
    assert found.low <= truth and found.reach == pytest.approx(truth, rel=0.05)
    assert sum(found.adds) == pytest.approx(found.reach)
    _, low, high = fresh.reach(found.chosen)
    assert abs(truth - found.reach) < (high - low)  # twice as wide as in 95 of 100 cases


def test_steps_are_counted_and_the_fourth_never() -> None:
    line = heard_of([(n + 1, n, 1.0) for n in range(6)], 7)  # each listens to the one before
    assert by_steps(line.turned(), [0], runs=5).tolist() == [[1, 1, 1]] * 5
    assert within(line.turned(), 0) == 3 and within(line.turned(), 5) == 1
    samples = Samples(line, random=np.random.default_rng(0))
    samples.draw(7_000)
    assert samples.reach([0])[0] == pytest.approx(4, rel=0.1)


def test_a_tie_at_the_fourth_step_changes_nothing() -> None:
    ties: Ties = [(1, 0, 0.5), (2, 1, 0.5), (3, 2, 0.5)]
    more = [*ties, (4, 3, 1.0)]
    assert exact_reach(ties, (0,)) == exact_reach(more, (0,))
    both = [by_steps(heard_of(one, 6).turned(), [0], runs=300, seed=3).sum() for one in (ties, more)]
    assert both[0] == both[1]


def test_expected_people_by_step_are_those_of_every_draw() -> None:
    ties = some_ties(np.random.default_rng(9), 6, 9)
    met = by_steps(heard_of(ties, 6).turned(), [0, 3], runs=8_000, seed=1)
    assert 2 + met.sum(axis=1).mean() == pytest.approx(exact_reach(ties, (0, 3)), rel=0.03)


def test_many_followers_of_one_circle_are_worth_less_than_two_circles() -> None:
    """Two stars of which the larger has two centres: whoever counts followers takes both centres of it."""
    ties: Ties = [(n, centre, 0.9) for n in range(3, 13) for centre in (0, 1)] + [(n, 2, 0.9) for n in range(13, 21)]
    found, _ = choose(heard_of(ties, 21), np.ones(21, dtype=bool), 2)
    assert sorted(found.chosen)[1] == 2 and len(found.chosen) == 2


def test_without_ties_or_people_nothing_is_promised() -> None:
    nobody = graph_of(np.array([], np.int32), np.array([], np.int32), np.array([], np.float32), 3)
    found, _ = choose(nobody, np.ones(3, dtype=bool), 2)
    assert len(found.chosen) == 2 and found.reach == pytest.approx(2, rel=0.1)
    none, _ = choose(nobody, np.zeros(3, dtype=bool), 2)
    assert none.chosen == () and none.reach == 0
