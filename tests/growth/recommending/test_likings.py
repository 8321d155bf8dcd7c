"""What somebody will launch next: learnt likings, in a small world where each person has to do with one kind of goods."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from quanzi.growth.recommending.engine.launches import History
from quanzi.growth.recommending.engine.likings import LIKING_NAMES, Likings

PEOPLE, GOODS, KINDS = 1_200, 40, 4


@pytest.fixture(scope="module")
def history() -> History:
    """Person p likes goods of kind p % 4; the last four people had nothing, the circle of each is one person of their kind."""
    rng = np.random.default_rng(5)
    who = np.repeat(np.arange(PEOPLE - KINDS), 4)
    goods = who % KINDS + KINDS * rng.integers(0, GOODS // KINDS, len(who))
    roles = [_ones(who[role::3], goods[role::3], (PEOPLE, GOODS)) for role in range(3)]
    last = np.arange(PEOPLE - KINDS, PEOPLE)
    circle = _ones(last, last % KINDS, (PEOPLE, PEOPLE))
    return History(*roles, circle=(circle + circle.T).tocsr())


def _ones(rows, columns, shape):
    found = sparse.coo_array((np.ones(len(rows), np.float32), (rows, columns)), shape=shape).tocsr()
    found.data[:] = 1
    return found


@pytest.fixture(scope="module")
def likings(history: History) -> Likings:
    return Likings.learn(history, seed=1)


def _share_of_own_kind(likings: Likings, people, name: str) -> float:
    """Of the ten goods that speak most to each, how many are of their kind; by chance a quarter."""
    offers = np.tile(np.arange(GOODS), (len(people), 1))
    found = likings.of(people, offers)[:, :, LIKING_NAMES.index(name)]
    first = np.argsort(-found, axis=1)[:, : GOODS // KINDS]
    return float((first % KINDS == people[:, None] % KINDS).mean())


def test_people_are_taken_for_what_they_had_to_do_with(likings: Likings) -> None:
    assert _share_of_own_kind(likings, np.arange(200), "liking") > 0.6


def test_who_had_nothing_is_heard_through_the_circle(likings: Likings) -> None:
    nobody = np.arange(PEOPLE - KINDS, PEOPLE)
    assert _share_of_own_kind(likings, nobody, "liking with circle") > 0.6
    assert not likings.of(nobody, np.tile(np.arange(GOODS), (KINDS, 1)))[:, :, LIKING_NAMES.index("liking")].any()


def test_the_same_seed_learns_the_same(history: History, likings: Likings) -> None:
    assert np.array_equal(Likings.learn(history, seed=1).chosen, likings.chosen)
    assert not np.array_equal(Likings.learn(history, seed=2).chosen, likings.chosen)


def test_every_name_has_its_column(likings: Likings) -> None:
    assert likings.of(np.arange(3), np.arange(6).reshape(3, 2)).shape == (3, 2, len(LIKING_NAMES))
