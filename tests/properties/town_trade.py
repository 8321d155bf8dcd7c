"""Buying in a town: from the shelf, up a ladder, in rounds; and getting the goods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.supply import services as supply
from quanzi.kernel import clock
from quanzi.trade.deals import services as deals
from quanzi.trade.deals.models import Team
from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment, Parcel
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderLine
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Round
from quanzi.trade.stations.queries import expected
from quanzi.trade.stations.services import GoodPlan
from tests.properties.story import OFTEN, pick
from tests.properties.town_square import Square, when

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Trade(Square):
    """What is bought and handed over."""

    # -- buying

    @rule(who=pick, jars=st.integers(0, 2), cups=st.integers(0, 2), is_pickup=st.booleans(), pays=OFTEN)
    def buy(self, who: int, jars: int, cups: int, is_pickup: bool, pays: bool) -> None:
        member, lines = self.who(who), [(self.jar.pk, jars), (self.cup.pk, cups)]
        order = self.attempt(
            lambda: sales.place_order(
                member=member, lines=[line for line in lines if line[1]], idempotency_key=self.key(), now=clock.now(),
                **self.how(member, is_pickup),
            )
        )  # fmt: skip
        if order is not None and pays:
            self.pay("order", order.pk, member.pk)

    @rule(number=pick)
    @when("unpaid")
    def pay_late(self, number: int) -> None:
        order: Order | None = self.one(Order.objects.filter(state__in=["placed", "cancelled"]), number)
        if order is not None:
            self.pay("order", order.pk, order.member_id)

    @rule(who=pick, number=pick, pays=OFTEN)
    def climb(self, who: int, number: int, pays: bool) -> None:
        """Into a team whose price falls as it grows."""
        member = self.who(who)
        how = {"member": member, "idempotency_key": self.key(), "now": clock.now(), **self.how(member, True)}
        team: Team | None = self.one(Team.objects.filter(state="forming"), number)
        if team is None:
            made = self.attempt(lambda: deals.open_team(deal_id=self.deal.pk, **how))
        else:
            made = self.attempt(lambda: deals.join_team(team_code=team.code, **how))
        if made is not None and pays:
            self.pay("order", made[1].pk, member.pk)

    # -- rounds

    @rule(
        most=st.integers(2, 5),
        minimum=st.integers(0, 2),
        also=st.booleans(),
        people=st.lists(pick, min_size=1, max_size=3),
    )
    @when(no="open round")
    def open_round(self, most: int, minimum: int, also: bool, people: list[int]) -> None:
        now = clock.now()
        goods = [GoodPlan(self.fish.pk, 1_800, most, minimum, 500, True)]
        if also:
            goods.append(GoodPlan(self.cup.pk, 2_400, 2, 0, 500))
        self.attempt(
            stations.open_round, title="周五团期", opens_at=now, cut_off_at=now + 2 * HOUR, pickup_from=now + 6 * HOUR,
            pickup_until=now + 10 * HOUR, goods=goods, station_ids=[self.station.pk], actor="test", now=now,
        )  # fmt: skip
        for number in people:
            self.order_in(number, number, 1 + number % 2, number % 3 == 0, number % 5 > 0)

    @rule(number=pick, who=pick, fish=st.integers(1, 2), with_cup=st.booleans(), pays=OFTEN)
    @when("open round")
    def order_in_round(self, number: int, who: int, fish: int, with_cup: bool, pays: bool) -> None:
        self.order_in(number, who, fish, with_cup, pays)

    def order_in(self, number: int, who: int, fish: int, with_cup: bool, pays: bool) -> None:
        found: Round | None = self.one(Round.objects.filter(state="open"), number)
        if found is None:
            return
        member = self.who(who)
        lines = [(self.fish.pk, fish), *([(self.cup.pk, 1)] if with_cup and found.goods.count() > 1 else [])]
        order = self.attempt(
            stations.order_in_round, round_id=found.pk, station_id=self.station.pk, member=member, lines=lines,
            idempotency_key=self.key(), now=clock.now(),
        )  # fmt: skip
        if order is not None and pays:
            self.pay("order", order.pk, member.pk)

    @rule(number=pick, short=st.integers(0, 1), damaged=st.integers(0, 1), nothing_more=st.booleans())
    @when("round")
    def bring(self, number: int, short: int, damaged: int, nothing_more: bool) -> None:
        """The cut-off comes, the supplier sends what they have, and the leader counts it, perhaps twice."""
        found: Round | None = self.one(Round.objects.filter(state__in=["open", "closed"]), -1)
        assert found is not None
        if found.state == "open":
            self.pass_time(max(found.cut_off_at - clock.now(), timedelta(0)))
        self.attempt(self.purchase, found=found, short=short)
        stop = found.stops.get()
        for row in expected(stop_id=stop.pk):
            for lot in Lot.objects.filter(sku_id=row.sku_id).order_by("-pk")[:1]:
                told: dict[str, Any] = {
                    "stop_id": stop.pk, "lot_id": lot.pk, "arrived": row.quantity, "damaged": min(damaged, row.quantity - 1),
                    "actor": self.leader, "key": self.key(), "now": clock.now(),
                }  # fmt: skip
                for _ in range(2):
                    self.attempt(stations.count_arrival, **told)
        if nothing_more:
            self.attempt(stations.end_wait, stop_id=stop.pk, actor=self.staff, now=clock.now())

    def purchase(self, found: Round, short: int) -> None:
        now = clock.now()
        made, _ = supply.from_demand(ref=f"round:{found.pk}", actor=self.staff, now=now)
        for purchase in made:
            supply.send(purchase_id=purchase.pk, actor=self.staff, now=now)
            supply.confirm(purchase_id=purchase.pk, now=now)
            for line in purchase.lines.all():
                supply.receive(
                    line_id=line.pk, quantity=max(1, line.quantity - short), lot_code=f"F{found.pk}", expires_at=now + 3 * DAY,
                    key=self.key(), actor="system", now=now,
                )  # fmt: skip

    @rule(number=pick)
    @when("open round")
    def call_round_off(self, number: int) -> None:
        found: Round | None = self.one(Round.objects.filter(state="open"), number)
        if found is not None and number % 3 == 0:
            self.attempt(lambda: stations.call_off(round_id=found.pk, actor=self.staff, now=clock.now()))

    # -- handing over

    @rule(number=pick)
    @when("ready")
    def collect(self, number: int) -> None:
        """Some of those whose goods are ready come."""
        for ready in list(Fulfilment.objects.filter(state="ready").select_related("order").order_by("pk")):
            if (ready.pk + number) % 4:
                self.hand_over(ready)

    def hand_over(self, ready: Fulfilment) -> None:
        """With the code, and once more with the same code, which gives nothing."""
        code, before = ready.pickup_code, self.given()
        is_round = ready.order.waits_for.startswith("round:")

        def act() -> Any:
            if is_round:
                return stations.hand_over(
                    station_id=self.station.pk, code=code, actor=self.leader, key=self.key(), now=clock.now()
                )
            return fulfilment.hand_over(fulfilment_id=ready.pk, actor_member=self.leader, code=code, now=clock.now())

        if self.attempt(act) is not None:
            after = self.given()
            assert after > before
            assert self.attempt(act) is None or is_round
            assert self.given() == after, "a code worked twice"

    def given(self) -> int:
        return OrderLine.objects.filter(handed_over_at__isnull=False).count()

    @rule(number=pick, in_parts=st.booleans())
    @when("to send")
    def send(self, number: int, in_parts: bool) -> None:
        """Some of what waits is put ready, or leaves."""
        waiting = Fulfilment.objects.filter(state__in=["waiting", "partly"]).exclude(
            order__waits_for__startswith="round:"
        )
        for found in list(waiting.select_related("order").order_by("pk")):
            if (found.pk + number) % 4:
                self.let_go(found, in_parts)

    def let_go(self, found: Fulfilment, in_parts: bool) -> None:
        """All of it, or one unit first."""
        if found.order.method == "pickup":
            self.attempt(lambda: fulfilment.make_ready(fulfilment_id=found.pk, actor="system", now=clock.now()))
            return
        how: dict[str, Any] = {"actor_member": self.staff, "now": clock.now()}
        line = found.order.lines.filter(dropped_at=None, returned_at=None).order_by("pk").first()

        def part() -> None:
            made = fulfilment.pack(fulfilment_id=found.pk, lines={line.pk: 1} if line else None, **how)
            fulfilment.ship_parcel(parcel_id=made.pk, carrier="顺丰", **how)

        if in_parts:
            self.attempt(part)
        else:
            self.attempt(lambda: fulfilment.ship(fulfilment_id=found.pk, carrier="顺丰", **how))

    @rule(number=pick, comes_back=st.booleans())
    @when("parcel")
    def hear_of_a_parcel(self, number: int, comes_back: bool) -> None:
        parcel: Parcel | None = self.one(Parcel.objects.filter(state__in=["shipped", "arrived"]), number)
        if parcel is None:
            return
        if comes_back:
            self.attempt(lambda: fulfilment.take_back(parcel_id=parcel.pk, actor_member=self.staff, now=clock.now()))
        else:
            self.attempt(lambda: fulfilment.parcel_arrived(parcel_id=parcel.pk, now=clock.now()))
