"""When people do what: hours of the day, rounds of the week, the periodic jobs of the shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from quanzi.base.events.services import deliver_pending
from quanzi.base.jobs.registry import find
from quanzi.base.jobs.services import run_due
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.catalogue.models import Lot, Sku
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import free
from quanzi.kernel.clock import Clock, local
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.models import Claim
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Round, Stop
from quanzi.trade.stations.queries import demand, expected
from quanzi.trade.stations.services import GoodPlan
from simulation.verbs import Doing
from simulation.world import World, restock

HOUR, BUSY = timedelta(hours=1), timedelta(minutes=50)
"""People come in the first fifty minutes of an hour; the house is kept after them."""

AWAKE = range(7, 23)
ORDERS_A_MONTH = 2.4
"""Of one member, tries included."""
OPENING_DAYS = (0, 2, 4)
RECALLED_ON = 16
NOT_HERE = ("backup.", "console.", "jobs.", "exporting.", "importing.")
"""Periodic jobs that keep the house, not the trade."""

Told = Callable[[str], None]


class Month:
    """Moves the clock hour by hour; `tell` hears of every day."""

    def __init__(self, world: World, clock: Clock, *, tell: Told) -> None:
        self.world, self.clock, self.tell = world, clock, tell
        self.chance = world.chance
        self.doing = Doing(world)
        names = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
        self.jobs = sorted(name for name in names if not name.startswith(NOT_HERE))
        self.first = clock.at

    def live(self, days: int) -> None:
        for day in range(days):
            self.tell(f"day {day + 1}: {Order.objects.count():,} orders")
            for _ in range(24):
                self._hour(day)
                self.clock.at += HOUR

    def come_to_rest(self, days: int = 20) -> None:
        """Nobody does anything any more; windows close, and what waits is done."""
        self.tell("windows close")
        for _ in range(days * 4):
            for claim in Claim.objects.filter(state="open").values_list("pk", flat=True):
                self.doing.answer(claim, self.clock.at)
            self._keep_house()
            self.clock.at += 6 * HOUR

    def _hour(self, day: int) -> None:
        now, hour = self.clock.at, local(self.clock.at).hour
        for number in self.doing.heard_later:
            self.doing.hear(number, now)
        self.doing.heard_later.clear()
        if hour in AWAKE:
            self._people(now)
        now = self.clock.at = now + BUSY  # time goes forward only
        if hour == 9:
            self._staff(now)
        if hour == 10 and day % 7 in OPENING_DAYS:
            self._open_round(day, now)
        if hour == 13:
            self._lorry(now)
        if hour in range(16, 21):
            self._collect(now)
        if hour == 11 and day == RECALLED_ON:
            self._recall(now)
        self._keep_house()
        self.clock.at -= BUSY

    def _keep_house(self) -> None:
        now = self.clock.at
        while deliver_pending(now=now):
            pass
        for name in self.jobs:
            find(name).run({})
        while run_due(now) or deliver_pending(now=now):
            pass

    # People

    def _people(self, now: datetime) -> None:
        wanted = len(self.world.members) * ORDERS_A_MONTH / 30 / len(AWAKE)
        times = int(wanted) + (self.chance.random() < wanted % 1)
        rounds = list(Round.objects.filter(state="open", opens_at__lte=now, cut_off_at__gt=now).order_by("id"))
        for place in range(times):
            at = now + BUSY * place / times
            self.clock.at = at
            who, luck = self.chance.choice(self.world.members), self.chance.random()
            if rounds and luck < 0.6:
                order = self.doing.in_round(who, self.chance.choice(rounds), at)
            elif luck < 0.8:
                order = self.doing.from_shelf(who, at)
            else:
                order = self.doing.together(who, at)
            if order is not None:
                self._then(order, at)

    def _then(self, order: Order, at: datetime) -> None:
        """Most pay within minutes; some change their mind, before or after; some are asked to take their money back."""
        luck = self.chance.random()
        if luck < 0.03:
            return  # forgotten; it expires
        if luck < 0.05:
            self.doing.attempt(
                "cancel",
                sales.cancel_order,
                order_id=order.pk,
                actor=f"member:{order.member_id}",
                reason="不要了",
                member=order.member,
                now=at,
            )
            return
        self.doing.pay(order, at)
        if luck > 0.985:
            self.doing.attempt(
                "refund at any moment",
                sales.refund_order, order_id=order.pk, reason="客人电话", actor=f"staff:{self.world.operator.pk}",
                    idempotency_key=self.world.key(), now=at
            )  # fmt: skip

    # The shop

    def _staff(self, now: datetime) -> None:
        """Morning: parcels leave, goods for pickup are put ready, complaints are answered, shelves are filled."""
        waiting = Fulfilment.objects.filter(state=FulfilmentState.WAITING).exclude(order__waits_for__startswith="round:")
        for one in list(waiting.select_related("order").order_by("id")):
            if one.order.method == "delivery":
                self.doing.attempt(
                    "ship",
                    fulfilment.ship,
                        fulfilment_id=one.pk, actor_member=self.world.packer, carrier="顺丰",
                        tracking=f"SF{one.pk:010d}", now=now
                )  # fmt: skip
            else:
                self.doing.attempt("put ready", fulfilment.make_ready, fulfilment_id=one.pk, actor="system", now=now)
        for claim in list(Claim.objects.filter(state="open").values_list("pk", flat=True)):
            self.doing.answer(claim, now)
        left = free([sku.pk for sku in (*self.world.fresh, *self.world.lasting)])
        for sku in (*self.world.fresh, *self.world.lasting):
            if left.get(sku.pk, 0) < 100:
                restock(self.world, sku, units=len(self.world.members) // 10 + 50, now=now)

    def _recall(self, now: datetime) -> None:
        """The lot of which most was handed over is found to be bad."""
        lots = sorted(self.world.lots.values(), key=lambda lot: (-lot.line_lots.count(), lot.pk))
        self.doing.attempt(
            "recall",
            aftersales.recall,
            lot_id=lots[0].pk,
            reason="供应商通知：抽检不合格",
            actor=self.world.operator,
            now=now,
        )

    # Rounds

    def _open_round(self, day: int, now: datetime) -> None:
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

    def _lorry(self, now: datetime) -> None:
        """On the day of pickup goods come in for the round, go out to the stations and are counted there; now and then some are short."""
        for one in Round.objects.filter(state="closed", pickup_from__gt=now, pickup_from__lte=now + 4 * HOUR):
            lots = {}
            for sku_id in {row.sku_id for row in demand(one.pk)}:
                units = sum(row.quantity for row in demand(one.pk) if row.sku_id == sku_id)
                sku = next(sku for sku in (*self.world.fresh, *self.world.lasting) if sku.pk == sku_id)
                short = self.chance.random() < 0.1
                lots[sku_id] = self._bought(one, sku, max(1, units - 2) if short else units, now)
            for stop in one.stops.select_related("station__point__leader").order_by("id"):
                self._count(stop, lots, now)

    def _bought(self, one: Round, sku: Sku, units: int, now: datetime) -> Lot:
        if not one.goods.filter(sku=sku, comes_later=True).exists():
            return self.world.lots[sku.pk]
        lot = catalogue.add_lot(
            sku=sku, code=f"R{one.pk}-{sku.code}", made_on=now.date(), storage="chilled",
            expires_at=now + timedelta(days=5), now=now,
        )  # fmt: skip
        stock.receive(
            sku_id=sku.pk, quantity=units, lot_id=lot.pk, source=f"round:{one.pk}", key=self.world.key(),
            reason="delivery", actor="system", now=now,
        )  # fmt: skip
        self.world.lots[sku.pk] = lot
        return lot

    def _count(self, stop: Stop, lots: dict[int, Lot], now: datetime) -> None:
        for row in expected(stop_id=stop.pk):
            luck = self.chance.random()
            arrived, damaged = row.quantity, 0
            if luck < 0.02:
                damaged = 1
            key = self.world.key()
            for _ in range(2 if luck > 0.97 else 1):  # a bad network: the phone sends again
                self.doing.attempt(
                    "count what came",
                    stations.count_arrival, stop_id=stop.pk, lot_id=lots[row.sku_id].pk, arrived=arrived, damaged=damaged,
                        temperature_tenths=40, actor=stop.station.point.leader, key=key, now=now
                )  # fmt: skip
        self.doing.attempt("end the wait", stations.end_wait, stop_id=stop.pk, actor=self.world.operator, now=now)

    # At the stations

    def _collect(self, now: datetime) -> None:
        """Half of those who may come do so in an hour; a few never come. Then some keep it, some complain."""
        ready = Fulfilment.objects.filter(state=FulfilmentState.READY).select_related("order__pickup_point__leader", "order__member")
        by_point = {one.point_id: one for one in self.world.stations}
        for one in list(ready.order_by("id")):
            if one.pk % 40 == 7 or self.chance.random() < 0.5:
                continue
            order, point = one.order, one.order.pickup_point
            assert point is not None
            if order.waits_for.startswith("round:"):
                self.doing.attempt(
                    "collect",
                    stations.hand_over, station_id=by_point[point.pk].pk, code=one.pickup_code, actor=point.leader,
                        key=self.world.key(), now=now
                )  # fmt: skip
            else:
                self.doing.attempt(
                    "collect",
                    fulfilment.hand_over,
                    fulfilment_id=one.pk,
                    actor_member=point.leader,
                    code=one.pickup_code,
                    now=now,
                )
        self._say(now)

    def _say(self, now: datetime) -> None:
        fresh = OrderLine.objects.filter(
            received_at__gt=now - 2 * HOUR, received_at__lte=now, kept_at=None, returned_at=None, dropped_at=None
        )
        for line in list(fresh.select_related("order__member").order_by("id")):
            luck = self.chance.random()
            if luck < 0.02:
                self.doing.complain(line, now)
            elif luck < 0.4:
                self.doing.attempt("keep", sales.say_kept, line_id=line.pk, member=line.order.member, now=now)
