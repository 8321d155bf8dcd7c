"""Stories of a whole shop: orders, and the teams and claims around them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from quanzi.kernel import clock
from quanzi.trade.aftersales import services as aftersales
from quanzi.trade.aftersales.models import Claim
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import Team
from quanzi.trade.sales.models import Order
from tests.factories.deals import make_deal
from tests.factories.goods import make_sku
from tests.properties.order_model import REFUNDABLE, Bought, Line, Shelf, Together
from tests.properties.orders import Orders
from tests.properties.story import pick

WINDOW = timedelta(minutes=60)
LADDER = [(3, 3_000)]
"""The last step of a deal whose first one is two people."""


class Shop(Orders):
    """Teams of two or three, and buyers who ask for their money back."""

    def furnish(self) -> None:
        super().furnish()
        sku = make_sku(stock_of=5)
        self.shelves.append(Shelf(sku.pk, 5))
        self.skus.append(sku)
        self.deals = [make_deal(sku=sku, team_size=size, per_member_limit=9) for size in (2, 3)]
        self.deals.append(make_deal(sku=sku, team_size=2, steps=LADDER, per_member_limit=9))
        self.claims: dict[int, tuple[Bought, Line]] = {}

    def free_of_deal(self) -> int:
        return self.shelves[2].free(self.orders)

    def how(self, who: int) -> dict[str, Any]:
        return {
            "member": self.members[who],
            "method": "pickup",
            "pickup_point_id": self.point.pk,
            "idempotency_key": self.key(),
            "now": clock.now(),
        }

    def seat(self, order: Order, team: Together) -> None:
        one = Bought(
            order.pk,
            order.idempotency_key,
            order.member_id,
            order.method,
            order.amount_minor,
            order.freight_minor,
            order.pay_by,
            [Line(line.pk, line.sku_id, line.quantity, line.paid_minor) for line in order.lines.all()],
            team=team,
            seat="held",
        )
        team.orders.append(one)
        self.orders.append(one)

    # -- teams

    @rule(who=pick, which=pick)
    def open_team(self, who: int, which: int) -> None:
        deal = self.deals[which % 3]
        how = self.how(who % 3)
        made = self.attempt(lambda: deals.open_team(deal_id=deal.pk, **how), expected=self.free_of_deal() > 0)
        if made is not None:
            team, order = made
            assert deals.open_team(deal_id=deal.pk, **how)[1].pk == order.pk  # a double click
            steps = tuple((people, price) for people, price in deal.steps)
            self.teams.append(Together(team.pk, team.code, deal.team_size, clock.now() + WINDOW, steps=steps))
            self.seat(order, self.teams[-1])

    @precondition(lambda self: self.teams)
    @rule(who=pick, which=pick)
    def join_team(self, who: int, which: int) -> None:
        team, who = self.teams[which % len(self.teams)], who % 3
        expected = (
            team.takes_people(clock.now()) and team.has_place_for(self.members[who].pk) and self.free_of_deal() > 0
        )
        made = self.attempt(lambda: deals.join_team(team_code=team.code, **self.how(who)), expected=expected)
        if made is not None:
            self.seat(made[1], team)

    @precondition(lambda self: any(order.seat == "held" for order in self.orders))
    @rule(number=pick)
    def pay_for_a_seat(self, number: int) -> None:
        """The usual way, so that teams succeed."""
        held = [index for index, order in enumerate(self.orders) if order.seat == "held"]
        self.pay_now(held[number % len(held)])

    @precondition(lambda self: self.teams)
    @rule(who=pick, which=pick)
    def leave_team(self, who: int, which: int) -> None:
        team, member = self.teams[which % len(self.teams)], self.members[who % 3]
        mine = next((order for order in team.live() if order.member_id == member.pk), None)
        may = mine is not None and (mine.seat == "held" or mine.state == "paid")
        self.attempt(
            lambda: deals.leave_team(team_code=team.code, member=member, now=clock.now()) or True, expected=may
        )
        if mine is not None and may:
            self.end(mine, "left_team")

    def end(self, order: Bought, reason: str) -> None:
        """An order of a team is over: cancelled, or refunded whole."""
        if order.state == "placed":
            order.cancel(reason)
            return
        self.sent_back_minor += order.amount_minor - order.refunded_minor
        for line in order.lines:
            line.refunded_minor = line.paid_minor
        order.settle()

    @rule(minutes=st.sampled_from([0, 10, 60]))
    def teams_end(self, minutes: int) -> None:
        """The minute's job for teams, which may come before the one for unpaid orders."""
        now = self.time.move(timedelta(minutes=minutes))
        self.minute_passes(now)
        self.expire(now)

    def minute_passes(self, now: datetime) -> None:
        deals.fail_due(now)
        deals.level_due(now)
        for team in self.teams:
            if team.state == "forming" and team.deadline <= now:
                if team.paid() >= team.size:
                    team.succeed()
                else:
                    team.state = "failed"
                    for order in team.live():
                        self.end(order, "team_failed")
            self.sent_back_minor += team.level()

    @precondition(lambda self: self.teams)
    @invariant()
    def every_team_is_as_the_model_says(self) -> None:
        stored = Team.objects.prefetch_related("seats").in_bulk([team.id for team in self.teams])
        for team in self.teams:
            there = stored[team.id]
            paid = sum(order.seat == "paid" for order in team.orders)
            assert (there.state, there.taken_seats, there.paid_seats) == (team.state, len(team.live()), paid)
            seats = {seat.order_id: seat.state for seat in there.seats.all()}
            assert seats == {order.id: order.seat for order in team.orders}

    # -- claims

    @precondition(lambda self: self.orders)
    @rule(number=pick, which=pick)
    def ask(self, number: int, which: int) -> None:
        order = self.one(number)
        line = order.lines[which % len(order.lines)]
        member = next(member for member in self.members if member.pk == order.member_id)
        is_settled = line.is_returned or line.is_dropped or line.left_minor == 0
        in_time = line.received_at is None or clock.now() < self.closes_at(line.sku_id, line.received_at)
        made = self.attempt(
            lambda: aftersales.ask(line_id=line.id, member=member, reason="spoiled", note="碎了", now=clock.now()),
            expected=order.state not in ("placed", "cancelled") and not is_settled and in_time and not line.is_claimed,
        )
        if made is not None:
            line.is_claimed = True
            self.claims[made.pk] = order, line

    @precondition(lambda self: self.claims)
    @rule(number=pick, how=st.sampled_from(["accept", "decline", "withdraw"]))
    def answer(self, number: int, how: str) -> None:
        claim_id = list(self.claims)[number % len(self.claims)]
        order, line = self.claims[claim_id]
        now, amount = clock.now(), line.left_minor
        may = how != "accept" or (order.state in REFUNDABLE and amount > 0)
        self.attempt(lambda: self.decide(claim_id, how), expected=may)
        if not may:
            return
        del self.claims[claim_id]
        line.is_claimed = False
        if how == "accept":
            line.refunded_minor += amount
            self.after_line_refund(order, line, goods_back=False, amount=amount)
        order.settle()
        assert now == clock.now()

    def decide(self, claim_id: int, how: str) -> Claim:
        now = clock.now()
        if how == "accept":
            return aftersales.accept(claim_id=claim_id, actor_member=self.staff, now=now)
        if how == "decline":
            return aftersales.decline(claim_id=claim_id, actor_member=self.staff, answer="不行", now=now)
        member = Claim.objects.get(pk=claim_id).member
        return aftersales.withdraw(claim_id=claim_id, member=member, now=now)
