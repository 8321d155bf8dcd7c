"""Stations of the demo shop: a round that takes orders now, and one whose goods came this afternoon."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Lot
from quanzi.kernel.clock import SITE_ZONE, local
from quanzi.site.demo.stage import Stage
from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.sales.models import Order, OrderOrigin
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Round, Station, Stop
from quanzi.trade.stations.services import GoodPlan

GOODS = (("yam", 200, 40, 12, 600, False), ("spinach", 50, 60, 0, 500, False), ("corn", 130, 30, 20, 600, True))
"""Our key, fen less than alone, units there are, units that must be paid, the leader's part in basis points, bought after."""

CAME = (("yam", 150, 30, 4, 600, False), ("eggs", 100, 30, 0, 500, False))

NOW = (("zhao", "jinxiu", {"yam": 1, "spinach": 2}, ""), ("xuning", "jinxiu", {"yam": 2}, ""), ("axia", "jinxiu", {"corn": 3}, "6 幢 301"),
       ("p23", "jinxiu", {"spinach": 1, "corn": 2}, ""), ("chenjie", "gudang", {"yam": 1}, ""), ("p25", "gudang", {"yam": 3, "corn": 4}, ""))  # fmt: skip
BEFORE = (("chennian", {"yam": 1, "eggs": 1}, ""), ("meimei", {"eggs": 2}, ""), ("ligong", {"yam": 2}, "2 幢 1102"),
          ("liushu", {"yam": 1}, ""), ("p28", {"yam": 1, "eggs": 1}, ""))  # fmt: skip
"""Who ordered, (where,) what, and the door to which the leader carries it."""


def open_rounds(stage: Stage) -> None:
    """Two stations. One round is cut off tomorrow evening; the goods of the one before have just come to the first station."""
    made = {
        key: stations.open_station(
            point=stage.points[key], area=area, capacity=capacity, brings_to_door=door, actor=stage.staff["zhoumin"],
            now=stage.ago(50),
        )
        for key, area, capacity, door in (("jinxiu", "锦绣社区", 80, True), ("gudang", "古荡新村", 60, False))
    }  # fmt: skip
    _before(stage, made["jinxiu"])
    running = stations.open_round(
        title="这周的菜", opens_at=stage.ago(1), cut_off_at=_at(stage, 1, 20), pickup_from=_at(stage, 2, 16),
        pickup_until=_at(stage, 2, 20), goods=_plans(stage, GOODS), station_ids=[one.pk for one in made.values()],
        is_demo=True, actor=stage.staff["zhoumin"], now=stage.ago(1),
    )  # fmt: skip
    for hours, (who, where, basket, door) in enumerate(NOW):
        _order(stage, running, made[where], who, basket, door, stage.ago(0.8 - hours / 10))


def _before(stage: Stage, station: Station) -> None:
    """Cut off yesterday: one lot is counted, one order fetched, and the other lot waits in its box."""
    round_ = stations.open_round(
        title="上一期", opens_at=stage.ago(3), cut_off_at=stage.ago(0.9), pickup_from=stage.ago(0.08),
        pickup_until=stage.ago(-0.2), goods=_plans(stage, CAME), station_ids=[station.pk], is_demo=True,
        actor=stage.staff["zhoumin"], now=stage.ago(3),
    )  # fmt: skip
    for key, *_ in CAME:
        stage.restock(key, 20, stage.ago(2.9), lot_id=_lot(stage, key).pk)
    orders = [_order(stage, round_, station, who, basket, door, stage.ago(2.5)) for who, basket, door in BEFORE]
    stations.close_due(stage.ago(0.9))
    deliver_pending(now=stage.ago(0.9))
    leader, stop = station.point.leader, Stop.objects.get(round=round_)
    stations.count_arrival(
        stop_id=stop.pk, lot_id=_lot(stage, "yam").pk, arrived=5, temperature_tenths=121, actor=leader, key=stage.key(),
        now=stage.ago(0.1),
    )  # fmt: skip
    deliver_pending(now=stage.ago(0.1))
    code = Fulfilment.objects.get(order=orders[3]).pickup_code
    stations.hand_over(station_id=station.pk, code=code, actor=leader, key=stage.key(), now=stage.ago(0.05))
    deliver_pending(now=stage.ago(0.05))


def _plans(stage: Stage, goods: tuple[tuple[str, int, int, int, int, bool], ...]) -> list[GoodPlan]:
    return [
        GoodPlan(stage.skus[key].pk, stage.skus[key].price_minor - less, most, minimum, leader_bp, later)
        for key, less, most, minimum, leader_bp, later in goods
    ]


def _order(
    stage: Stage, round_: Round, station: Station, who: str, basket: dict[str, int], door: str, at: datetime
) -> Order:
    order = stations.order_in_round(
        round_id=round_.pk, station_id=station.pk, member=stage.people[who], to_door=door, origin=OrderOrigin.DEMO,
        lines=[(stage.skus[key].pk, quantity) for key, quantity in basket.items()], idempotency_key=stage.key(), now=at,
    )  # fmt: skip
    stage.pay(order, at + timedelta(minutes=2))
    return order


def _lot(stage: Stage, key: str) -> Lot:
    """The lot of these goods that lasts longest."""
    return Lot.objects.filter(sku=stage.skus[key], recalled_at=None).order_by("-expires_at", "-pk")[0]


def _at(stage: Stage, days: int, hour: int) -> datetime:
    """The hour on the shop's calendar, so many days from now."""
    return datetime.combine(local(stage.now).date() + timedelta(days=days), time(hour), tzinfo=SITE_ZONE)
