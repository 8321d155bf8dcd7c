"""When people do what: hours of the day, days of the month, the periodic jobs of the shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from quanzi.base.events.services import deliver_pending
from quanzi.base.jobs.registry import find
from quanzi.base.jobs.services import run_due
from quanzi.goods.stock import services as stock
from quanzi.goods.stock.queries import free, lots
from quanzi.kernel.clock import Clock, local
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from quanzi.trade.stations.models import Round
from simulation.afterwards import Afterwards
from simulation.batches import Batches
from simulation.dispatch import Dispatch
from simulation.gatherings import Gatherings
from simulation.occasions import Act
from simulation.rounds import Rounds
from simulation.scarce import EVERY, Scarce
from simulation.verbs import Doing
from simulation.world import World, restock

DAY, HOUR, BUSY = timedelta(days=1), timedelta(hours=1), timedelta(minutes=50)
"""People come in the first fifty minutes of an hour; the house is kept after them."""

AWAKE = range(7, 23)
ORDERS_A_MONTH = 0.8
"""Of one member, tries included, beside what occasions bring."""
IN_ROUNDS, FROM_SHELF = 0.6, 0.8
OPENING_DAYS = (0, 2, 4)
RECALLED_ON, SETTLED_ON = 16, 27
FORGETS, CHANGES_MIND, IS_TAKEN_BACK = 0.03, 0.05, 0.985
NOT_HERE = ("backup.", "console.", "jobs.", "exporting.", "importing.", "erasing.", "webhooks.")
"""Periodic jobs that keep the house, not the trade."""

Told = Callable[[str], None]


class Month:
    """Moves the clock hour by hour, forward only; `tell` hears of every day."""

    def __init__(self, world: World, clock: Clock, *, tell: Told) -> None:
        self.world, self.clock, self.tell = world, clock, tell
        self.chance = world.chance
        self.doing = Doing(world)
        self.rounds, self.dispatch = Rounds(world, self.doing), Dispatch(world, self.doing)
        self.afterwards, self.scarce = Afterwards(world, self.doing), Scarce(world, self.doing)
        self.occasions = (self.scarce, Batches(world, self.doing), Gatherings(world, self.doing))
        found = app.periodic_registry.periodic_tasks.values()
        self.jobs = sorted(
            (one for one in found if not one.task.name.startswith(NOT_HERE)), key=lambda one: one.task.name
        )
        self.kept_at = clock.at

    def live(self, days: int) -> None:
        for day in range(days):
            self.tell(f"day {day + 1}: {Order.objects.count():,} orders")
            for _ in range(24):
                self._hour(day)

    def come_to_rest(self, days: int = 24) -> None:
        """Nobody buys any more; windows close, and what waits is answered."""
        self.tell("windows close")
        for _ in range(days * 3):
            self.dispatch.morning(self.clock.at)
            self.dispatch.drive(self.clock.at)
            self.afterwards.second_person(self.clock.at)
            self.afterwards.morning(self.clock.at)
            self.afterwards.throw_away(self.clock.at)
            for occasion in self.occasions:
                occasion.morning(self.clock.at)
            self._keep_house()
            self._pass_to(self.clock.at + 8 * HOUR)

    def _pass_to(self, at: datetime) -> None:
        if at < self.clock.at:
            raise ValueError(f"time does not go back from {self.clock.at} to {at}")
        self.clock.at = at

    def _hour(self, day: int) -> None:
        begins, hour = self.clock.at, local(self.clock.at).hour
        for number in self.doing.heard_later:
            self.doing.hear(number, begins)
        self.doing.heard_later.clear()
        if hour in AWAKE:
            self._people(begins)
        now = begins + BUSY
        self._pass_to(now)
        self._shop(day, hour, now)
        if hour in AWAKE or hour % 3 == 0:
            self._keep_house()
        self._pass_to(begins + HOUR)

    def _shop(self, day: int, hour: int, now: datetime) -> None:
        """What the shop does at its hours."""
        if hour == 9:
            self._morning(now)
        if hour == 10:
            if day % 7 in OPENING_DAYS:
                self.rounds.open(day, now)
            for occasion in self.occasions:
                occasion.open(day, now)
        if hour == 11 and day == RECALLED_ON:
            self.afterwards.recall(now)
        if hour == 11 and day == SETTLED_ON:
            self.rounds.settle(now)
        if hour == 12:
            self.afterwards.next_day(now)
        if hour == 13:
            self.rounds.bring(now)
            self.dispatch.drive(now)
        if hour in (11, 15, 18):
            self.afterwards.second_person(now)
        if hour in range(16, 21):
            self.rounds.collect(now)
            self.afterwards.evening(now)

    def _morning(self, now: datetime) -> None:
        self.rounds.buy(now)
        self.dispatch.morning(now)
        self.afterwards.morning(now)
        self.afterwards.throw_away(now)
        for occasion in self.occasions:
            occasion.morning(now)
        self._throw_away_old(now)
        goods = [*self.world.fresh, *self.world.lasting]
        left = free([sku.pk for sku in goods])
        for sku in goods:
            good_until = self.world.lots[sku.pk].expires_at
            if left.get(sku.pk, 0) < 100 or (good_until is not None and good_until <= now + 2 * DAY):
                restock(self.world, sku, units=len(self.world.members) // 10 + 50, now=now)

    def _throw_away_old(self, now: datetime) -> None:
        """What expires before the evening of tomorrow leaves the shelf in the morning, except what somebody still waits for.

        New goods come after it: they would hide that all of an old lot is promised."""
        unpromised = free([sku.pk for sku in self.world.fresh])
        for sku in self.world.fresh:
            for lot in lots(sku.pk, now=now):
                units = min(lot.on_hand, unpromised.get(sku.pk, 0))
                if units > 0 and lot.expires_at is not None and lot.expires_at <= now + DAY:
                    unpromised[sku.pk] -= units
                    self.doing.attempt(
                        "throw old goods away",
                        stock.scrap, sku_id=sku.pk, quantity=units, lot_id=lot.id, key=self.world.key(),
                            reason="过期", actor="system", now=now
                    )  # fmt: skip

    def _keep_house(self) -> None:
        """What happened is told, and each periodic job whose time came since the last time is done, once."""
        now = self.clock.at
        while deliver_pending(now=now):
            pass
        for one in self.jobs:
            if one.croniter.get_next(datetime, start_time=self.kept_at) <= now:
                find(one.task.name).run({})
        self.kept_at = now
        while run_due(now) or deliver_pending(now=now):
            pass

    # People

    def _people(self, begins: datetime) -> None:
        """Everybody who comes in this hour, one after the other."""
        rounds = list(
            Round.objects.filter(state="open", opens_at__lte=begins, cut_off_at__gt=begins + HOUR).order_by("id")
        )
        acts: list[Act] = [lambda at: self._buy(rounds, at) for _ in range(self._buyers())]
        for occasion in self.occasions:
            acts += occasion.of_this_hour(begins)
        self.chance.shuffle(acts)
        agenda = [(begins + BUSY * place / len(acts), place, act) for place, act in enumerate(acts)]
        agenda += [(begins + EVERY * n, len(acts) + n, self.scarce.turns) for n in range(BUSY // EVERY)]
        for at, _, act in sorted(agenda, key=lambda one: one[:2]):
            self._pass_to(at)
            act(at)

    def _buyers(self) -> int:
        wanted = len(self.world.members) * ORDERS_A_MONTH / 30 / len(AWAKE)
        return int(wanted) + (self.chance.random() < wanted % 1)

    def _buy(self, rounds: list[Round], at: datetime) -> None:
        who, luck = self.chance.choice(self.world.members), self.chance.random()
        if rounds and luck < IN_ROUNDS:
            order = self.doing.in_round(who, self.chance.choice(rounds), at)
        elif luck < FROM_SHELF:
            order = self.doing.from_shelf(who, at)
        else:
            order = self.doing.together(who, at)
        if order is not None:
            self._then(order, at)

    def _then(self, order: Order, at: datetime) -> None:
        """Most pay within minutes; some change their mind, before or after; some are asked to take their money back."""
        luck = self.chance.random()
        if luck < FORGETS:
            return  # it expires
        if luck < CHANGES_MIND:
            self.doing.attempt(
                "cancel",
                sales.cancel_order, order_id=order.pk, actor=f"member:{order.member_id}", reason="不要了", member=order.member, now=at
            )  # fmt: skip
            return
        self.doing.pay_order(order, at)
        if luck > IS_TAKEN_BACK:
            self.afterwards.take_back(order, at)
        elif luck > 2 * IS_TAKEN_BACK - 1:
            self.afterwards.any_moment(at)
