"""Buying and paying: one service call each, or the few that belong together. A refusal that people meet in life is counted and passed over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.models import Member
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import Team
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.errors import NotificationRefused, ProviderSilent
from quanzi.trade.payments.models import Payment
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Round
from simulation.world import World

TRIES = 3
FORGED, TWICE, LATE, LOST = 0.005, 0.05, 0.04, 0.03
"""How often a notification is forged first, comes twice, comes an hour later, or never."""


class Doing:
    """heard_later: payments of which the bank tells in an hour. refused: what people were told, and how often."""

    def __init__(self, world: World) -> None:
        self.world, self.chance = world, world.chance
        self.heard_later: list[str] = []
        self.refused: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def attempt[T](self, what: str, act: Callable[..., T], **how: Any) -> T | None:
        """None when the shop refused in words."""
        try:
            found = act(**how)
        except DomainError as refusal:
            self.refused[f"{what}: {refusal.code}"] += 1
            return None
        self.done[what] += 1
        return found

    # Buying

    def from_shelf(self, who: Member, now: datetime) -> Order | None:
        skus = self.chance.sample([*self.world.lasting, *self.world.fresh], self.chance.randint(1, 3))
        lines = [(sku.pk, self.chance.randint(1, 2)) for sku in skus]
        return self.attempt(
            "order from the shelf",
            sales.place_order,
            member=who,
            lines=lines,
            idempotency_key=self.world.key(),
            now=now,
            **self.where(who),
        )

    def in_round(self, who: Member, round: Round, now: datetime) -> Order | None:
        goods = list(round.goods.all())
        wanted = self.chance.sample(goods, min(len(goods), self.chance.randint(1, 3)))
        station = self.world.stations[self.world.home[who.pk]]
        return self.attempt(
            "order in a round",
            stations.order_in_round, round_id=round.pk, station_id=station.pk, member=who, idempotency_key=self.world.key(),
                lines=[(one.sku_id, self.chance.randint(1, 2)) for one in wanted], now=now
        )  # fmt: skip

    def together(self, who: Member, now: datetime) -> Order | None:
        """Joins a team that forms, or opens one."""
        open_teams = list(Team.objects.filter(state="forming", deadline__gt=now).order_by("-paid_seats", "id")[:20])
        how = {"idempotency_key": self.world.key(), "now": now, **self.where(who)}
        if open_teams and self.chance.random() < 0.85:
            team = self.chance.choice(open_teams)
            made = self.attempt(
                "join a team", deals.join_team, team_code=team.code, member=who, invited_by_id=team.opener_id, **how
            )
        else:
            deal = self.chance.choice(self.world.deals)
            made = self.attempt("open a team", deals.open_team, deal_id=deal.pk, member=who, **how)
        return made[1] if made is not None else None

    def where(self, who: Member) -> dict[str, Any]:
        if who.pk in self.world.addresses and self.chance.random() < 0.7:
            return {"method": "delivery", "address_id": self.world.addresses[who.pk]}
        return {"method": "pickup", "pickup_point_id": self.world.stations[self.world.home[who.pk]].point_id}

    # Paying

    def pay_order(self, order: Order, now: datetime) -> None:
        self.pay("order", order.pk, order.member_id, now)

    def pay(self, kind: str, number: int, member_id: int, now: datetime) -> None:
        """Pays at the bank, which then tells the shop in its own manner."""
        payment = self._begun(kind, number, member_id, now)
        if payment is None or not self.world.bank.pay(payment.number, now):
            return
        self.done["pay"] += 1
        luck = self.chance.random()
        if luck < FORGED:
            self._lie(payment, now)
        if luck < LOST + FORGED:
            return
        if luck < LOST + FORGED + LATE:
            self.heard_later.append(payment.number)
            return
        for _ in range(2 if luck < LOST + FORGED + LATE + TWICE else 1):
            self.hear(payment.number, now)

    def _begun(self, kind: str, number: int, member_id: int, now: datetime) -> Payment | None:
        key = self.world.key()
        for _ in range(TRIES):
            try:
                return payments.start(
                    payable_kind=kind, payable_id=number, provider=self.world.bank.name, member_id=member_id,
                    idempotency_key=key, return_url="", now=now,
                ).payment  # fmt: skip
            except ProviderSilent:
                self.done["the bank did not answer"] += 1
            except DomainError as refusal:
                self.refused[f"pay: {refusal.code}"] += 1
                return None
        return None

    def hear(self, number: str, now: datetime) -> None:
        headers, body = self.world.bank.notice(number)
        heard = payments.receive_notification(provider=self.world.bank.name, headers=headers, body=body, now=now)
        if heard.notification_id is not None:
            payments.apply_notification(notification_id=heard.notification_id, now=now)

    def _lie(self, payment: Payment, now: datetime) -> None:
        _, body = self.world.bank.notice(payment.number)
        try:
            answer = payments.receive_notification(
                provider=self.world.bank.name, headers={"Proof": "x" * 64}, body=body, now=now
            )
        except NotificationRefused:
            answer = None
        if answer is not None and answer.status == 200:
            raise AssertionError("a forged notification was believed")
        self.done["a lie was refused"] += 1
