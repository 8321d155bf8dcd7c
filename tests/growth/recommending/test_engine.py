"""The engine against its formulas, and against a loop that does it by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from quanzi.growth.recommending.engine import tuning
from quanzi.growth.recommending.engine.kernel import Kernel
from quanzi.growth.recommending.engine.measuring import interval, measure
from quanzi.growth.recommending.engine.ridge import Smoother, TrustRidge, in_goods, settle
from quanzi.growth.recommending.engine.settings import Setting
from quanzi.growth.recommending.engine.signal import signal_of
from quanzi.growth.recommending.engine.simple import ItemNeighbours
from tests.growth.recommending.planted import Planted, planted

EXACT = Setting(a=0.2, b=0.3, l=0.7, w=0.8, k=0, c=0.25, e=1)


@pytest.fixture(scope="module")
def world() -> Planted:
    return planted(120, 80, 1_500, circles=5, seed=3)


def test_the_exact_form_is_the_formula(world):
    everybody = np.arange(120)
    found = TrustRidge.fit(world.kept, world.ties, EXACT).scores(everybody)

    kept, ties = world.kept.toarray().astype(float), world.ties.toarray().astype(float)
    people, goods, near = kept.sum(1), kept.sum(0), ties.sum(1)
    damped = kept * np.where(people > 0, people, 1)[:, None] ** -0.2 * np.where(goods > 0, goods, 1.0) ** -0.3
    graph = ties / np.sqrt(np.outer(np.where(near > 0, near, 1), np.where(near > 0, near, 1)))
    m = (damped @ damped.T).diagonal()[people > 0].mean()
    inverse = np.linalg.inv(damped @ damped.T + 0.8 * m * (graph + np.eye(120)) + 0.7 * m * np.eye(120))
    rest = 1 - np.einsum("uj,uv,vj->j", damped, inverse, damped)
    expected = -(inverse @ damped) * np.where(goods > 0, goods**0.25, 0) / rest
    unseen = (kept == 0) & (goods > 0) & (people >= 5)[:, None]  # who has fewer is heard through ties more
    assert np.allclose(found[unseen], 0.7 * m * expected[unseen], atol=2e-4)


def test_low_rank_with_every_rank_is_the_exact_form(world):
    plain = EXACT.but(e=0)
    kernel = Kernel.of(world.kept, world.ties, a=plain.a, b=plain.b)
    whole = TrustRidge.from_parts(kernel, kernel.all(plain.w), plain.but(k=120))
    exact = TrustRidge.fit(world.kept, world.ties, plain)
    assert np.allclose(whole.scores(np.arange(120)), exact.scores(np.arange(120)), atol=1e-3)


def test_a_row_that_is_never_written_out_is_smoothed_as_one_that_is(world):
    engine, everybody = TrustRidge.fit(world.kept, world.ties, EXACT.but(e=0, k=20, near=0.8)), np.arange(120)
    rows = engine.kernel.rows(everybody, engine.w, 0.8).whole(engine.kernel)
    written_out = in_goods(engine.kernel, engine.smoother.times(rows)) * engine.goods_weight
    settle(written_out, engine.kept_by)
    assert np.allclose(engine.scores(everybody), written_out, rtol=1e-4, atol=1e-5)
    assert np.allclose(rows[:, 3], engine.kernel.dense(engine.w)[:, 3], atol=1e-5)  # everybody there kept many goods


def test_the_inverse_factor_and_the_eigenvectors_smooth_alike(world):
    kernel = Kernel.of(world.kept, world.ties, a=0.1, b=0.3)
    rows = kernel.dense(1.0)[:7].copy()
    by_factor = Smoother.solved(kernel.dense(1.0), 2.0).times(rows)
    assert np.allclose(by_factor, Smoother.exact(*kernel.all(1.0), 2.0).times(rows), atol=1e-3)


@pytest.mark.parametrize("setting", [EXACT.but(w=0), EXACT.but(w=0, e=0, k=9), EXACT.but(w=0, e=0, k=30)])
def test_where_goods_are_few_they_tell_what_all_people_would(setting: Setting) -> None:
    """9 is as many as there are goods, 30 is more."""
    kept = sparse.csr_array((np.random.default_rng(3).random((60, 9)) < 0.4).astype(np.float32))
    kernel = Kernel.of(kept, None, a=setting.a, b=setting.b)
    values, vectors = np.linalg.eigh(kernel.dense(0.0))
    by_people = np.maximum(values[::-1], 0), np.ascontiguousarray(vectors[:, ::-1])
    found, expected = (
        TrustRidge.from_parts(kernel, parts, setting).scores(np.arange(60)) for parts in (kernel.all(0.0), by_people)
    )
    assert len(kernel.all(0.0)[0]) == 10
    assert np.allclose(found, expected, atol=1e-4)


def test_without_ties_and_damping_it_is_ease_on_the_people_side(world):
    plain = Setting(a=0, b=0, l=0.5, w=0, k=0, c=0, e=1)
    found = TrustRidge.fit(world.kept, None, plain).scores(np.arange(120))
    kept = world.kept.toarray().astype(float)
    m = (kept @ kept.T).diagonal()[kept.sum(1) > 0].mean()
    turned = np.linalg.inv(kept.T @ kept + 0.5 * m * np.eye(80))
    weights = -turned / turned.diagonal()
    np.fill_diagonal(weights, 0)
    unseen = (kept == 0) & (kept.sum(0) > 0) & (kept.sum(1) > 0)[:, None]
    assert np.corrcoef(found[unseen], (kept @ weights)[unseen])[0, 1] == pytest.approx(1, abs=1e-5)


def test_a_person_folded_in_anew_gets_what_they_had(world):
    engine = TrustRidge.fit(world.kept, None, EXACT.but(e=0, w=0))
    assert np.allclose(engine.scores_of_new(world.kept[:9], None), engine.scores(np.arange(9)), rtol=1e-3, atol=1e-5)


def test_the_parts_that_friends_carry_and_the_rest_are_the_score(world):
    engine = TrustRidge.fit(world.kept, world.ties, EXACT.but(near=0.8))
    row = engine.kernel.rows(np.array([4]), engine.w, 0.8).whole(engine.kernel)[0]
    everybody = engine.carried(row, np.arange(120), np.arange(80)).sum(axis=0)
    assert np.allclose(everybody, engine.scores(np.array([4]))[0], atol=1e-3)
    friends = world.ties[[4]].indices
    assert np.all(engine.tie_row(4)[friends] > 0) and engine.tie_row(4).sum() == engine.tie_row(4)[friends].sum()


def test_who_kept_nothing_hears_friends_and_without_friends_what_most_kept():
    kept = sparse.csr_array(
        np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=np.float32)
    )
    ties = sparse.csr_array(([1, 1], ([1, 3], [3, 1])), shape=(5, 5), dtype=np.float32)
    engine = TrustRidge.fit(kept, ties, Setting(a=0, b=0, l=1, w=0, k=0, c=0))
    with_friend, alone = engine.scores(np.array([3, 4]))
    assert with_friend[2] > max(with_friend[1], with_friend[3])
    assert list(np.argsort(-alone, kind="stable")) == [0, 1, 2, 3]


def test_figures_are_those_of_a_loop(world):
    """recall and NDCG by their definitions, one person and one good after the other."""
    ranker = ItemNeighbours.fit(world.kept, 10)
    measured = measure(ranker, world.kept, world.test)
    for place, person in enumerate(measured.people):
        scores = ranker.scores(np.array([person]))[0]
        had, wanted = set(world.kept[[person]].indices), set(world.test[[person]].indices)
        order = sorted((good for good in range(80) if good not in had), key=lambda good: -scores[good])
        cut = {order[k - 1]: order[k] for k in (10, 20)}
        if any(scores[one] == scores[other] for one, other in cut.items()):
            continue  # equals at the edge may stand either way
        for k in (10, 20):
            found = [1 if good in wanted else 0 for good in order[:k]]
            best = sum(1 / np.log2(n + 2) for n in range(min(len(wanted), k)))
            assert measured.recall[k][place] == pytest.approx(sum(found) / len(wanted))
            if len(set(scores[order[:k]])) == k:
                gained = sum(hit / np.log2(n + 2) for n, hit in enumerate(found))
                assert measured.ndcg[k][place] == pytest.approx(gained / best)


def test_tuning_beats_popularity_and_repeats_itself(monkeypatch):
    monkeypatch.setattr(tuning, "ORDER", ("w",))
    monkeypatch.setattr(tuning, "KNOWN", tuning.KNOWN[:2])
    world = planted(150, 60, 4_000, circles=4, seed=2)
    found = tuning.tune(world.kept, world.ties, seed=5, seconds=60)
    assert found.found["engine"]["ndcg@20"] > found.found["popularity"]["ndcg@20"] and not found.cut
    assert found.without.w == 0
    assert tuning.tune(world.kept, world.ties, seed=5, seconds=60).setting == found.setting


def test_where_fame_says_more_than_taste_the_engine_is_no_worse_and_useless_ties_are_dropped(monkeypatch):
    monkeypatch.setattr(tuning, "ORDER", ())
    monkeypatch.setattr(tuning, "KNOWN", tuning.KNOWN[-1:])
    monkeypatch.setattr(tuning, "EXACT_UP_TO", 0)
    world = planted(300, 300, 5_000, circles=6, ties=10, seed=7)
    misled = tuning.tune(world.kept, world.wrong_ties, seed=1, seconds=60)
    assert misled.found["engine"]["ndcg@20"] >= misled.found["popularity"]["ndcg@20"]
    assert misled.setting.w == 0


def test_ties_that_help_are_heard_and_others_are_not_worth_it():
    world = planted(600, 150, 3_000, circles=12, seed=2)
    plain, near = Setting(a=0.2, b=0.2, l=4, w=0, k=32), Setting(a=0.2, b=0.2, l=4, w=1, k=32)
    without = measure(TrustRidge.fit(world.kept, None, plain), world.kept, world.test).ndcg[20]
    helped = measure(TrustRidge.fit(world.kept, world.ties, near), world.kept, world.test).ndcg[20]
    misled = measure(TrustRidge.fit(world.kept, world.wrong_ties, near), world.kept, world.test).ndcg[20]
    assert interval(helped - without, 1)[0] > 0 > (misled - without).mean()


def test_a_carve_out_leaves_nobody_with_nothing(world):
    rest, aside = tuning.carve_out(world.kept, 1, share=0.5)
    assert (rest + aside - world.kept).nnz == 0 and rest.multiply(aside).nnz == 0
    assert np.all(np.diff(rest.indptr)[np.diff(aside.indptr) > 0] > 0)


def test_too_little_evidence_chooses_nothing():
    kept = sparse.csr_array(np.eye(6, dtype=np.float32))
    assert tuning.tune(kept, None).people == 0


def test_ties_of_other_people_are_found_out():
    world = planted(800, 300, 16_000, circles=8, seed=4)
    assert signal_of(world.kept, world.ties).is_there
    assert not signal_of(world.kept, world.wrong_ties).is_there
