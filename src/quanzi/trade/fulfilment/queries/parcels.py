"""Reading parcels: what is left to pack, and each parcel with its way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from quanzi.trade.fulfilment.models import Parcel, ParcelLine, ParcelState, TrackingEvent
from quanzi.trade.sales.models import OrderLine

LIVE = (ParcelState.PACKED, ParcelState.SHIPPED, ParcelState.ARRIVED)
"""Units in these parcels are not here to be packed."""
GONE = (ParcelState.SHIPPED, ParcelState.ARRIVED)
"""Units in these parcels have left."""


def left_to_pack(order_id: int) -> dict[int, int]:
    """Units by order line that are in no parcel; empty when everything is packed or gone.

    Lines that were handed over without a parcel are gone; one whose parcel came back can be packed again.
    """
    packed = Sum("parcel_lines__quantity", filter=Q(parcel_lines__parcel__state__in=LIVE))
    back = ParcelLine.objects.filter(parcel__state=ParcelState.CAME_BACK, line__order_id=order_id).values("line_id")
    rows = OrderLine.objects.filter(order_id=order_id, dropped_at=None, returned_at=None)
    rows = rows.filter(Q(handed_over_at=None) | Q(id__in=back))
    left = rows.annotate(left=F("quantity") - Coalesce(packed, 0)).order_by("id").values_list("id", "left")
    return {line_id: units for line_id, units in left if units > 0}


def is_partly_gone(line_id: int) -> bool:
    """Whether some units of a line are with a carrier or with the buyer."""
    return ParcelLine.objects.filter(line_id=line_id, parcel__state__in=GONE).exists()


@dataclass(frozen=True, slots=True)
class TrackRow:
    """What a carrier told; code: accepted, in_transit, out_for_delivery, delivered, returned or trouble."""

    code: str
    words: str
    place: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One parcel with what is in it, and what was heard of it, newest first. sender: the supplier who sends it, empty for us."""

    id: int
    fulfilment_id: int
    position: int
    state: str
    carrier: str
    tracking: str
    service: str
    booking: str
    carrier_says: str
    sender: str
    packed_at: datetime
    shipped_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    lines: tuple[tuple[str, int], ...]
    events: tuple[TrackRow, ...]


def parcels_of(order_id: int, *, with_unpacked: bool = False) -> list[ParcelRow]:
    """The parcels of an order, first one first."""
    found = Parcel.objects.filter(fulfilment__order_id=order_id)
    if not with_unpacked:
        found = found.exclude(state=ParcelState.UNPACKED)
    return parcel_rows(list(found.select_related("supplier").order_by("position")))


def parcel_rows(found: Collection[Parcel]) -> list[ParcelRow]:
    """These parcels with their lines and ways, in the order given; three statements with the read of the parcels."""
    lines: dict[int, list[tuple[str, int]]] = {one.pk: [] for one in found}
    ways: dict[int, list[TrackRow]] = {one.pk: [] for one in found}
    if found:
        inside = ParcelLine.objects.filter(parcel__in=lines).order_by("line_id")
        for parcel_id, title, quantity in inside.values_list("parcel_id", "line__title", "quantity"):
            lines[parcel_id].append((title, quantity))
        heard = TrackingEvent.objects.filter(parcel__in=lines).order_by("-happened_at", "-id")
        for row in heard.values_list("parcel_id", "code", "words", "place", "happened_at"):
            ways[row[0]].append(TrackRow(*row[1:]))
    return [
        ParcelRow(
            id=one.pk, fulfilment_id=one.fulfilment_id, position=one.position, state=one.state, carrier=one.carrier,
            tracking=one.tracking, service=one.service, booking=one.booking, carrier_says=one.carrier_says,
            sender=one.supplier.name if one.supplier else "", packed_at=one.packed_at, shipped_at=one.shipped_at,
            arrived_at=one.arrived_at, ended_at=one.ended_at, lines=tuple(lines[one.pk]), events=tuple(ways[one.pk]),
        )
        for one in found
    ]  # fmt: skip
