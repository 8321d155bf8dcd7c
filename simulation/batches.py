"""Preorders: a deposit, a batch that is made or missed, another date, the balance."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from quanzi.kernel import clock
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Answer, Place, Preorder
from quanzi.trade.preorders.services import GoodPlan
from simulation.occasions import DAY, HOUR, HOURS_A_DAY, Act, Occasion

OPENED_ON, WANTS_TOO_MANY_ON, IS_LATE_ON = (0, 1, 8, 13), 1, 8
PAYS_NOW, ANSWERS_NOW, AGREES, LEAVES = 0.2, 0.2, 0.8, 0.08
FORGETS = 9
"""One in so many never pays the balance."""


class Batches(Occasion):
    def open(self, day: int, now: datetime) -> None:
        """Two days for deposits. One batch asks for more people than there are, and is missed."""
        if day not in OPENED_ON:
            return
        goods = [GoodPlan(sku.pk, sku.price_minor * 9 // 10, sku.price_minor // 5) for sku in self.world.to_order]
        threshold = 10 * self.some if day == WANTS_TOO_MANY_ON else max(2, self.some // 4)
        self.doing.attempt(
            "open a preorder",
            preorders.open_preorder, title=_title(day), goods=goods, threshold=threshold, most=threshold * 3, opens_at=now,
                closes_at=now + 2 * DAY, balance_days=2, promised_on=clock.today(now + 10 * DAY),
                actor=self.world.operator, now=now
        )  # fmt: skip

    def morning(self, now: datetime) -> None:
        for batch in Preorder.objects.filter(state="made").order_by("id"):
            if batch.balance_from is None:
                self._ask(batch, now)
            elif batch.balance_from <= now - DAY:
                self._bring(batch, now)

    def _ask(self, batch: Preorder, now: datetime) -> None:
        shop = {"preorder_id": batch.pk, "actor": self.world.operator, "now": now}
        self.doing.attempt("ask for balances", preorders.ask_balance, **shop)
        if batch.title == _title(IS_LATE_ON):
            later = batch.promised_on + 4 * DAY
            self.doing.attempt("ask for a later date", preorders.ask_date, after=later, reason="窑要再烧一次", **shop)

    def _bring(self, batch: Preorder, now: datetime) -> None:
        """What is owed of a batch comes in once."""
        for good in batch.goods.order_by("id"):
            units = sum(place.quantity for place in batch.places.filter(good=good, state__in=["held", "settled"]))
            key = f"batch-{batch.pk}-{good.sku_id}"
            if units and key not in self.world.brought:
                self.world.brought.add(key)
                self.doing.attempt(
                    "bring a batch",
                    preorders.receive_batch, preorder_id=batch.pk, sku_id=good.sku_id, quantity=units, idempotency_key=key,
                        actor=self.world.operator, now=now
                )  # fmt: skip

    def of_this_hour(self, now: datetime) -> list[Act]:
        acts: list[Act] = []
        for batch in Preorder.objects.filter(state="open", opens_at__lte=now, closes_at__gt=now + HOUR).order_by("id"):
            acts += [partial(self._join, batch) for _ in self.times(2 * HOURS_A_DAY)]
        held = Place.objects.filter(state="held", preorder__state="made", preorder__balance_from__lte=now, order=None)
        for place in held.select_related("member").order_by("id"):
            if place.pk % FORGETS != 7 and self.chance.random() < PAYS_NOW:
                acts.append(partial(self._pay, place))
        for asked in Answer.objects.filter(agrees=None).select_related("place__member").order_by("id"):
            if self.chance.random() < ANSWERS_NOW:
                acts.append(partial(self._answer, asked.place))
        return acts

    def _join(self, batch: Preorder, at: datetime) -> None:
        who, good = self.who(), self.chance.choice(list(batch.goods.order_by("id")))
        place = self.doing.attempt(
            "join a batch",
            preorders.ask_place, preorder_id=batch.pk, sku_id=good.sku_id, quantity=self.chance.randint(1, 2), member=who,
                idempotency_key=self.world.key(), now=at
        )  # fmt: skip
        if place is None:
            return
        self.doing.pay("deposit", place.pk, who.pk, at)
        if self.chance.random() < LEAVES:
            self.doing.attempt("leave a batch", preorders.leave, place_id=place.pk, member=who, now=at)

    def _pay(self, place: Place, at: datetime) -> None:
        order = self.doing.attempt(
            "order the balance",
            preorders.order_balance, place_id=place.pk, member=place.member, idempotency_key=self.world.key(), now=at,
                **self.doing.where(place.member)
        )  # fmt: skip
        if order is not None:
            self.doing.pay_order(order, at)

    def _answer(self, place: Place, at: datetime) -> None:
        agrees = self.chance.random() < AGREES
        self.doing.attempt(
            "answer about a date", preorders.answer_date, place_id=place.pk, member=place.member, agrees=agrees, now=at
        )


def _title(day: int) -> str:
    return f"第 {day + 1} 天的批次"
