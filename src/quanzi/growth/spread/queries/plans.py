"""Plans, who was chosen, and what came of it. Other members' ties are told to nobody: people are counted, never listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.growth.spread.models import Plan, PlanState, Seed, SeedState
from quanzi.growth.spread.rules import followed, steps_of, verdict
from quanzi.kernel.money import Money

ARRIVALS = """
SELECT coalesce(touch.member_id, -touch.visitor_id), way.owner_id FROM sources_touch touch JOIN sources_source way ON way.id = touch.source_id
LEFT JOIN spread_seed seed ON seed.member_id = way.owner_id AND seed.plan_id = %(plan)s
WHERE way.owner_id IS NOT NULL AND touch.member_id IS DISTINCT FROM way.owner_id
  AND touch.happened_at >= %(begin)s AND touch.happened_at < %(end)s AND (seed.sent_at IS NULL OR touch.happened_at >= seed.sent_at)
  AND (split_part(way.target, '?', 1) = %(page)s OR EXISTS (
        SELECT FROM posts_postproduct named WHERE named.product_id = %(product)s AND way.target = '/n/' || named.post_id))
ORDER BY touch.happened_at, touch.id
"""
BUYERS = """
SELECT DISTINCT line.member_id FROM sales_orderline line JOIN sales_order o ON o.id = line.order_id
WHERE line.product_id = %(product)s AND line.member_id = ANY(%(people)s::bigint[]) AND o.paid_at >= %(begin)s AND o.paid_at < %(end)s
  AND o.origin <> 'replay' AND o.state <> 'refunded' AND line.returned_at IS NULL
"""


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """A plan in a list and on its page. outcome: what the counting found, empty before (counting.py)."""

    id: int
    name: str
    goods: str
    slug: str
    product_id: int
    state: str
    samples: int
    unit_cost: Money
    budget: Money
    percent: int
    telling_bp: int
    telling_seen: int
    outcome: dict[str, Any] = field(default_factory=dict)
    made_at: datetime
    ends_at: datetime
    sent: int = 0
    asked: int = 0
    accepted: int = 0

    @property
    def state_label(self) -> str:
        return str(PlanState(self.state).label)


@dataclass(frozen=True)
class SeedRow:
    """Somebody chosen. came: people who came through them, by step; address: where the sample goes, for whoever sends it."""

    id: int
    member_id: int
    name: str
    place: int
    adds: float
    state: str
    asked_at: datetime | None
    address: str
    came: tuple[int, ...] = (0, 0, 0)

    @property
    def state_label(self) -> str:
        return str(SeedState(self.state).label)


@dataclass(frozen=True)
class Tracked:
    """What was seen: people by step, how many of them bought; by whom of the seeds. verdict: see rules.verdict; "" without a forecast."""

    steps: tuple[int, ...]
    bought: int
    by_seed: dict[int, tuple[int, ...]]
    verdict: str
    forecast: list[list[float]]

    @property
    def seen(self) -> int:
        return sum(self.steps)


def plans(*, limit: int = 50) -> list[PlanRow]:
    """The newest first."""
    return [_row(plan) for plan in _all().order_by("-pk")[:limit]]


def plan_row(plan_id: int) -> PlanRow | None:
    found = _all().filter(pk=plan_id).first()
    return _row(found) if found is not None else None


def seeds(plan_id: int, *, seen: Tracked | None = None) -> list[SeedRow]:
    """Everybody chosen, in the order of the choice, with what came through them."""
    rows = Seed.objects.filter(plan_id=plan_id).select_related("member", "address").order_by("place")
    came = seen.by_seed if seen is not None else {}
    return [
        SeedRow(
            one.pk, one.member_id, one.member.name, one.place, one.adds, one.state, one.asked_at,
            f"{one.address.recipient} {one.address.region_name} {one.address.detail}" if one.address else "",
            came.get(one.member_id, (0, 0, 0)),
        )
        for one in rows
    ]  # fmt: skip


def tracked(plan: PlanRow, *, now: datetime) -> Tracked:
    """Who came through whom until now, beside the forecast for those who have a sample."""
    rows = Seed.objects.filter(plan_id=plan.id, state=SeedState.SENT).values_list("member_id", "sent_at")
    sent = {member_id: at for member_id, at in rows if at is not None}
    joined = plan.outcome.get("joined") or {}
    forecast: list[list[float]] = joined.get("steps", [])
    if not sent:
        return Tracked((0, 0, 0), 0, {}, "", forecast)
    asked = {
        "plan": plan.id, "begin": min(sent.values()), "end": min(plan.ends_at, now), "page": f"/p/{plan.slug}",
        "product": plan.product_id,
    }  # fmt: skip
    came = followed(sent, planned.rows(ARRIVALS, asked))
    people = [one.person for one in came if one.person > 0]
    bought = len(planned.rows(BUYERS, asked | {"people": people})) if people else 0
    counts = Counter((one.seed, one.step) for one in came)
    by_seed = {one: tuple(counts[one, step] for step in (1, 2, 3)) for one in sent}
    said = ""
    if forecast:
        _, low, high = joined["total"]
        said = verdict(sent=len(sent), seen=len(came), low=low, high=high)
    return Tracked(tuple(steps_of(came)), bought, by_seed, said, forecast)


def _all() -> Any:
    return Plan.objects.select_related("sku__product").prefetch_related("seeds")


def _row(plan: Plan) -> PlanRow:
    states: Sequence[str] = [one.state for one in plan.seeds.all()]
    product = plan.sku.product
    return PlanRow(
        id=plan.pk, name=plan.name, goods=product.name, slug=product.slug, product_id=product.pk, state=plan.state, samples=plan.samples,
        unit_cost=Money(plan.unit_cost_minor, plan.currency), budget=Money(plan.budget_minor, plan.currency),
        percent=plan.percent, telling_bp=plan.telling_bp, telling_seen=plan.telling_seen, outcome=plan.outcome,
        made_at=plan.made_at, ends_at=plan.ends_at, sent=states.count(SeedState.SENT),
        asked=states.count(SeedState.ASKED), accepted=states.count(SeedState.ACCEPTED),
    )  # fmt: skip
