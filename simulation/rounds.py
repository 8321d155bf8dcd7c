"""Rounds of the stations: opened, bought for, brought out, counted, collected, and what leaders are paid for it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.supply import services as supply
from quanzi.goods.supply.models import Purchase, PurchaseState
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Round, Stop
from quanzi.trade.stations.queries import expected
from quanzi.trade.stations.rules import KIND
from quanzi.trade.stations.services import GoodPlan
from simulation.verbs import Doing
from simulation.world import World

HOUR = timedelta(hours=1)
SHORT, DAMAGED, SENT_TWICE, COMES_NOW = 0.1, 0.02, 0.03, 0.5
NEVER_COMES = 40
"""One buyer in so many forgets what waits at the station."""


class Rounds:
    """What the shop, a supplier, the driver and the leaders do for one delivery to many."""

    def __init__(self, world: World, doing: Doing) -> None:
        self.world, self.chance, self.doing = world, world.chance, doing
        self.stations = {one.point_id: one for one in world.stations}

    def open(self, day: int, now: datetime) -> None:
        """Fresh goods are ordered first and bought after; others lie on the shelf."""
        fresh = self.chance.sample(self.world.fresh, min(5, len(self.world.fresh)))
        shelf = self.chance.sample(self.world.lasting, 1)
        people = len(self.world.members)
        goods = [
            GoodPlan(sku.pk, sku.price_minor * 9 // 10, people // 8 + 5, people // 400, 600, True) for sku in fresh
        ]
        goods += [GoodPlan(sku.pk, sku.price_minor * 95 // 100, 40, 0, 500) for sku in shelf]
        self.doing.attempt(
            "open a round",
            stations.open_round, title=f"第 {day + 1} 天", opens_at=now, cut_off_at=now + 34 * HOUR, pickup_from=now + 54 * HOUR,
                pickup_until=now + 58 * HOUR, goods=goods, station_ids=[one.pk for one in self.world.stations],
                actor=self.world.operator, now=now
        )  # fmt: skip

    def buy(self, now: datetime) -> None:
        """In the morning of the pickup the suppliers are asked for what was paid; now and then one has less."""
        for one in Round.objects.filter(state="closed", pickup_from__gt=now, pickup_from__lte=now + 12 * HOUR):
            made, _ = supply.from_demand(ref=f"{KIND}:{one.pk}", actor=self.world.operator, now=now)
            for purchase in made:
                self.doing.attempt(
                    "ask a supplier", supply.send, purchase_id=purchase.pk, actor=self.world.operator, now=now
                )
                short = {
                    line.pk: max(1, line.quantity - 2)
                    for line in purchase.lines.order_by("id")
                    if self.chance.random() < SHORT
                }
                self.doing.attempt(
                    "supplier agrees", supply.confirm, purchase_id=purchase.pk, quantities=short, now=now
                )

    def bring(self, now: datetime) -> None:
        """Goods come in, go out to the stations and are counted there."""
        for one in Round.objects.filter(state="closed", pickup_from__gt=now, pickup_from__lte=now + 4 * HOUR):
            came = self._receive(one, now)
            for stop in one.stops.select_related("station__point__leader").order_by("id"):
                self._count(stop, came, now)

    def _receive(self, one: Round, now: datetime) -> dict[int, Lot]:
        """The lot of each SKU that goes out; what there is of it is counted in `left`."""
        came = {sku.pk: self.world.lots[sku.pk] for sku in self.world.lasting}
        self.left: Counter[int] = Counter()
        for purchase in Purchase.objects.filter(ref=f"{KIND}:{one.pk}", state=PurchaseState.CONFIRMED).order_by("id"):
            for line in purchase.lines.select_related("sku").order_by("id"):
                came_in = line.confirmed or 0
                damaged = int(came_in > 1 and self.chance.random() < DAMAGED)
                receipt = self.doing.attempt(
                    "receive a purchase",
                    supply.receive, line_id=line.pk, quantity=came_in - damaged, damaged=damaged,
                        lot_code=f"R{one.pk}-{line.sku.code}", made_on=now.date(), expires_at=now + timedelta(days=5),
                        storage="chilled", temperature_tenths=40, key=self.world.key(), actor="system", now=now
                )  # fmt: skip
                if receipt is not None and receipt.lot is not None:
                    came[line.sku_id] = self.world.lots[line.sku_id] = receipt.lot
                    self.left[line.sku_id] += receipt.quantity
            purchase.refresh_from_db()
            if purchase.state == PurchaseState.CONFIRMED:  # the supplier had less, or some was damaged
                self.doing.attempt(
                    "close a purchase", supply.close, purchase_id=purchase.pk, actor=self.world.operator, now=now
                )
        return came

    def _count(self, stop: Stop, came: dict[int, Lot], now: datetime) -> None:
        lasting = {sku.pk for sku in self.world.lasting}
        for row in expected(stop_id=stop.pk):
            if row.sku_id not in came:
                continue  # the supplier had none at all
            luck = self.chance.random()
            arrived = row.quantity if row.sku_id in lasting else min(row.quantity, self.left[row.sku_id])
            self.left[row.sku_id] -= arrived
            key, damaged = self.world.key(), int(luck < DAMAGED and arrived > 0)
            for _ in range(2 if luck > 1 - SENT_TWICE else 1):  # a bad network: the phone sends again
                self.doing.attempt(
                    "count what came",
                    stations.count_arrival, stop_id=stop.pk, lot_id=came[row.sku_id].pk, arrived=arrived, damaged=damaged,
                        temperature_tenths=40, actor=stop.station.point.leader, key=key, now=now
                )  # fmt: skip
        self.doing.attempt("end the wait", stations.end_wait, stop_id=stop.pk, actor=self.world.operator, now=now)

    def collect(self, now: datetime) -> None:
        """Half of those who may come do so in an hour; a few never come."""
        ready = Fulfilment.objects.filter(state=FulfilmentState.READY).select_related("order__pickup_point__leader")
        for one in list(ready.order_by("id")):
            if one.pk % NEVER_COMES == 7 or self.chance.random() >= COMES_NOW:
                continue
            order, point = one.order, one.order.pickup_point
            assert point is not None
            if order.waits_for.startswith(f"{KIND}:"):
                self.doing.attempt(
                    "collect",
                    stations.hand_over, station_id=self.stations[point.pk].pk, code=one.pickup_code, actor=point.leader,
                        key=self.world.key(), now=now
                )  # fmt: skip
            else:
                self.doing.attempt(
                    "collect",
                    fulfilment.hand_over, fulfilment_id=one.pk, actor_member=point.leader, code=one.pickup_code, now=now
                )  # fmt: skip

    def settle(self, now: datetime) -> None:
        """Leaders are paid for what was kept."""
        for station in self.world.stations:
            self.doing.attempt(
                "settle with a leader",
                stations.settle_leader, leader_id=station.point.leader_id, reference=f"转账 {station.code}",
                    staff=self.world.finance, key=self.world.key(), now=now
            )  # fmt: skip
