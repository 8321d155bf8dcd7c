"""Background entries of fulfilment. Each may run twice without harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from quanzi.base.jobs import services as jobs
from quanzi.base.jobs.registry import job, periodic
from quanzi.trade.fulfilment.models import Booking, Parcel, ParcelState
from quanzi.trade.fulfilment.services import batches, booking, customs

ASK_EVERY = timedelta(hours=1)
BATCH = 200


@job("fulfilment.book", retries=0)
def book(*, parcel_id: int, now: datetime) -> None:
    booking.book(parcel_id=parcel_id, now=now)


@job("fulfilment.track", retries=0)
def track(*, parcel_id: int, now: datetime) -> None:
    booking.ask_about(parcel_id=parcel_id, now=now)


@job("fulfilment.dispatch", retries=5)
def dispatch(*, batch_id: int, now: datetime) -> None:
    batches.work(batch_id=batch_id, now=now)


@periodic("fulfilment.forget_names", "35 3 * * *")
def forget_names(*, now: datetime) -> int:
    """Daily: names that customs was told of orders that ended thirty days ago."""
    return customs.forget_names(now)


@periodic("fulfilment.ask_carriers", "*/10 * * * *")
def ask_carriers(*, now: datetime) -> None:
    """Numbers that nobody answered about, and parcels of which nothing was heard for an hour."""
    waiting = Parcel.objects.filter(
        booking__in=(Booking.ASKED, Booking.UNKNOWN), packed_at__lt=now - timedelta(minutes=2)
    )
    for parcel_id in waiting.order_by("id").values_list("pk", flat=True)[:BATCH]:
        jobs.enqueue("fulfilment.book", unique=f"fulfilment.book:{parcel_id}", parcel_id=parcel_id)
    batches.again(now=now)
    going = Parcel.objects.filter(state=ParcelState.SHIPPED).exclude(service="")
    due = going.filter(heard_at=None) | going.filter(heard_at__lt=now - ASK_EVERY)
    for parcel_id in due.order_by(F("heard_at").asc(nulls_first=True)).values_list("pk", flat=True)[:BATCH]:
        jobs.enqueue("fulfilment.track", unique=f"fulfilment.track:{parcel_id}", parcel_id=parcel_id)
