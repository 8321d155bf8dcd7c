"""Goods on their way: an order in two parcels, a run of our own driver this evening, papers of what comes from far."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.goods.supply import services as supply
from quanzi.kernel.clock import today
from quanzi.site.demo.stage import Stage
from quanzi.trade.fulfilment import carriers
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.fulfilment.queries.runs import loads_to_plan, to_plan
from quanzi.trade.fulfilment.services import batches, runs

DRIVER = "cangguan"


def deliver(stage: Stage) -> None:
    """What the members with an address ordered last is packed, planned, and half of it under way."""
    buyers = [who for who in stage.addresses if who in stage.people][:4]
    for who in buyers:
        stage.buy(who, {"yam": 2}, stage.now - timedelta(hours=20))
    deliver_pending(now=stage.now)
    waiting = [one.fulfilment_id for one in to_plan()][-len(buyers) :]
    if len(waiting) >= 2:
        _in_two_parcels(stage, waiting[0])
        _this_evening(stage, waiting[1:])
    _by_carrier(stage, buyers)
    _papers(stage)
    deliver_pending(now=stage.now)


def _in_two_parcels(stage: Stage, fulfilment_id: int) -> None:
    staff, line = stage.staff["cangguan"], None
    line = Fulfilment.objects.get(pk=fulfilment_id).order.lines.order_by("-quantity").first()
    if line is None or line.quantity < 2:
        return
    at = stage.now - timedelta(hours=18)
    first = fulfilment.pack(fulfilment_id=fulfilment_id, actor_member=staff, lines={line.pk: 1}, now=at)
    fulfilment.ship_parcel(
        parcel_id=first.pk,
        actor_member=staff,
        carrier="顺丰速运",
        tracking=f"SF{first.pk:010d}",
        now=at + timedelta(hours=1),
    )
    fulfilment.pack(fulfilment_id=fulfilment_id, actor_member=staff, now=stage.now)


def _this_evening(stage: Stage, fulfilment_ids: list[int]) -> None:
    run = runs.plan_run(
        title="城西傍晚", driver=stage.staff[DRIVER], starts_at=_half_hour(stage.now - timedelta(minutes=30)),
        ends_at=_half_hour(stage.now + timedelta(hours=3)), fulfilment_ids=fulfilment_ids,
        refs=[one.ref for one in loads_to_plan(now=stage.now)][:1], actor="system", now=stage.now - timedelta(hours=5),
    )  # fmt: skip
    driver = stage.staff[DRIVER]
    runs.begin_run(run_id=run.pk, driver=driver, now=stage.now - timedelta(minutes=20))
    first = run.stops.filter(ref="").order_by("position").first()
    if first is not None and run.stops.count() > 1:
        runs.hand_over_at_stop(stop_id=first.pk, driver=driver, now=stage.now - timedelta(minutes=5))


def _by_carrier(stage: Stage, buyers: list[str]) -> None:
    """One order waits to be given to the carrier that `quanzi run` starts: the worker asks for a number and sends it off."""
    offered = carriers.offered()
    if not offered or not buyers:
        return
    order = stage.buy(buyers[0], {"yam": 1}, stage.now - timedelta(hours=2))
    deliver_pending(now=stage.now)
    sent = batches.Sending(fulfilment_id=Fulfilment.objects.get(order=order).pk)
    batches.start(
        rows=[sent], service=offered[0][0], actor_member=stage.staff["cangguan"], key="demo-carrier", now=stage.now
    )


def _half_hour(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def _papers(stage: Stage) -> None:
    product, actor = stage.skus["yam"].product, stage.staff["zhoumin"]
    at = stage.ago(20)
    made = supply.add_paper(
        product=product, kind="inspection", number="JC-2026-0417", issuer="临沂市农产品质量检测中心", issued_on=today(at),
        actor=actor, actor_word=f"staff:{actor.pk}", now=at,
    )  # fmt: skip
    supply.check_paper(paper_id=made.pk, actor=actor, actor_word=f"staff:{actor.pk}", now=at)
