"""What a supplier sees of parcels they are asked to send: one parcel's needs, and nothing else of the order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from quanzi.trade.fulfilment.models import Parcel, ParcelState


@dataclass(frozen=True, slots=True)
class AskedParcel:
    """recipient, phone, region, address: only while it is to be sent; afterwards empty."""

    id: int
    code: str
    state: str
    goods: tuple[tuple[str, int], ...]
    recipient: str
    phone: str
    region: str
    address: str
    carrier: str
    tracking: str
    asked_at: datetime
    shipped_at: datetime | None


def asked_of(supplier_ids: Collection[int], *, only_open: bool = False, limit: int = 100) -> list[AskedParcel]:
    """Those to be sent first, oldest first; then the last that were sent."""
    rows = Parcel.objects.filter(supplier_id__in=supplier_ids).select_related("fulfilment__order")
    rows = rows.prefetch_related("lines__line")
    to_send = list(rows.filter(state=ParcelState.PACKED).order_by("id")[:limit])
    sent = [] if only_open else list(rows.exclude(state__in=("packed", "unpacked")).order_by("-shipped_at")[:20])
    return [_row(one) for one in [*to_send, *sent]]


def _row(one: Parcel) -> AskedParcel:
    to = one.fulfilment.order.ship_to if one.state == ParcelState.PACKED else {}
    return AskedParcel(
        # Not the order's number: who sends a parcel need not know whose orders are how many.
        id=one.pk, code=f"P{one.pk}", state=one.state, goods=tuple((row.line.title, row.quantity) for row in one.lines.all()),
        recipient=to.get("recipient", ""), phone=to.get("phone", ""), region=to.get("region_name", ""),
        address=to.get("detail", ""), carrier=one.carrier, tracking=one.tracking, asked_at=one.packed_at,
        shipped_at=one.shipped_at,
    )  # fmt: skip
