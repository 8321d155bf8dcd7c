"""Planted groups are found again, and where there are none, nothing is proposed."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from quanzi.growth.splitting import cutting
from quanzi.growth.splitting.cutting import Cut, Graph, Ints, adjusted_rand, cut, rewire


def planted(*, people: int, groups: int, partners: float, across: float, seed: int) -> tuple[Ints, Graph]:
    """People in groups; a share `across` of what they do is with anybody."""
    rng = np.random.default_rng(seed)
    group = np.arange(people) % groups
    wanted, pairs = int(people * partners / 2), dict[tuple[int, int], float]()
    while len(pairs) < wanted:
        one = int(rng.integers(people))
        other = int(rng.integers(people))
        if rng.random() > across:
            other = int(rng.integers((people - group[one] + groups - 1) // groups)) * groups + int(group[one])
        if one != other:
            pairs[min(one, other), max(one, other)] = float(rng.exponential() + 0.2)
    ends = np.array(sorted(pairs), dtype=np.int64)
    return group, Graph(people, ends[:, 0], ends[:, 1], np.array([pairs[a, b] for a, b in ends.tolist()]))


def recovered(group: Ints, found: Cut) -> float:
    """The share of people who fall where they were planted, under the best naming of the parts."""
    parts = int(max(group.max(), found.part.max())) + 1
    return max(float(np.mean(np.array(names)[group] == found.part)) for names in permutations(range(parts)))


@pytest.mark.parametrize(("people", "groups"), [(60, 2), (120, 3), (240, 4), (2000, 2)])
def test_planted_groups_are_found_again(people: int, groups: int) -> None:
    group, graph = planted(people=people, groups=groups, partners=12, across=0.15, seed=people + groups)
    found = cut(graph, seed=3)
    share = recovered(group, found)
    print(f"{people} people in {groups} groups: {share:.1%} found again, {found}")
    assert found.outcome == "cut" and share >= 0.95


def test_a_part_to_which_nobody_clearly_belongs_is_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    _, graph = planted(people=60, groups=2, partners=12, across=0.15, seed=62)
    assert set(cut(graph, seed=3).part) - {-1} == {0, 1}
    monkeypatch.setattr(cutting, "CLEAR", 1.01)
    found = cut(graph, seed=3)
    assert found.outcome == "lopsided" and set(found.part) == {-1}


def test_circles_without_groups_are_left_whole() -> None:
    proposed = 0
    for seed in range(40):
        _, graph = planted(people=(60, 80)[seed % 2], groups=1, partners=(5, 8, 10)[seed % 3], across=1, seed=seed)
        proposed += cut(graph, seed=seed).outcome == "cut"
    print(f"{proposed} of 40 circles without groups would have been cut")
    assert proposed < 2


def test_the_null_keeps_how_many_partners_everybody_has() -> None:
    _, graph = planted(people=80, groups=2, partners=6, across=0.1, seed=1)
    one, other = rewire(graph.one, graph.other, graph.nodes, np.random.default_rng(5))
    assert (Graph(80, one, other, graph.weight[: len(one)]).degree == graph.degree).all()
    assert len({(min(a, b), max(a, b)) for a, b in zip(one.tolist(), other.tolist(), strict=True)}) == len(graph.one)


def test_a_circle_that_hardly_talks_is_thin_and_an_empty_one_too() -> None:
    nothing = np.array([], dtype=np.int64)
    assert cut(Graph(0, nothing, nothing, nothing.astype(float))).outcome == "thin"
    pairs = np.arange(0, 40, 2)
    assert cut(Graph(40, pairs, pairs + 1, np.ones(20))).outcome == "thin"


def test_the_same_seed_cuts_the_same() -> None:
    _, graph = planted(people=90, groups=3, partners=10, across=0.1, seed=2)
    assert (cut(graph, seed=8).part == cut(graph, seed=8).part).all()


def test_agreement_is_one_for_the_same_groups_under_other_names() -> None:
    one = np.array([0, 0, 1, 1, 2])
    assert adjusted_rand(one, np.array([2, 2, 0, 0, 1])) == 1.0
    assert adjusted_rand(one, np.array([0, 1, 0, 1, 0])) < 0.2
