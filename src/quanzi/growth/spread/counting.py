"""Reading the ties that may be used, and counting how far a word goes over them. Runs in jobs; numpy is loaded here only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from quanzi.base import planned
from quanzi.growth.spread.cascade import Graph, Ints, by_steps, choose, cover, graph_of, within
from quanzi.growth.spread.models import Plan, PlanState, Reach, Seed, SeedState
from quanzi.growth.spread.queries.willing import willing
from quanzi.growth.spread.rules import RESERVES, telling_bp
from quanzi.people.trust.queries import ties_in_use

LEARN_FROM, SETTLED = timedelta(days=180), timedelta(days=7)
TRIES, LOTS = 400, 10

AGREED = """SELECT p.member_id FROM contact_permission p WHERE p.purpose = 'recommendation' AND p.granted
  AND NOT EXISTS (SELECT FROM recommending_choice c WHERE c.member_id = p.member_id AND NOT c.is_personal)"""

# Over how much strength links of the last half year could have been passed on, and over how many of those ties somebody came.
COULD = """SELECT coalesce(sum(1 - exp(-(e.still + e.fading * trust_fade(%(now)s)))), 0)
FROM sources_source way JOIN trust_edge e ON e.target_id = way.owner_id AND NOT e.hidden AND e.is_used
WHERE way.kind = 'share' AND way.created_at > %(begin)s AND way.created_at <= %(end)s"""
CAME = """SELECT count(DISTINCT (way.id, touch.member_id)) FROM sources_source way JOIN sources_touch touch ON touch.source_id = way.id
JOIN trust_edge e ON e.target_id = way.owner_id AND e.source_id = touch.member_id AND NOT e.hidden AND e.is_used
WHERE way.kind = 'share' AND way.created_at > %(begin)s AND way.created_at <= %(end)s"""


@dataclass(frozen=True)
class Listening:
    """ids: members in the order of their places, ascending. heard: who listens to whom, with the strength as the chance."""

    ids: Ints
    heard: Graph

    def places(self, members: object) -> Ints:
        """Places of those members who have one."""
        wanted = np.array(sorted(members), dtype=np.int64)  # type: ignore[call-overload]
        at = np.searchsorted(self.ids, wanted)
        known = at < len(self.ids)
        known[known] = self.ids[at[known]] == wanted[known]
        return np.asarray(at[known], dtype=np.int64)

    def told(self, bp: int) -> Graph:
        """The same, with the chance that a tie passes a word on."""
        return Graph(self.heard.starts, self.heard.others, self.heard.chance * np.float32(bp / 10_000))


def listening(now: datetime) -> Listening:
    """Every tie of which both ends agreed that it recommends; whoever is tied to somebody listens to them."""
    kind = np.dtype([("one", np.int64), ("other", np.int64), ("strength", np.float32)])
    ties = np.fromiter(ties_in_use(now), dtype=kind)
    agreed = np.array(sorted(row[0] for row in planned.rows(AGREED)), dtype=np.int64)
    ties = ties[np.isin(ties["one"], agreed) & np.isin(ties["other"], agreed)]
    ids = np.unique(np.concatenate((ties["one"], ties["other"])))
    first, other = (np.searchsorted(ids, ties[end]).astype(np.int32) for end in ("one", "other"))
    return Listening(ids, graph_of(first, other, ties["strength"], len(ids)))


def telling(now: datetime) -> tuple[int, int]:
    """How often a tie of full strength passes a link on in this shop (basis points), and the arrivals this was learnt from; 0: it is assumed."""
    span = {"now": now, "begin": now - LEARN_FROM, "end": now - SETTLED}
    return telling_bp(arrivals=planned.value(CAME, span) or 0, strengths=float(planned.value(COULD, span) or 0))


def count_plan(*, plan_id: int, now: datetime, say: Callable[[int], None] = lambda percent: None) -> None:
    """Choose whom to ask, beside the two choices that anybody could make without it. Safe to repeat while nobody was asked.

    outcome: people, ties, willing; guarantee (least share of the best choice), low (people, with 99 % certainty); methods: people expected
    [mean, low, high] when asking the chosen, those with most listeners, or a lot; steps, total: of the chosen; seconds.
    """
    plan = Plan.objects.get(pk=plan_id)
    if plan.state not in (PlanState.COUNTING, PlanState.READY):
        return
    began, (bp, seen), known = time.monotonic(), telling(now), listening(now)
    say(5)
    places = known.places(willing(now=now))
    if not len(places):
        _keep(plan, [], {"people": len(known.ids), "ties": known.heard.ties, "willing": 0}, bp, seen, now)
        return
    heard, among = known.told(bp), np.zeros(len(known.ids), dtype=bool)
    among[places] = True
    found, fresh = choose(heard, among, plan.samples, seed=plan.seed, say=lambda percent: say(5 + percent * 85 // 100))
    chosen = list(found.chosen)
    among[chosen] = False
    reserves, _, _ = cover(fresh, among, (RESERVES - 1) * plan.samples) if among.any() else ([], 0, 0.0)
    turned = heard.turned()
    listeners, random = np.diff(turned.starts), np.random.default_rng(plan.seed)
    most = places[np.argsort(-listeners[places], kind="stable")][: len(chosen)].tolist()
    lots = (
        [fresh.reach(random.choice(places, len(chosen), replace=False).tolist()) for _ in range(LOTS)] if chosen else []
    )
    outcome = {
        "people": len(known.ids), "ties": known.heard.ties, "willing": len(places), "guarantee": round(found.guarantee, 4),
        "low": round(found.low, 1), "methods": {
            "chosen": _three(fresh.reach(chosen)), "listeners": _three(fresh.reach(most)),
            "lot": _three(tuple(np.mean(lots, axis=0))) if lots else [0, 0, 0],
        } if chosen else {},
        **_forecast(turned, chosen, plan.seed), "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    order = [*chosen, *reserves]
    adds = fresh.met(order) if order else []
    share = len(known.ids) / max(1, fresh.count)
    _keep(
        plan, [(int(known.ids[at]), add * share) for at, add in zip(order, adds, strict=True)], outcome, bp, seen, now
    )


def foretell(*, plan_id: int, now: datetime) -> None:
    """The forecast for those who said yes, beside which arrivals are held."""
    plan = Plan.objects.get(pk=plan_id)
    joined = plan.seeds.filter(state__in=(SeedState.ACCEPTED, SeedState.SENT)).values_list("member_id", flat=True)
    known = listening(now)
    places = known.places(joined).tolist()
    forecast = _forecast(known.told(plan.telling_bp).turned(), places, plan.seed)
    plan.outcome["joined"] = {"people": len(joined), **forecast}
    Plan.objects.filter(pk=plan.pk).update(outcome=plan.outcome)


def estimate(*, now: datetime) -> int:
    """Tell each member who wants to know how far a word of theirs goes; what was told to others goes. Returns how many."""
    agreed = {
        row[0] for row in planned.rows("SELECT member_id FROM contact_permission WHERE purpose = 'reach' AND granted")
    }
    Reach.objects.exclude(member_id__in=agreed).delete()
    if not agreed:
        return 0
    known, (bp, _) = listening(now), telling(now)
    turned = known.told(bp).turned()
    rows = []
    for place in known.places(agreed).tolist():
        met = by_steps(turned, [place], runs=TRIES, seed=place).sum(axis=1)
        low, high = np.percentile(met, [5, 95])
        rows.append(
            Reach(
                member_id=int(known.ids[place]),
                within=within(turned, place),
                low=int(low),
                high=int(np.ceil(high)),
                counted_at=now,
            )
        )
    alone = agreed - {row.member_id for row in rows}
    rows += [Reach(member_id=one, within=0, low=0, high=0, counted_at=now) for one in alone]
    Reach.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["member"], update_fields=["within", "low", "high", "counted_at"]
    )
    return len(rows)


def _forecast(turned: Graph, places: list[int], seed: int) -> dict[str, object]:
    """People besides those asked, by step and in all: mean, and where it lies in 9 of 10 cases."""
    if not places:
        return {"steps": [[0, 0, 0]] * 3, "total": [0, 0, 0]}
    met = by_steps(turned, places, runs=TRIES, seed=seed)
    return {"steps": [_span(column) for column in met.T], "total": _span(met.sum(axis=1))}


def _span(tries: Ints) -> list[float]:
    low, high = np.percentile(tries, [5, 95])
    return _three((float(tries.mean()), float(low), float(high)))


def _three(found: tuple[float, ...]) -> list[float]:
    return [round(float(one), 1) for one in found]


def _keep(
    plan: Plan, order: list[tuple[int, float]], outcome: dict[str, object], bp: int, seen: int, now: datetime
) -> None:
    Seed.objects.filter(plan=plan, state=SeedState.CHOSEN).delete()
    Seed.objects.bulk_create(
        [
            Seed(plan=plan, member_id=one, place=place + 1, adds=round(adds, 2))
            for place, (one, adds) in enumerate(order)
        ]
    )
    Plan.objects.filter(pk=plan.pk).update(
        state=PlanState.READY, percent=100, outcome=outcome, telling_bp=bp, telling_seen=seen, counted_at=now
    )
