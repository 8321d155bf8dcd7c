"""Pickup points to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from quanzi.trade.sales.models import PickupPoint


@dataclass(frozen=True)
class PointCard:
    id: int
    name: str
    address: str
    hours: str
    hours_en: str
    leader_id: int
    leader_name: str
    circle_id: int | None
    is_open: bool
    is_demo: bool


def open_points(*, circle_id: int | None = None, after: int = 0, limit: int = 50) -> list[PointCard]:
    """Points that take orders, behind the one already seen; circle_id: of these, those of one circle first."""
    open_ones = PickupPoint.objects.filter(is_open=True, pk__gt=after).select_related("leader")
    found = list(open_ones.order_by("id")[:limit])
    found.sort(key=lambda point: point.circle_id != circle_id if circle_id else False)
    return [point_card(point) for point in found]


def point_card(point: PickupPoint) -> PointCard:
    """point: with its leader, or one more query."""
    return PointCard(
        id=point.pk,
        name=point.name,
        address=point.address,
        hours=point.hours,
        hours_en=point.hours_en,
        leader_id=point.leader_id,
        leader_name=point.leader.name,
        circle_id=point.circle_id,
        is_open=point.is_open,
        is_demo=point.is_demo,
    )
