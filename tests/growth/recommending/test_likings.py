"""What somebody will launch next: learnt likings, in a small world where each person has to do with one kind of goods."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from quanzi.growth.recommending.engine.launches import History
from quanzi.growth.recommending.engine.likings import LIKING_NAMES, STARTS, Likings

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


def test_goods_of_which_nothing_is_known_stay_about_where_they_began(history: History) -> None:
    roles = (history.launched, history.joined, history.failed)
    unknown = [sparse.csr_array((role.data, role.indices, role.indptr), (PEOPLE, GOODS + 1)) for role in roles]
    found = Likings.learn(History(*unknown, circle=history.circle), seed=1)
    far = np.linalg.norm(found.chosen, axis=1)
    assert far[GOODS] < np.median(far[:GOODS]) / 3


def test_starts_together_agree_more_than_each_alone(history: History, likings: Likings) -> None:
    other = Likings.learn(history, seed=2)
    one = slice(0, likings.had.shape[1] // STARTS)
    together = [found.had @ found.chosen.T for found in (likings, other)]
    alone = [found.had[:, one] @ found.chosen[:, one].T for found in (likings, other)]
    assert _agreement(*together) > _agreement(*alone)


def _agreement(one, other) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_every_name_has_its_column(likings: Likings) -> None:
    assert likings.of(np.arange(3), np.arange(6).reshape(3, 2)).shape == (3, 2, len(LIKING_NAMES))
