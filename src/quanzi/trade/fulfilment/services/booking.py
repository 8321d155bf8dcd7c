"""Numbers of carriers' services, and what they tell of parcels. Nothing here speaks to the network inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from quanzi.base.jobs import services as jobs
from quanzi.kernel import crash
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import carriers, errors
from quanzi.trade.fulfilment.carriers import Booked, Outcome, Shipment, Told
from quanzi.trade.fulfilment.models import Booking, Parcel, ParcelState, TrackingEvent
from quanzi.trade.fulfilment.services.parcels import lock_parcel, parcel_arrived, parcel_came_back


@transaction.atomic
def ask_number(*, parcel_id: int, actor_member: Member, service: str, now: datetime) -> Parcel:
    """Ask a carrier's service for a number, in the background. A parcel that has one, or is being asked for, is left as it is.

    Raises NoSuchParcel, NoSuchService, IllegalMove once it left.
    """
    found = lock_parcel(parcel_id, actor_member, now)
    if found.state != ParcelState.PACKED:
        raise IllegalMove(found.state, ParcelState.SHIPPED)
    if carriers.get(service) is None:
        raise errors.NoSuchService(field="service")
    if found.booking in (Booking.NONE, Booking.REFUSED):
        found.service, found.booking, found.carrier_says = service, Booking.ASKED, ""
        found.save(update_fields=["service", "booking", "carrier_says"])
        jobs.enqueue("fulfilment.book", unique=f"fulfilment.book:{found.pk}", parcel_id=found.pk)
    return found


def book(*, parcel_id: int, now: datetime) -> str:
    """Ask now, and write down the answer. Without an answer the parcel is asked about again, under the same reference. Returns the booking."""
    found = Parcel.objects.select_related("fulfilment__order").filter(pk=parcel_id).first()
    if found is None or found.booking not in (Booking.ASKED, Booking.UNKNOWN):
        return found.booking if found else Booking.NONE
    carrier = carriers.get(found.service)
    if carrier is None:
        return found.booking
    crash.point("fulfilment.book.before_carrier")
    answer = carrier.find(found.code) if found.booking == Booking.UNKNOWN else Booked(Outcome.REFUSED)
    if answer.outcome == Outcome.REFUSED and found.state == ParcelState.PACKED:
        answer = carrier.book(
            _shipment(found)
        )  # it has not heard of it; of a parcel that was opened meanwhile it never will
    crash.point("fulfilment.book.after_carrier")
    return _write(parcel_id, carrier.name, answer, now)


@transaction.atomic
def _write(parcel_id: int, name: str, answer: Booked, now: datetime) -> str:
    found = Parcel.objects.select_for_update().get(pk=parcel_id)
    if found.booking not in (Booking.ASKED, Booking.UNKNOWN):
        return found.booking
    found.heard_at, found.carrier_says = now, answer.error
    if answer.outcome == Outcome.DONE:
        found.booking, found.carrier, found.tracking = Booking.BOOKED, name[:40], answer.tracking
    else:
        found.booking = Booking.REFUSED if answer.outcome == Outcome.REFUSED else Booking.UNKNOWN
    found.save(update_fields=["heard_at", "carrier_says", "booking", "carrier", "tracking"])
    return found.booking


def _shipment(parcel: Parcel) -> Shipment:
    to = parcel.fulfilment.order.ship_to
    units = parcel.lines.aggregate(n=Sum("quantity"))["n"] or 0
    return Shipment(
        reference=parcel.code, recipient=to.get("recipient", ""), phone=to.get("phone", ""), region=to.get("region_name", ""),
        address=to.get("detail", ""), units=units,
    )  # fmt: skip


@transaction.atomic
def hear(*, parcel_id: int, told: Sequence[Told], now: datetime) -> int:
    """Write down what a carrier told of a parcel; each thing once. Delivered and returned move it. Returns how much was news."""
    Parcel.objects.select_for_update().get(pk=parcel_id)
    known = set(TrackingEvent.objects.filter(parcel_id=parcel_id).values_list("ref", flat=True))
    news = list({one.ref: one for one in told if one.ref not in known}.values())
    TrackingEvent.objects.bulk_create(
        TrackingEvent(
            parcel_id=parcel_id, ref=one.ref, code=one.code, words=one.words, place=one.place, happened_at=one.at,
            heard_at=now,
        )
        for one in news
    )  # fmt: skip
    Parcel.objects.filter(pk=parcel_id).update(heard_at=now)
    for one in sorted(news, key=lambda one: one.at):
        if one.code == "delivered":
            parcel_arrived(parcel_id=parcel_id, now=now)
        elif one.code == "returned":
            parcel_came_back(parcel_id=parcel_id, now=now)
    return len(news)


def ask_about(*, parcel_id: int, now: datetime) -> int:
    """Ask the carrier what became of a parcel. Returns how much was news; no answer changes nothing but when it was asked."""
    found = Parcel.objects.filter(pk=parcel_id).first()
    carrier = carriers.get(found.service) if found else None
    if found is None or carrier is None or not found.tracking:
        return 0
    answer = carrier.track(found.tracking)
    if answer.outcome == Outcome.DONE:
        return hear(parcel_id=parcel_id, told=answer.events, now=now)
    Parcel.objects.filter(pk=parcel_id).update(heard_at=now)
    return 0


def receive_push(*, service: str, headers: dict[str, str], body: bytes, now: datetime) -> int:
    """What a carrier sent by itself. Raises NoSuchService, PushRefused; an unknown number is heard and forgotten."""
    carrier = carriers.get(service)
    if carrier is None:
        raise errors.NoSuchService(field="service")
    tracking, told = carrier.parse_push(headers=headers, body=body, now=now)
    parcel_id = Parcel.objects.filter(service=service, tracking=tracking).values_list("pk", flat=True).first()
    return hear(parcel_id=parcel_id, told=told, now=now) if parcel_id is not None and tracking else 0
