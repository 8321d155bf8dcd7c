"""Stations of the demo shop, and the round that takes orders now."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from quanzi.kernel.clock import SITE_ZONE, local
from quanzi.site.demo.stage import Stage
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.services import GoodPlan

GOODS = (("yam", 200, 40, 12, 600), ("spinach", 50, 60, 0, 500), ("corn", 130, 30, 20, 600))
"""Our key, fen less than alone, units there are, units that must be paid, the leader's part in basis points."""


def open_rounds(stage: Stage) -> None:
    """Two stations, and a round that is cut off tomorrow evening and picked up the day after."""
    actor = stage.staff["zhoumin"]
    made = [
        stations.open_station(
            point=stage.points[key], area=area, capacity=capacity, brings_to_door=door, actor=actor, now=stage.ago(50)
        )
        for key, area, capacity, door in (("jinxiu", "锦绣社区", 80, True), ("gudang", "古荡新村", 60, False))
    ]
    stations.open_round(
        title="这周的菜",
        opens_at=stage.ago(1),
        cut_off_at=_at(stage, 1, 20),
        pickup_from=_at(stage, 2, 16),
        pickup_until=_at(stage, 2, 20),
        goods=[
            GoodPlan(stage.skus[key].pk, stage.skus[key].price_minor - less, most, minimum, leader_bp)
            for key, less, most, minimum, leader_bp in GOODS
        ],
        station_ids=[one.pk for one in made],
        is_demo=True,
        actor=actor,
        now=stage.now,
    )


def _at(stage: Stage, days: int, hour: int) -> datetime:
    """The hour on the shop's calendar, so many days from now."""
    return datetime.combine(local(stage.now).date() + timedelta(days=days), time(hour), tzinfo=SITE_ZONE)
