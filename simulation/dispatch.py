"""What leaves for people's doors: whole or in parcels, by a carrier or by the shop's own driver; some of it comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from quanzi.trade.fulfilment import services as fulfilment
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, Parcel, ParcelState, Run
from quanzi.trade.fulfilment.services import runs
from quanzi.trade.stations.rules import KIND as ROUND
from simulation.verbs import Doing
from simulation.world import World

BY_DRIVER, IN_PARTS, COMES_BACK, ARRIVES_NOW, NOBODY_HOME = 0.3, 0.15, 0.03, 0.5, 0.06
MOST_STOPS = 60
CARRIER = "顺丰"


class Dispatch:
    def __init__(self, world: World, doing: Doing) -> None:
        self.world, self.chance, self.doing = world, world.chance, doing

    def morning(self, now: datetime) -> None:
        """Yesterday's parcels arrive or come back; what waits is packed and put ready."""
        self._news_of_parcels(now)
        self._send_rests(now)
        for_driver: list[int] = []
        waiting = Fulfilment.objects.filter(state=FulfilmentState.WAITING).exclude(
            order__waits_for__startswith=f"{ROUND}:"
        )
        for one in list(waiting.select_related("order").order_by("id")):
            if one.order.method != "delivery":
                self.doing.attempt("put ready", fulfilment.make_ready, fulfilment_id=one.pk, actor="system", now=now)
            elif self.chance.random() < BY_DRIVER and len(for_driver) < MOST_STOPS:
                for_driver.append(one.pk)
            else:
                self._ship(one, now)
        if for_driver:
            self.doing.attempt(
                "plan a run",
                runs.plan_run, title=f"{now:%m-%d} 市区", driver=self.world.packer, starts_at=now, ends_at=now + timedelta(hours=8),
                    fulfilment_ids=for_driver, actor="system", key=self.world.key(), now=now
            )  # fmt: skip

    def _ship(self, one: Fulfilment, now: datetime) -> None:
        """Some go in two parcels: one unit today, the rest tomorrow."""
        first = one.order.lines.filter(dropped_at=None).order_by("id").first()
        if first is not None and first.quantity > 1 and self.chance.random() < IN_PARTS:
            self._send_parcel(one.pk, {first.pk: 1}, now)
            return
        self.doing.attempt(
            "ship", fulfilment.ship, fulfilment_id=one.pk, actor_member=self.world.packer, carrier=CARRIER,
                tracking=f"SF{one.pk:010d}", now=now
        )  # fmt: skip

    def _send_parcel(self, fulfilment_id: int, lines: dict[int, int] | None, now: datetime) -> None:
        who, key = self.world.packer, self.world.key()
        made = self.doing.attempt(
            "pack", fulfilment.pack, fulfilment_id=fulfilment_id, actor_member=who, lines=lines, key=key, now=now
        )
        if made is not None:
            self.doing.attempt(
                "ship a parcel",
                fulfilment.ship_parcel, parcel_id=made.pk, actor_member=who, carrier=CARRIER, tracking=f"SP{made.pk:010d}", now=now
            )  # fmt: skip

    def _news_of_parcels(self, now: datetime) -> None:
        for parcel in Parcel.objects.filter(
            state=ParcelState.SHIPPED, shipped_at__lte=now - timedelta(hours=20)
        ).order_by("id"):
            luck = self.chance.random()
            if luck < ARRIVES_NOW:
                self.doing.attempt("a parcel arrives", fulfilment.parcel_arrived, parcel_id=parcel.pk, now=now)
            elif luck > 1 - COMES_BACK:
                self.doing.attempt(
                    "a parcel comes back", fulfilment.take_back, parcel_id=parcel.pk, actor_member=self.world.packer, now=now
                )  # fmt: skip

    def _send_rests(self, now: datetime) -> None:
        """Of what went in parts, and of what came back."""
        partly = Fulfilment.objects.filter(state=FulfilmentState.PARTLY)
        back = Fulfilment.objects.filter(state=FulfilmentState.SHIPPED, parcels__state=ParcelState.CAME_BACK)
        back = back.exclude(parcels__state__in=[ParcelState.SHIPPED, ParcelState.PACKED, ParcelState.ARRIVED])
        for number in sorted({*partly.values_list("pk", flat=True), *back.values_list("pk", flat=True)}):
            self._send_parcel(number, None, now)

    def drive(self, now: datetime) -> None:
        """The driver goes round; where nobody is at home the order waits for another day."""
        for run in Run.objects.filter(state="planned").order_by("id"):
            driver = self.world.packer
            self.doing.attempt("begin a run", runs.begin_run, run_id=run.pk, driver=driver, now=now)
            for stop in run.stops.filter(state="waiting").order_by("position"):
                act = runs.miss_stop if self.chance.random() < NOBODY_HOME else runs.hand_over_at_stop
                what = "hand over at a door" if act is runs.hand_over_at_stop else "find nobody at home"
                if self.doing.attempt(what, act, stop_id=stop.pk, driver=driver, now=now) is None:
                    self.doing.attempt("find nobody at home", runs.miss_stop, stop_id=stop.pk, driver=driver, now=now)
