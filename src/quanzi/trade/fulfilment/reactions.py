"""What fulfilment does when orders move, and what it tells the buyer."""

from __future__ import annotations

from datetime import datetime

from quanzi.base.events.registry import react_to
from quanzi.goods.catalogue.events import LotRecalled
from quanzi.goods.supply.models import SupplierPerson
from quanzi.kernel.clock import between
from quanzi.people.contact import services as contact
from quanzi.trade.fulfilment import services
from quanzi.trade.fulfilment.events import (
    FulfilmentHandedOver,
    FulfilmentReady,
    FulfilmentShipped,
    ParcelArrived,
    ParcelShipped,
    RunPlanned,
    StopMissed,
    SupplierAsked,
    SupplierDeclined,
)
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot, Parcel, Stop
from quanzi.trade.fulfilment.ports import window_of
from quanzi.trade.sales.events import OrderHandedOver, OrderReceived, OrderRefunded, OrderReleased, is_recorded
from quanzi.trade.sales.models import DeliveryMethod


@react_to(OrderReleased, consumer="fulfilment.open", unless=is_recorded)
def open_released(event: OrderReleased, *, now: datetime) -> None:
    """A recorded order was handed over long ago, by somebody else: it is not prepared here."""
    services.open_for(order_id=event.order_id, now=now)


@react_to(OrderReceived, consumer="fulfilment.arrive")
def arrive(event: OrderReceived, *, now: datetime) -> None:
    services.arrive(order_id=event.order_id, now=now)


@react_to(OrderHandedOver, consumer="fulfilment.nothing_left", unless=is_recorded)
def nothing_left(event: OrderHandedOver, *, now: datetime) -> None:
    """The order says that nothing of it is left here; perhaps since the rest of it was refunded."""
    services.nothing_left(order_id=event.order_id, now=now)


@react_to(OrderRefunded, consumer="fulfilment.cancel", unless=is_recorded)
def cancel(event: OrderRefunded, *, now: datetime) -> None:
    if event.is_whole:
        services.cancel_for(order_id=event.order_id, now=now)


@react_to(FulfilmentReady, consumer="fulfilment.tell_ready")
def tell_ready(event: FulfilmentReady, *, now: datetime) -> None:
    row = Fulfilment.objects.select_related("order__pickup_point").get(pk=event.fulfilment_id)
    if row.state == FulfilmentState.READY:
        words = {"point": row.order.pickup_point.name if row.order.pickup_point else "", "code": row.pickup_code}
        window = window_of(row.order_id)
        if window is None:
            _tell(row, "order_ready", words, now)
        else:
            kind = "order_ready_door" if window.to_door else "order_ready_window"
            _tell(row, kind, {**words, "window": between(window.starts_at, window.ends_at)}, now)


@react_to(ParcelShipped, consumer="fulfilment.tell_parcel")
def tell_parcel(event: ParcelShipped, *, now: datetime) -> None:
    """Of an order that goes in one parcel only `tell_shipped` speaks."""
    parcel = Parcel.objects.select_related("fulfilment__order").get(pk=event.parcel_id)
    if parcel.fulfilment.state != FulfilmentState.PARTLY and parcel.position == 1:
        return
    _tell(
        parcel.fulfilment, "parcel_shipped",
        {"position": str(parcel.position), "carrier": parcel.carrier, "tracking": parcel.tracking}, now, mark=f":{parcel.pk}",
    )  # fmt: skip


@react_to(RunPlanned, consumer="fulfilment.tell_run")
def tell_run(event: RunPlanned, *, now: datetime) -> None:
    """Each buyer hears when the driver comes."""
    orders = Stop.objects.filter(run_id=event.run_id, fulfilment__isnull=False).select_related("fulfilment__order")
    for stop in orders.order_by("id"):
        assert stop.fulfilment is not None
        _tell(stop.fulfilment, "run_planned", {"window": between(stop.from_at, stop.to_at)}, now, mark=f":{stop.pk}")


@react_to(SupplierAsked, consumer="fulfilment.tell_supplier")
def tell_supplier(event: SupplierAsked, *, now: datetime) -> None:
    people = SupplierPerson.objects.filter(supplier_id=event.supplier_id, ended_at=None).order_by("member_id")
    for member_id in people.values_list("member_id", flat=True):
        contact.notify(
            member_id=member_id, kind="parcel_asked", params={}, link="/supplier/parcels",
            key=f"parcel_asked:{event.parcel_id}", now=now,
        )  # fmt: skip


@react_to(SupplierDeclined, consumer="fulfilment.tell_declined")
def tell_declined(event: SupplierDeclined, *, now: datetime) -> None:
    """Whoever asked hears why, and finds the order among those that wait."""
    parcel = Parcel.objects.select_related("fulfilment__order", "supplier").get(pk=event.parcel_id)
    asker, number = parcel.packed_by.partition(":")[2], parcel.fulfilment.order.number
    if asker.isdigit() and parcel.supplier is not None:
        contact.notify(
            member_id=int(asker), kind="parcel_declined",
            params={"supplier": parcel.supplier.name, "number": number, "reason": parcel.carrier_says},
            link=f"/console/orders/{number}", key=f"parcel_declined:{parcel.pk}", now=now,
        )  # fmt: skip


@react_to(StopMissed, consumer="fulfilment.tell_missed")
def tell_missed(event: StopMissed, *, now: datetime) -> None:
    row = Fulfilment.objects.select_related("order").get(pk=event.fulfilment_id)
    _tell(row, "stop_missed", {}, now, mark=f":{event.stop_id}")


@react_to(ParcelArrived, consumer="fulfilment.tell_arrived")
def tell_arrived(event: ParcelArrived, *, now: datetime) -> None:
    parcel = Parcel.objects.select_related("fulfilment__order").get(pk=event.parcel_id)
    _tell(parcel.fulfilment, "parcel_arrived", {"position": str(parcel.position)}, now, mark=f":{parcel.pk}")


@react_to(FulfilmentShipped, consumer="fulfilment.tell_shipped")
def tell_shipped(event: FulfilmentShipped, *, now: datetime) -> None:
    row = Fulfilment.objects.select_related("order").get(pk=event.fulfilment_id)
    if row.parcels.filter(position__gt=1).exists():
        return  # each parcel was told of
    _tell(row, "order_shipped", {"carrier": row.carrier, "tracking": row.tracking}, now)


@react_to(FulfilmentHandedOver, consumer="fulfilment.tell_handed_over")
def tell_handed_over(event: FulfilmentHandedOver, *, now: datetime) -> None:
    row = Fulfilment.objects.select_related("order").get(pk=event.fulfilment_id)
    if row.order.method == DeliveryMethod.DELIVERY:  # who picked it up needs no message about it
        _tell(row, "order_handed_over", {}, now)


def _tell(row: Fulfilment, kind: str, params: dict[str, str], now: datetime, *, mark: str = "") -> None:
    order = row.order
    contact.notify(
        member_id=order.member_id,
        kind=kind,
        params={"number": order.number, **params},
        link=f"/o/{order.number}",
        key=f"{kind}:{order.pk}{mark}",
        now=now,
    )


@react_to(LotRecalled, consumer="fulfilment.tell_recalled")
def tell_recalled(event: LotRecalled, *, now: datetime) -> None:
    """Everybody who was handed goods of the lot hears of it, once for each order line."""
    handed_over = LineLot.objects.filter(lot_id=event.lot_id).select_related("line__product", "line__order")
    for row in handed_over.order_by("line_id").distinct("line_id"):
        contact.notify(
            member_id=row.line.member_id, kind="lot_recalled", params={"product": row.line.product.name, "reason": event.reason},
            link=f"/o/{row.line.order.number}", key=f"lot_recalled:{event.lot_id}:{row.line_id}", now=now,
        )  # fmt: skip
