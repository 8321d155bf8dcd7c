"""The Beibei group-buying files, and two questions to them: which launch comes next, and whether it fills.

Reduced protocol: the files `train` and `social_relation` are not among those that can be had. History is `tune` (filled groups) and
`invalid` (failed launches); asked are launches of `test`, each among 999 goods drawn evenly from those that the initiator
had nothing to do with. Weights are learnt on a part of `tune` that is taken out of the history first; the test is looked at once.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit, logit

from quanzi.growth.recommending.engine.launches import (
    NAMES,
    History,
    LaunchFeatures,
    auc,
    calibration_error,
    learn_chance,
    learn_choice,
)
from quanzi.growth.recommending.engine.likings import LIKING_NAMES, Likings
from quanzi.growth.recommending.engine.matrices import Floats, Ints
from quanzi.growth.recommending.engine.measuring import interval
from quanzi.growth.recommending.engine.memory import peak_mb
from quanzi.growth.recommending.engine.reading import Unreadable

Say = Callable[[str], None]
ASKED, LEARNT, OFFERED, LEARNT_OFFERED = 20_000, 12_000, 999, 199


@dataclass(frozen=True)
class Launches:
    """Launches in order of the file: initiator and goods; joined: rows of (launch, participant)."""

    initiator: Ints
    goods: Ints
    joined: Ints

    def only(self, wanted: Floats) -> Launches:
        """Those that are wanted, numbered anew."""
        number = np.cumsum(wanted) - 1
        kept = self.joined[wanted[self.joined[:, 0]]]
        return Launches(self.initiator[wanted], self.goods[wanted], np.column_stack([number[kept[:, 0]], kept[:, 1]]))


@dataclass(frozen=True)
class GroupBuying:
    tune: Launches
    test: Launches
    failed: Launches
    people: int
    items: int


def read_groupbuy(folder: Path) -> GroupBuying:
    """Read tune, test, invalid and data_size (.txt or .txt.gz) of a folder; raises Unreadable."""
    size = list(_rows(folder, "data_size"))
    if len(size) != 1 or len(size[0][1]) != 2:
        raise Unreadable(f"{folder}/data_size: one line with the number of people and of items expected")
    people, items = size[0][1]
    tune, test, failed = (_launches(folder, name, people, items) for name in ("tune", "test", "invalid"))
    return GroupBuying(tune, test, failed, people, items)


def _launches(folder: Path, name: str, people: int, items: int) -> Launches:
    initiators, goods, joined = [], [], []
    for number, (where, row) in enumerate(_rows(folder, name)):
        if len(row) < 2 or not (0 <= row[1] < items and all(0 <= one < people for one in (row[0], *row[2:]))):
            raise Unreadable(f"{where}: initiator, item and participants expected, within data_size")
        initiators.append(row[0])
        goods.append(row[1])
        joined += [(number, one) for one in row[2:]]
    return Launches(np.array(initiators), np.array(goods), np.array(joined, dtype=int).reshape(-1, 2))


def _rows(folder: Path, name: str) -> Iterator[tuple[str, list[int]]]:
    path = folder / f"{name}.txt"
    packed = folder / f"{name}.txt.gz"
    if not path.exists() and not packed.exists():
        raise Unreadable(f"{path}: no such file, packed (.gz) or not")
    with path.open(encoding="utf-8") if path.exists() else gzip.open(packed, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                where = f"{path.name}, line {number}"
                try:
                    yield where, [int(cell) for cell in line.replace(",", "\t").split("\t") if cell.strip()]
                except ValueError:
                    raise Unreadable(f"{where}: whole numbers divided by tabs expected") from None


def history_of(filled: Launches, failed: Launches, people: int, items: int) -> History:
    """What people did. Each pair counts once for people, each launch for goods."""
    number, who = filled.joined.T
    shape = (people, items)
    circle = _count(filled.initiator[number], who, (people, people))
    return History(
        launched=_count(filled.initiator, filled.goods, shape),
        joined=_count(who, filled.goods[number], shape),
        failed=_count(failed.initiator, failed.goods, shape),
        circle=((circle + circle.T) > 0).astype(np.float32).tocsr(),
    )


def _count(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Any:
    return sparse.coo_array((np.ones(len(rows), np.float32), (rows, columns)), shape=shape).tocsr()


def evaluate_groupbuy(data: GroupBuying, *, seed: int, say: Say) -> Iterator[dict[str, Any]]:
    """Two rows: the next launch (recall@10), and whether a launch fills (AUC, calibration)."""
    say(
        f"{data.people} people, {data.items} items; {len(data.tune.goods)} filled, {len(data.failed.goods)} failed launches"
    )
    yield next_launch(data, seed=seed, say=say)
    yield will_fill(data, seed=seed, say=say)


def next_launch(data: GroupBuying, *, seed: int, say: Say) -> dict[str, Any]:
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    taken = np.zeros(len(data.tune.goods), dtype=bool)
    taken[rng.permutation(len(taken))[: min(LEARNT, len(taken) // 5)]] = True
    say("next launch: learning on launches taken out of the history")
    known = history_of(data.tune.only(~taken), data.failed, data.people, data.items)
    learner = _Speaking.of(known, seed)
    part = data.tune.only(taken)
    offers = _offers(known, part, LEARNT_OFFERED, rng)
    weights = learn_choice(learner(part.initiator, offers))
    say("next launch: ranking the test")
    whole = history_of(data.tune, data.failed, data.people, data.items)
    speaking = _Speaking.of(whole, seed)
    model = speaking.features
    chosen = np.zeros(len(data.test.goods), dtype=bool)
    chosen[rng.permutation(len(chosen))[:ASKED]] = True
    asked = data.test.only(chosen)
    offers = _offers(whole, asked, OFFERED, rng)
    places = {name: [] for name in ("popularity", "popularity with failed", "engine")}  # type: ignore[var-annotated]
    for start in range(0, len(asked.goods), 1_000):
        rows = slice(start, start + 1_000)
        places["engine"].append(_place(weights(speaking(asked.initiator[rows], offers[rows]))))
        places["popularity"].append(_place(model.filled[offers[rows]]))
        places["popularity with failed"].append(_place((model.filled + model.failed)[offers[rows]]))
        say(f"next launch: {min(start + 1_000, len(asked.goods))} of {len(asked.goods)}")
    found = {name: np.concatenate(parts) for name, parts in places.items()}
    low, high = interval((found["engine"] < 10).astype(float) - (found["popularity"] < 10), seed)
    row: dict[str, Any] = {"question": "next launch", "launches": len(asked.goods), "offered": OFFERED + 1}
    row |= {name: _figures(place) for name, place in found.items()}
    row |= {"recall@10_above_popularity": {"low": round(low, 6), "high": round(high, 6)}}
    row |= {
        "weights": {
            name: round(float(value), 4) for name, value in zip(NAMES + LIKING_NAMES, weights.weight, strict=True)
        }
    }
    return row | {"seconds": round(time.perf_counter() - began, 1), "peak_memory_mb": peak_mb(), "seed": seed}


@dataclass(frozen=True)
class _Speaking:
    """All that speaks for goods as somebody's next launch."""

    features: LaunchFeatures
    likings: Likings

    @classmethod
    def of(cls, history: History, seed: int) -> _Speaking:
        return cls(LaunchFeatures(history), Likings.learn(history, seed=seed))

    def __call__(self, initiators: Ints, goods: Ints) -> Floats:
        return np.concatenate([part.of(initiators, goods) for part in (self.features, self.likings)], axis=2)


def _offers(history: History, launches: Launches, count: int, rng: np.random.Generator) -> Ints:
    """The true goods first, then others, drawn evenly from those that the initiator had nothing to do with."""
    touched = history.touched
    items = touched.shape[1]
    found = np.empty((len(launches.goods), count + 1), dtype=np.int64)
    for place, (who, good) in enumerate(zip(launches.initiator, launches.goods, strict=True)):
        known = np.append(touched.indices[touched.indptr[who] : touched.indptr[who + 1]], good)
        drawn = rng.choice(items, min(items, count + len(known)), replace=False, shuffle=True)
        others = drawn[~np.isin(drawn, known)][:count]
        found[place, 0], found[place, 1:] = good, others
    return found


def _place(scores: Floats) -> Floats:
    """How many others stand before the first; equals count half."""
    true, others = scores[:, :1], scores[:, 1:]
    found: Floats = (others > true).sum(axis=1) + 0.5 * (others == true).sum(axis=1)
    return found


def _figures(place: Floats) -> dict[str, float]:
    gain = np.where(place < 10, 1 / np.log2(place + 2), 0)
    return {"recall@10": round(float((place < 10).mean()), 6), "ndcg@10": round(float(gain.mean()), 6)}


def will_fill(data: GroupBuying, *, seed: int, say: Say) -> dict[str, Any]:
    """Filled against failed: six parts of ten are history, two to learn from, two to look at once.

    A person has at most one filled launch in the file, so nothing may be read from their own filled ones: their taste is
    what they joined and what failed, their circle whom they joined. Else the answer would be in the question.
    """
    began = time.perf_counter()
    say("will it fill: learning")
    rng = np.random.default_rng(seed + 1)
    lots = [rng.choice(3, len(part.goods), p=(0.6, 0.2, 0.2)) for part in (data.tune, data.failed)]
    history = history_of(data.tune.only(lots[0] == 0), data.failed.only(lots[1] == 0), data.people, data.items)
    number, who = data.tune.only(lots[0] == 0).joined.T
    whom = data.tune.only(lots[0] == 0).initiator[number]
    joined = History(history.launched, history.joined, history.failed, _count(who, whom, (data.people, data.people)))
    model = LaunchFeatures(joined, taste=((history.joined + history.failed) > 0).astype(np.float32).tocsr())
    learn, look = (_asked(model, data.tune.only(lots[0] == part), data.failed.only(lots[1] == part)) for part in (1, 2))
    full, prior = learn_chance(learn[0], learn[2]), learn_chance(learn[1], learn[2])
    chance, base, came = expit(full(look[0])), expit(prior(look[1])), look[2]
    differences = _auc_differences(chance, base, came, rng)
    low, high = np.quantile(differences, [0.025, 0.975])
    row: dict[str, Any] = {"question": "will it fill", "launches": len(came), "filled": int(came.sum())}
    row |= {"auc": round(auc(chance, came), 6), "auc_item_prior": round(auc(base, came), 6)}
    row |= {"auc_above_prior": {"low": round(float(low), 6), "high": round(float(high), 6)}}
    row |= {"ece": round(calibration_error(chance, came), 6), "ece_item_prior": round(calibration_error(base, came), 6)}
    return row | {"seconds": round(time.perf_counter() - began, 1), "peak_memory_mb": peak_mb(), "seed": seed}


def _asked(model: LaunchFeatures, filled: Launches, failed: Launches) -> tuple[Floats, Floats, Floats]:
    """Features of everything, of the goods' past alone, and whether the launch filled."""
    who = np.concatenate([filled.initiator, failed.initiator])
    goods = np.concatenate([filled.goods, failed.goods])
    came = np.concatenate([np.ones(len(filled.goods)), np.zeros(len(failed.goods))])
    yes, no = model.filled[goods], model.failed[goods]
    usual = model.filled.sum() / (model.filled.sum() + model.failed.sum())
    share = logit((yes + 4 * usual) / (yes + no + 4))
    prior = np.column_stack([share, share**2, share**3])
    own = np.column_stack(
        [np.log1p(np.asarray(part.sum(axis=1)).ravel()[who])
         for part in (model.history.failed, model.history.joined, model.history.circle)]
    )  # fmt: skip
    bits = np.column_stack([own, own > 0, np.log1p(yes + no), share * np.log1p(yes + no), share * own[:, 0]])
    pair = model.of(who, goods[:, None])[:, 0, :]
    return np.column_stack([prior, bits, pair]).astype(np.float64), prior, came


def _auc_differences(chance: Floats, base: Floats, came: Floats, rng: np.random.Generator) -> Floats:
    found = []
    for _ in range(100):
        drawn = rng.integers(0, len(came), len(came))
        found.append(auc(chance[drawn], came[drawn]) - auc(base[drawn], came[drawn]))
    return np.array(found)
