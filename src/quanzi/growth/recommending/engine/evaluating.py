"""Hold the engine against a published split: four methods, the same people, all goods that they do not have."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from quanzi.growth.recommending.engine.kernel import FEW
from quanzi.growth.recommending.engine.matrices import Ranker
from quanzi.growth.recommending.engine.measuring import Measured, interval, measure
from quanzi.growth.recommending.engine.memory import peak_mb, restart_peak
from quanzi.growth.recommending.engine.reading import Split
from quanzi.growth.recommending.engine.ridge import TrustRidge
from quanzi.growth.recommending.engine.settings import Setting
from quanzi.growth.recommending.engine.signal import signal_of
from quanzi.growth.recommending.engine.simple import ItemNeighbours, Popularity
from quanzi.growth.recommending.engine.tuning import Tuned, tune

Say = Callable[[str], None]


@dataclass(frozen=True)
class _Run:
    ranker: Ranker
    fit_seconds: float
    measured: Measured
    row: dict[str, Any]


def evaluate(split: Split, *, seed: int, seconds: float, say: Say) -> Iterator[dict[str, Any]]:
    """One row for each method: popularity, item-knn, engine without ties, engine. Settings come from the training lines alone."""
    asked = int((np.diff(split.test.indptr) > 0).sum())
    say(f"{len(split.people)} people, {len(split.goods)} items, {split.train.nnz} lines; {asked} people in the test")
    _warn_of_ties(split, seed, say)
    yield _run("popularity", lambda: Popularity.fit(split.train), split, {}, say).row
    yield _run("item-knn", lambda: ItemNeighbours.fit(split.train), split, {"settings": {"neighbours": 200}}, say).row
    restart_peak()
    tuned = tune(split.train, split.ties, seed=seed, seconds=seconds, say=say)
    about = _about(tuned, seed)
    without = _engine("engine without ties", split, tuned.without, {}, say, seed, with_ties=False)
    yield without.row
    run = _engine("engine", split, tuned.setting, about, say, seed, with_ties=True)
    if split.ties is not None:
        run.row["few"] = _few(split, run.measured, without.measured, seed)
    yield run.row


def _engine(
    name: str, split: Split, setting: Setting, about: dict[str, Any], say: Say, seed: int, *, with_ties: bool
) -> _Run:
    ties = split.ties if with_ties else None
    return _run(
        name,
        lambda: TrustRidge.fit(split.train, ties, setting, seed=seed),
        split,
        {"settings": setting.as_dict()} | about,
        say,
    )


def _run(name: str, fit: Callable[[], Ranker], split: Split, about: dict[str, Any], say: Say) -> _Run:
    say(f"{name}: fitting")
    restart_peak()
    began = time.perf_counter()
    ranker = fit()
    fitted = time.perf_counter()
    say(f"{name}: ranking")
    measured = measure(ranker, split.train, split.test)
    ended = time.perf_counter()
    row: dict[str, Any] = {"method": name}
    row |= {figure: round(value, 6) for figure, value in measured.means().items()}
    row |= {
        "people": len(measured.people),
        "fit_seconds": round(fitted - began, 3),
        "rank_seconds": round(ended - fitted, 3),
    }
    row |= {"peak_memory_mb": peak_mb()} | about
    return _Run(ranker, fitted - began, measured, row)


def _about(tuned: Tuned, seed: int) -> dict[str, Any]:
    carve_out = {name: {key: round(value, 6) for key, value in row.items()} for name, row in tuned.found.items()}
    found: dict[str, Any] = {
        "tune_seconds": round(tuned.seconds, 1),
        "tried": tuned.tried,
        "cut": tuned.cut,
        "seed": seed,
    }
    return found | {"carve_out": {"people": tuned.people} | carve_out, "tune_peak_memory_mb": peak_mb()}


def _few(split: Split, engine: Measured, without: Measured, seed: int) -> dict[str, Any]:
    """People with hardly any lines in train: what ties are worth to them (ndcg@20, paired, 95 % by bootstrap)."""
    few = np.diff(split.train.indptr)[engine.people] < FEW
    with_ties, plain = engine.ndcg[20][few], without.ndcg[20][few]
    low, high = interval(with_ties - plain, seed)
    means = {"ndcg@20": with_ties.mean(), "without_ties": plain.mean(), "low": low, "high": high} if few.any() else {}
    return {"below_lines": FEW, "people": int(few.sum())} | {
        name: round(float(value), 6) for name, value in means.items()
    }


def _warn_of_ties(split: Split, seed: int, say: Say) -> None:
    for name, count in split.left_out.items():
        if count:
            say(f"left out: {count} {name.replace('_', ' ')}")
    if split.ties is None:
        return
    if not split.ties.nnz:
        say("WARNING: no tie between two people of these lines; do the ids of both files belong together?")
        return
    signal = signal_of(split.train, split.ties, seed=seed)
    say(f"ties: {signal.ties} looked at; friends have {signal.lift:.2f} times as much in common as people exchanged")
    if not signal.is_there:
        say("WARNING: these ties say nothing about these items; do the ids of both files belong together?")
