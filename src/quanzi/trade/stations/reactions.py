"""What people of a station hear. Nothing is told of a replayed log."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.goods.catalogue.events import LotRecalled
from quanzi.kernel.clock import local
from quanzi.people.contact.services import notify
from quanzi.trade.fulfilment.events import FulfilmentHandedOver
from quanzi.trade.sales.events import OrderRefunded, is_recorded
from quanzi.trade.sales.models import OrderRefund
from quanzi.trade.stations.events import ApplicationDecided, PickupMissed, RoundCancelled, RoundClosed
from quanzi.trade.stations.models import Entry, StationApplication, Stop
from quanzi.trade.stations.queries import lying_of_lot
from quanzi.trade.stations.rules import SECOND_WINDOW
from quanzi.trade.stations.services.closing import BELOW_MINIMUM
from quanzi.trade.stations.services.earning import earn, take_back
from quanzi.trade.stations.services.fresh import NOT_FETCHED as FRESH_NOT_FETCHED
from quanzi.trade.stations.services.missing import NOT_FETCHED
from quanzi.trade.stations.services.shortening import SHORT

TOLD = (BELOW_MINIMUM, SHORT, NOT_FETCHED, FRESH_NOT_FETCHED)
"""Reasons of refunds that are kinds of notices too."""


@react_to(ApplicationDecided, consumer="stations.tell_applicant")
def tell_applicant(event: ApplicationDecided, *, now: datetime) -> None:
    asked = StationApplication.objects.get(pk=event.application_id)
    notify(
        member_id=event.member_id,
        kind="station_approved" if event.is_approved else "station_declined",
        params={"name": asked.name, "answer": asked.answer},
        link="/leader" if event.is_approved else "/leader/apply",
        key=f"station_application:{asked.pk}",
        now=now,
    )


@react_to(RoundClosed, consumer="stations.tell_leaders")
def tell_leaders(event: RoundClosed, *, now: datetime) -> None:
    """Every leader whose station has orders hears how many come."""
    for stop in Stop.objects.select_related("station__point", "round").filter(round_id=event.round_id, taken__gt=0):
        notify(
            member_id=stop.station.point.leader_id,
            kind="round_closed",
            params={"title": stop.round.title, "count": stop.taken},
            link="/leader/station",
            key=f"round_closed:{stop.pk}",
            now=now,
        )


@react_to(OrderRefunded, consumer="stations.tell_below_minimum", unless=is_recorded)
def tell_below_minimum(event: OrderRefunded, *, now: datetime) -> None:
    """Goods that did not come: who had ordered them reads that the money is on its way."""
    refund = OrderRefund.objects.select_related("order").get(pk=event.refund_id)
    if refund.reason not in TOLD:
        return
    notify(
        member_id=event.member_id,
        kind=refund.reason,
        params={"number": refund.order.number},
        link=f"/o/{refund.order.number}",
        key=f"{refund.reason}:{refund.pk}",
        now=now,
    )
    if refund.reason in (NOT_FETCHED, FRESH_NOT_FETCHED):
        _tell_leader(refund, now)


def _tell_leader(refund: OrderRefund, now: datetime) -> None:
    """Their list of who did not come is shorter by this: they read why, and that nothing of it is to be handed over."""
    entry = Entry.objects.select_related("stop__station__point").filter(order_id=refund.order_id).first()
    if entry is not None:
        notify(
            member_id=entry.stop.station.point.leader_id,
            kind="station_not_fetched",
            params={"number": refund.order.number},
            link="/leader/people",
            key=f"station_not_fetched:{refund.pk}",
            now=now,
        )


@react_to(PickupMissed, consumer="stations.tell_missed")
def tell_missed(event: PickupMissed, *, now: datetime) -> None:
    entry = Entry.objects.select_related("stop__station__point", "stop__round", "order").get(order_id=event.order_id)
    until = local(entry.stop.round.pickup_until + SECOND_WINDOW)
    notify(
        member_id=event.member_id,
        kind="pickup_kept",
        params={"point": entry.stop.station.point.name, "number": entry.order.number, "until": f"{until:%m-%d %H:%M}"},
        link=f"/o/{entry.order.number}",
        key=f"pickup_missed:{entry.pk}",
        now=now,
    )


@react_to(FulfilmentHandedOver, consumer="stations.earn")
def earn_by_handing_over(event: FulfilmentHandedOver, *, now: datetime) -> None:
    earn(order_id=event.order_id, now=now)


@react_to(OrderRefunded, consumer="stations.take_back", unless=is_recorded)
def take_back_with_a_refund(event: OrderRefunded, *, now: datetime) -> None:
    take_back(order_id=event.order_id, now=now)


@react_to(RoundCancelled, consumer="stations.tell_leaders_of_cancelled")
def tell_leaders_of_cancelled(event: RoundCancelled, *, now: datetime) -> None:
    """Leaders hear that nothing comes: people ask them."""
    for stop in Stop.objects.select_related("station__point", "round").filter(round_id=event.round_id):
        orders = Entry.objects.filter(stop=stop, order__paid_at__isnull=False).count()
        if orders:
            notify(
                member_id=stop.station.point.leader_id,
                kind="round_cancelled",
                params={"title": stop.round.title, "count": orders},
                link="/leader/station",
                key=f"round_cancelled:{stop.pk}",
                now=now,
            )


@react_to(LotRecalled, consumer="stations.tell_leaders_of_recall")
def tell_leaders_of_recall(event: LotRecalled, *, now: datetime) -> None:
    """Leaders at whose stations units of the lot were counted and not all handed over put them aside."""
    for stop_id, leader_id, title, code, units in lying_of_lot(event.lot_id):
        notify(
            member_id=leader_id,
            kind="lot_recalled_here",
            params={"product": title, "lot": code, "units": units},
            link="/leader/arrivals",
            key=f"lot_recalled_here:{event.lot_id}:{stop_id}",
            now=now,
        )
