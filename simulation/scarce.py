"""Launches with their queue, brand days, and a few numbered pieces."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from quanzi.kernel import clock
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import Ask, BrandDay, Edition, Launch, Piece, Place
from quanzi.trade.launches.services import DayPlan
from simulation.occasions import HOUR, HOURS_A_DAY, MINUTE, Act, Occasion
from simulation.world import restock

LAUNCHES_ON, BRAND_DAYS_ON = (1, 10, 19), (2, 17)
SALE_STARTS, SALE_LASTS = 20, 2 * HOUR
TAKES_TURN, GIVES_UP = 0.7, 0.1
PIECES = 12
EVERY = 5 * MINUTE


class Scarce(Occasion):
    def open(self, day: int, now: datetime) -> None:
        if day == 0:
            self.doing.attempt(
                "open an edition", launches.open_edition, sku_id=self.world.numbered.pk, size=PIECES, actor=self.world.operator, now=now
            )  # fmt: skip
        if day in LAUNCHES_ON:
            self._plan_launch(day, now)
        if day in BRAND_DAYS_ON:
            self._plan_day(now)

    def _plan_launch(self, day: int, now: datetime) -> None:
        sku, units = self.world.lasting[day % len(self.world.lasting)], max(3, self.some // 3)
        restock(self.world, sku, units=units, now=now)
        starts = clock.local(now).replace(hour=SALE_STARTS, minute=0)
        self.doing.attempt(
            "plan a launch",
            launches.plan_launch, title=f"第 {day + 1} 天秒杀", sku_id=sku.pk, price_minor=sku.price_minor // 2, units=units,
                limit_each=2, entry_opens_at=now, starts_at=starts, ends_at=starts + SALE_LASTS, turn_minutes=5,
                actor=self.world.operator, now=now
        )  # fmt: skip

    def _plan_day(self, now: datetime) -> None:
        goods = [DayPlan(sku.pk, sku.price_minor * 85 // 100) for sku in self.world.lasting[:3]]
        day = self.doing.attempt(
            "plan a brand day",
            launches.plan_day, maker_id=self.world.maker.pk, title="酱园专场", starts_at=now + HOUR, ends_at=now + 30 * HOUR,
                goods=goods, actor=self.world.operator, now=now
        )  # fmt: skip
        assert day is not None
        for _ in range(self.some // 2):
            self.doing.attempt("be reminded", launches.remind, day_id=day.pk, member=self.who(), now=now)

    def of_this_hour(self, now: datetime) -> list[Act]:
        acts: list[Act] = []
        for one in Launch.objects.filter(state__in=["planned", "selling"], ends_at__gt=now + HOUR).order_by("id"):
            acts += [partial(self._enter, one) for _ in self.times((SALE_STARTS - 10) / 2)]
        for day in BrandDay.objects.filter(starts_at__lte=now, ends_at__gt=now + HOUR).order_by("id"):
            acts += [partial(self._order_of, day) for _ in self.times(HOURS_A_DAY)]
        for edition in Edition.objects.order_by("id"):
            if self.chance.random() < 0.3:
                acts.append(partial(self._want, edition))
        if self.chance.random() < 0.05:
            acts.append(self._hand_on)
        return acts

    # The queue

    def _enter(self, one: Launch, at: datetime) -> None:
        self.doing.attempt(
            "queue up", launches.enter, launch_id=one.pk, member=self.who(), wanted=self.chance.randint(1, 2), now=at
        )

    def turns(self, at: datetime) -> None:
        """Every few minutes of a sale: whose turn it is orders, gives up, or lets it pass."""
        if not Launch.objects.filter(state__in=["planned", "selling"], starts_at__lte=at).exists():
            return
        launches.run_due(at)
        for place in Place.objects.filter(state="turn").select_related("member").order_by("id"):
            luck = self.chance.random()
            if luck < TAKES_TURN:
                self._order_turn(place, at)
            elif luck > 1 - GIVES_UP:
                self.doing.attempt(
                    "give a turn up", launches.leave, launch_id=place.launch_id, member=place.member, now=at
                )

    def _order_turn(self, place: Place, at: datetime) -> None:
        order = self.doing.attempt(
            "order with a turn",
            launches.order_turn, launch_id=place.launch_id, member=place.member, quantity=place.granted,
                idempotency_key=self.world.key(), now=at, **self.doing.where(place.member)
        )  # fmt: skip
        if order is not None and self.chance.random() < 0.9:
            self.doing.pay_order(order, at)

    # The day of a maker

    def _order_of(self, day: BrandDay, at: datetime) -> None:
        who, goods = self.who(), list(day.goods.order_by("id").values_list("sku_id", flat=True))
        lines = [(sku_id, 1) for sku_id in self.chance.sample(goods, self.chance.randint(1, len(goods)))]
        order = self.doing.attempt(
            "order on a brand day",
            launches.order_of_day, day_id=day.pk, member=who, lines=lines, idempotency_key=self.world.key(), now=at,
                **self.doing.where(who)
        )  # fmt: skip
        if order is not None:
            self.doing.pay_order(order, at)

    # Pieces

    def _want(self, edition: Edition, at: datetime) -> None:
        """A piece that is free, or a place on the list; whoever was offered one orders it."""
        offered = Ask.objects.filter(edition=edition, state="turn").select_related("member").order_by("id").first()
        who = offered.member if offered else self.who()
        how = {"edition_id": edition.pk, "member": who, "now": at}
        order = self.doing.attempt(
            "order a piece", launches.order_piece, idempotency_key=self.world.key(), **how, **self.doing.where(who)
        )
        if order is None:
            self.doing.attempt("wait for a piece", launches.ask_piece, **how)
        else:
            self.doing.pay_order(order, at)

    def _hand_on(self, at: datetime) -> None:
        piece = Piece.objects.filter(state="owned", owner__isnull=False).select_related("owner").order_by("id").first()
        if piece is None:
            return
        given = self.doing.attempt("hand a piece on", launches.hand_on, piece_id=piece.pk, member=piece.owner, now=at)
        if given is not None:
            self.doing.attempt("take a piece over", launches.take_over, token=given.token, member=self.who(), now=at)
