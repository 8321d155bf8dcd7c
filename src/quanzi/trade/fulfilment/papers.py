"""Paper for packing and handing over: labels, packing lists, one picking list for many orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from quanzi.base import printing
from quanzi.base.printing import Column, GoodsLine, ListSheet, PackingList, ParcelLabel
from quanzi.base.shop.identity import current, shop_name
from quanzi.kernel.clock import local
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, Parcel, ParcelState
from quanzi.trade.sales.models import DeliveryMethod, Order, OrderLine

MOST = 200
"""Orders on one print."""
NOT_PRINTED = (FulfilmentState.CANCELLED,)


@dataclass(frozen=True, slots=True)
class _Box:
    """An order that is being prepared, with what belongs into its box."""

    order: Order
    fulfilment: Fulfilment
    lines: tuple[GoodsLine, ...]
    parcel: Parcel | None = None

    @property
    def code(self) -> str:
        return self.parcel.code if self.parcel else self.order.number


def labels(order_ids: Sequence[int], *, now: datetime) -> bytes | None:
    """A label for each of the orders that is being prepared; None when none is.

    A delivery says where it goes and the whole telephone number, which a carrier needs. A pickup says only who fetches it:
    the name and the last four digits.
    """
    found = [_label(box) for box in _boxes(order_ids)]
    return printing.parcel_labels(found, sender=_sender(), now=now) if found else None


def packing_lists(order_ids: Sequence[int], *, now: datetime) -> bytes | None:
    """What belongs into each box; None when there is none."""
    found = [
        PackingList(
            number=box.code, code=box.code, who=_name(box.order), where=_where(box.order), lines=box.lines, note=box.order.note
        )
        for box in _boxes(order_ids)
    ]  # fmt: skip
    return printing.packing_lists(found, sender=_sender(), now=now) if found else None


def picking_list(order_ids: Sequence[int], *, now: datetime) -> bytes | None:
    """What to fetch from the shelves for all of these orders together, where it goes in the second column; None for nothing."""
    boxes = _boxes(order_ids)
    if not boxes:
        return None
    units: dict[str, dict[str, int]] = {}
    for box in boxes:
        place = box.order.pickup_point.name if box.order.pickup_point else gettext("Delivery")
        for line in box.lines:
            of_place = units.setdefault(line.title, {})
            of_place[place] = of_place.get(place, 0) + line.quantity
    rows = tuple(
        (title, str(sum(places.values())), " · ".join(f"{place} {n}" for place, n in sorted(places.items())))
        for title, places in sorted(units.items())
    )
    total = sum(int(row[1]) for row in rows)
    orders = ngettext("%(n)s order", "%(n)s orders", len(boxes)) % {"n": len(boxes)}
    sheet = ListSheet(
        title=gettext("Picking list"),
        second=f"{orders} · {local(now):%Y-%m-%d %H:%M}",
        columns=(Column(gettext("Goods"), share=4), Column(gettext("Quantity"), is_number=True), Column(gettext("Goes to"), share=4)),
        rows=rows,
        total=(gettext("Items in all"), str(total), ""),
    )  # fmt: skip
    return printing.list_sheet(sheet, sender=_sender(), now=now)


PAPERS: dict[str, Callable[..., bytes | None]] = {
    "labels": labels,
    "packing": packing_lists,
    "picking": picking_list,
}


def _boxes(order_ids: Sequence[int]) -> list[_Box]:
    rows = Fulfilment.objects.filter(order_id__in=list(order_ids)[:MOST]).exclude(state__in=NOT_PRINTED)
    found = list(
        rows.select_related("order__member", "order__pickup_point").order_by("order__pickup_point_id", "order_id")
    )
    lines: dict[int, list[GoodsLine]] = {row.order_id: [] for row in found}
    of_orders = OrderLine.objects.filter(order_id__in=lines, dropped_at=None).select_related("lot").order_by("id")
    for line in of_orders:
        lot = gettext("Lot %(code)s") % {"code": line.lot.code} if line.lot else ""
        lines[line.order_id].append(GoodsLine(line.title, line.quantity, lot))
    boxes: list[_Box] = []
    packed = _packed([row.pk for row in found])
    for row in found:
        if row.pk in packed:
            boxes += [_Box(row.order, row, goods, parcel) for parcel, goods in packed[row.pk]]
        elif lines[row.order_id]:
            boxes.append(_Box(row.order, row, tuple(lines[row.order_id])))
    return boxes


def _packed(fulfilment_ids: Sequence[int]) -> dict[int, list[tuple[Parcel, tuple[GoodsLine, ...]]]]:
    """Parcels that stand packed, with what is in each: every one is a box of its own."""
    found: dict[int, list[tuple[Parcel, tuple[GoodsLine, ...]]]] = {}
    rows = Parcel.objects.filter(fulfilment_id__in=fulfilment_ids, state=ParcelState.PACKED)
    rows = rows.select_related("fulfilment__order").prefetch_related("lines__line").order_by("position")
    for parcel in rows:
        goods = tuple(GoodsLine(one.line.title, one.quantity, "") for one in parcel.lines.all())
        found.setdefault(parcel.fulfilment_id, []).append((parcel, goods))
    return found


def _label(box: _Box) -> ParcelLabel:
    order, fulfilment = box.order, box.fulfilment
    if order.method == DeliveryMethod.PICKUP:
        digits = (order.member.phone or "")[-4:]
        return ParcelLabel(
            code=order.number, number=order.number, recipient=order.member.name, phone=f"**** {digits}" if digits else "",
            region="", address="", place=order.pickup_point.name if order.pickup_point else "", note=order.note, lines=box.lines,
        )  # fmt: skip
    to, sent = order.ship_to, box.parcel or fulfilment
    carrier, tracking = sent.carrier, sent.tracking
    return ParcelLabel(
        code=tracking or box.code, number=box.code, recipient=to.get("recipient", ""), phone=to.get("phone", ""),
        region=to.get("region_name", ""), address=to.get("detail", ""), carrier=carrier, tracking=tracking,
        note=order.note, lines=box.lines,
    )  # fmt: skip


def _name(order: Order) -> str:
    return order.ship_to.get("recipient", "") or order.member.name


def _where(order: Order) -> str:
    if order.pickup_point:
        return order.pickup_point.name
    return f"{order.ship_to.get('region_name', '')} {order.ship_to.get('detail', '')}".strip()


def _sender() -> str:
    return " · ".join(part for part in (shop_name(), current().phone) if part)
