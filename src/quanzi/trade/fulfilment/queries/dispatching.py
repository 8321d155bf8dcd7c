"""Reading for the dispatch desk: which deliveries wait, and how far a batch is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from quanzi.trade.fulfilment.models import (
    DispatchBatch,
    DispatchState,
    Fulfilment,
    FulfilmentState,
    Parcel,
    ParcelState,
    StopState,
)
from quanzi.trade.fulfilment.queries.parcels import GONE
from quanzi.trade.sales.models import DeliveryMethod, OrderLine

WAITING = (FulfilmentState.WAITING, FulfilmentState.PARTLY)


@dataclass(frozen=True, slots=True)
class SendRow:
    """A delivery that waits to be sent. number: the order's; tracking: booked already for its one packed parcel."""

    fulfilment_id: int
    order_id: int
    number: str
    recipient: str
    phone: str
    region: str
    address: str
    goods: str
    units: int
    note: str
    carrier: str
    tracking: str
    parcels: int
    paid_at: datetime | None


def to_send(*, limit: int = 200, numbers: list[str] | None = None) -> list[SendRow]:
    """Deliveries of which something waits here, oldest first; or those of these order numbers that do."""
    found = Fulfilment.objects.filter(state__in=WAITING, order__method=DeliveryMethod.DELIVERY)
    if numbers is not None:
        found = found.filter(order__number__in=numbers)
    gone = Sum("parcel_lines__quantity", filter=Q(parcel_lines__parcel__state__in=GONE))
    left = OrderLine.objects.filter(handed_over_at=None, dropped_at=None)
    left = left.annotate(units=F("quantity") - Coalesce(gone, 0)).order_by("id")
    packed = Parcel.objects.filter(state=ParcelState.PACKED).order_by("position")
    found = found.exclude(parcels__state=ParcelState.PACKED, parcels__supplier__isnull=False)
    found = found.exclude(stops__state__in=(StopState.WAITING, StopState.ARRIVED))  # our own driver brings them
    rows = found.select_related("order").prefetch_related(
        Prefetch("order__lines", queryset=left, to_attr="left_lines"),
        Prefetch("parcels", queryset=packed, to_attr="packed"),
    )
    return [_row(row) for row in rows.order_by("pk")[:limit]]


def _row(row: Fulfilment) -> SendRow:
    order, lines, packed = row.order, row.order.left_lines, row.packed  # type: ignore[attr-defined]  # prefetched above
    one = packed[0] if len(packed) == 1 else None
    return SendRow(
        fulfilment_id=row.pk, order_id=order.pk, number=order.number, recipient=order.ship_to.get("recipient", ""),
        phone=order.ship_to.get("phone", ""), region=order.ship_to.get("region_name", ""),
        address=order.ship_to.get("detail", ""), goods="、".join(f"{line.title} ×{line.units}" for line in lines),
        units=sum(line.units for line in lines), note=order.note, carrier=one.carrier if one else "",
        tracking=one.tracking if one else "", parcels=len(packed), paid_at=order.paid_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One order of a batch and what became of it."""

    number: str
    state: str
    carrier: str
    tracking: str
    says: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """is_done: nothing of it waits any more."""

    id: int
    made_at: datetime
    made_by: str
    is_done: bool
    rows: tuple[BatchRow, ...]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)


def batch_page(batch_id: int) -> BatchPage | None:
    """A batch with its rows: refused first, then what waits."""
    batch = DispatchBatch.objects.select_related("made_by").filter(pk=batch_id).first()
    if batch is None:
        return None
    order = {DispatchState.REFUSED: 0, DispatchState.WAITING: 1, DispatchState.DONE: 2}
    rows = batch.rows.order_by("id").values_list("fulfilment__order__number", "state", "carrier", "tracking", "says")
    made = sorted((BatchRow(*row[:4], _words(row[4])) for row in rows), key=lambda row: order[DispatchState(row.state)])
    return BatchPage(batch.pk, batch.made_at, batch.made_by.name, batch.done_at is not None, tuple(made))


def _words(says: str) -> str:
    """A stored refusal in the reader's language."""
    if not says.startswith("["):
        return says
    message, values = json.loads(says)
    return str(gettext(message)).format(**values)


def recent_batches(*, limit: int = 10) -> list[tuple[int, datetime, int]]:
    """Id, moment and size of the last batches."""
    rows = DispatchBatch.objects.order_by("-pk")[:limit]
    return [(row.pk, row.made_at, row.rows.count()) for row in rows]
