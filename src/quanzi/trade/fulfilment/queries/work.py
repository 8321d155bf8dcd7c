"""Reading fulfilment: the work list, and lots to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from quanzi.goods.catalogue.models import Lot
from quanzi.goods.stock.models import MovementKind, Stock
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot, ParcelState
from quanzi.trade.fulfilment.rules import LotFacts
from quanzi.trade.sales.models import OrderLine, PickupPoint

OPEN = (FulfilmentState.WAITING, FulfilmentState.READY, FulfilmentState.PARTLY)


@dataclass(frozen=True)
class WorkLine:
    line_id: int
    title: str
    quantity: int


@dataclass(frozen=True)
class WorkItem:
    """One order to prepare or hand over. The pickup code is the buyer's and is not part of it."""

    fulfilment_id: int
    order_id: int
    order_number: str
    state: str
    method: str
    buyer_name: str
    point_id: int | None
    point_name: str
    ship_to: dict[str, str]
    note: str
    paid_at: datetime | None
    ready_at: datetime | None
    lines: tuple[WorkLine, ...]


def work_list(*, point: PickupPoint | None = None, after_id: int = 0, limit: int = 50) -> list[WorkItem]:
    """What waits to be prepared or picked up, oldest first, of one point or of all; pages by `after_id`."""
    found = Fulfilment.objects.filter(state__in=OPEN, pk__gt=after_id)
    if point is not None:
        found = found.filter(order__pickup_point=point)
    rows = list(found.select_related("order__member", "order__pickup_point").order_by("pk")[:limit])
    lines: dict[int, list[WorkLine]] = {row.order_id: [] for row in rows}
    left = OrderLine.objects.filter(order_id__in=lines, handed_over_at=None, dropped_at=None).order_by("id")
    for order_id, line_id, title, quantity in left.values_list("order_id", "id", "title", "quantity"):
        lines[order_id].append(WorkLine(line_id, title, quantity))
    return [_item(row, tuple(lines[row.order_id])) for row in rows]


def _item(row: Fulfilment, lines: tuple[WorkLine, ...]) -> WorkItem:
    order = row.order
    return WorkItem(
        fulfilment_id=row.pk,
        order_id=order.pk,
        order_number=order.number,
        state=row.state,
        method=order.method,
        buyer_name=order.member.name,
        point_id=order.pickup_point_id,
        point_name=order.pickup_point.name if order.pickup_point else "",
        ship_to=order.ship_to,
        note=order.note,
        paid_at=order.paid_at,
        ready_at=row.ready_at,
        lines=lines,
    )


def find_by_code(*, point: PickupPoint, code: str) -> WorkItem | None:
    """What the code said at the counter of a point opens; None when nothing there waits under it."""
    found = Fulfilment.objects.filter(state=FulfilmentState.READY, order__pickup_point=point, pickup_code=code)
    row = found.exclude(pickup_code="").first()
    if row is None:
        return None
    return next((item for item in work_list(point=point, after_id=row.pk - 1, limit=1)), None)


def given_under(*, point: PickupPoint, code: str, since: datetime) -> tuple[str, datetime] | None:
    """Number of the order that was handed over at a point under this code since then, and when; the newest."""
    given = Fulfilment.objects.filter(
        state=FulfilmentState.HANDED_OVER, order__pickup_point=point, pickup_code=code, handed_over_at__gte=since
    )
    row = given.select_related("order").order_by("-handed_over_at").first()
    return (row.order.number, row.handed_over_at) if row is not None and row.handed_over_at is not None else None


@dataclass(frozen=True)
class Progress:
    """How far an order is, as its buyer sees it; the code only while it waits at the point."""

    fulfilment_id: int
    state: str
    pickup_code: str
    carrier: str
    tracking: str
    ready_at: datetime | None
    shipped_at: datetime | None
    handed_over_at: datetime | None


def progress(*, order_id: int) -> Progress | None:
    """None while the order is not released."""
    row = Fulfilment.objects.filter(order_id=order_id).first()
    if row is None:
        return None
    return Progress(
        fulfilment_id=row.pk,
        state=row.state,
        pickup_code=row.pickup_code if row.state == FulfilmentState.READY else "",
        carrier=row.carrier,
        tracking=row.tracking,
        ready_at=row.ready_at,
        shipped_at=row.shipped_at,
        handed_over_at=row.handed_over_at,
    )


def lots_of(sku_ids: Iterable[int]) -> dict[int, list[LotFacts]]:
    """Every lot of these goods with what is left of it, by SKU."""
    under_way = LineLot.objects.filter(lot_id=OuterRef("pk"), line__handed_over_at=None)
    under_way = under_way.exclude(parcel__state=ParcelState.CAME_BACK).order_by()
    rows = Lot.objects.filter(sku_id__in=set(sku_ids)).annotate(
        left=Coalesce(Sum("movements__quantity"), 0)
        - Coalesce(Subquery(under_way.values("lot_id").annotate(n=Sum("quantity")).values("n")), 0),
        there=Coalesce(F("supplied__at_supplier"), False),
        counted=Coalesce(BoolOr(Q(movements__kind=MovementKind.RECEIVED)), False),
    )
    found: dict[int, list[LotFacts]] = {}
    for lot in rows.order_by("id").values_list(
        "id", "sku_id", "expires_at", "recalled_at", "left", "there", "paused_at", "counted"
    ):
        found.setdefault(lot[1], []).append(LotFacts(*lot))
    return found


def loose_units(sku_ids: Iterable[int], lots: Mapping[int, Sequence[LotFacts]]) -> dict[int, int]:
    """Units on the shelf that came in under no counted lot, by SKU."""
    rows = Stock.objects.filter(sku_id__in=set(sku_ids)).values_list("sku_id", "on_hand")
    return {
        sku_id: on_hand - sum(lot.left for lot in lots.get(sku_id, ()) if lot.is_counted) for sku_id, on_hand in rows
    }


def points_of(*, leader_id: int) -> list[PickupPoint]:
    """The points that a member leads."""
    return list(PickupPoint.objects.filter(leader_id=leader_id).order_by("id"))
