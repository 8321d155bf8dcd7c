"""Sign-up chains in circles, and people who ask for a price together."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from quanzi.trade.bargains import services as bargains
from quanzi.trade.bargains.models import Bargain
from quanzi.trade.chains import services as chains
from quanzi.trade.chains.models import Chain, SignUp
from quanzi.trade.chains.services.opening import Good
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import GroupDeal
from simulation.occasions import DAY, HOUR, HOURS_A_DAY, Act, Occasion

CHAINS_ON, BARGAINS_ON = (0, 7, 14, 21), (1, 12)
CALLED_OFF_ON = 14
"""The day of which one list is called off."""
PAYS_AT_ONCE, PAYS_NOW, LEAVES, CALLS_OFF_NOW = 0.6, 0.3, 0.05, 0.2


class Gatherings(Occasion):
    def open(self, day: int, now: datetime) -> None:
        if day in CHAINS_ON:
            for circle, station in zip(self.world.circles, self.world.stations, strict=False):
                goods = [Good(sku.pk) for sku in self.chance.sample(self.world.lasting, 3)]
                self.doing.attempt(
                    "open a chain",
                    chains.open_chain, circle=circle, opener=station.point.leader, title=f"第 {day + 1} 天接龙", goods=goods,
                        point_id=station.point_id, closes_at=now + 30 * HOUR, pay_hours=24, now=now
                )  # fmt: skip
        if day in BARGAINS_ON:
            sku = self.chance.choice(self.world.lasting)
            self.doing.attempt(
                "ask for a price", bargains.ask, sku_id=sku.pk, opener=self.who(), wish_minor=sku.price_minor * 7 // 10, now=now
            )  # fmt: skip

    def morning(self, now: datetime) -> None:
        for asked in Bargain.objects.filter(state="gathering", opened_at__lte=now - DAY / 2).order_by("id"):
            self.doing.attempt(
                "answer a bargain",
                bargains.agree, bargain_id=asked.pk, price_minor=asked.single_minor * 8 // 10, minimum=2,
                    ends_at=now + 4 * DAY, actor=self.world.operator, now=now
            )  # fmt: skip

    def of_this_hour(self, now: datetime) -> list[Act]:
        return [*self._lists(now), *self._late_money(now), *self._bargains(now)]

    def _lists(self, now: datetime) -> list[Act]:
        acts: list[Act] = []
        for chain in (
            Chain.objects.filter(state="open", closes_at__gt=now + HOUR).select_related("circle").order_by("id")
        ):
            acts += [partial(self._sign_up, chain) for _ in self.times(8 * HOURS_A_DAY)]
            is_off = chain.title.startswith(f"第 {CALLED_OFF_ON + 1} ") and chain.circle == self.world.circles[0]
            if is_off and self.chance.random() < CALLS_OFF_NOW:
                acts.append(partial(self._call_off, chain))
        return acts

    def _sign_up(self, chain: Chain, at: datetime) -> None:
        who = self.chance.choice(self.world.people_of[chain.circle_id])
        sku_id = self.chance.choice(list(chain.goods.order_by("id").values_list("sku_id", flat=True)))
        order = self.doing.attempt(
            "sign up",
            chains.sign_up, chain=chain, member=who, lines=[(sku_id, self.chance.randint(1, 2))], words="少放点盐",
                idempotency_key=self.world.key(), now=at
        )  # fmt: skip
        if order is None:
            return
        if self.chance.random() < PAYS_AT_ONCE:
            self.doing.pay_order(order, at)
        if self.chance.random() < LEAVES:
            self.doing.attempt("leave a chain", chains.leave, chain=chain, member=who, now=at)

    def _call_off(self, chain: Chain, at: datetime) -> None:
        opener = chain.opener
        self.doing.attempt("call a chain off", chains.call_off, chain=chain, actor=opener, reason="这周不开车", now=at)

    def _late_money(self, now: datetime) -> list[Act]:
        """Who signed up may pay until some hours after the closing."""
        waiting = SignUp.objects.filter(ended_at=None, order__state="placed", chain__pay_until__gt=now + HOUR)
        found = [one.order for one in waiting.select_related("order").order_by("id")]
        return [partial(self.doing.pay_order, order) for order in found if self.chance.random() < PAYS_NOW]

    def _bargains(self, now: datetime) -> list[Act]:
        acts: list[Act] = []
        for asked in Bargain.objects.filter(state="gathering").order_by("id"):
            acts += [partial(self._add_voice, asked) for _ in self.times(HOURS_A_DAY)]
        for deal in GroupDeal.objects.filter(guests__isnull=False, ends_at__gt=now + HOUR).distinct().order_by("id"):
            if self.chance.random() < 0.2:
                acts.append(partial(self._take_the_offer, deal))
        return acts

    def _add_voice(self, asked: Bargain, at: datetime) -> None:
        self.doing.attempt("add a voice", bargains.add_voice, bargain=asked, member=self.who(), quantity=1, now=at)

    def _take_the_offer(self, deal: GroupDeal, at: datetime) -> None:
        """One who asked opens a team; somebody comes by their link."""
        guest, friend = self.chance.choice(list(deal.guests.order_by("id"))).member, self.who()
        made = self.doing.attempt(
            "open a team of an offer", deals.open_team, deal_id=deal.pk, member=guest, idempotency_key=self.world.key(), now=at,
                **self.doing.where(guest)
        )  # fmt: skip
        if made is None:
            return
        team, order = made
        self.doing.pay_order(order, at)
        joined = self.doing.attempt(
            "join a team of an offer", deals.join_team, team_code=team.code, member=friend, invited_by_id=guest.pk,
                idempotency_key=self.world.key(), now=at, **self.doing.where(friend)
        )  # fmt: skip
        if joined is not None:
            self.doing.pay_order(joined[1], at)
