"""What people read of a store: where, when, what stands there now, what happens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from quanzi.base import planned
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can
from quanzi.trade.stores.errors import NoSuchStore
from quanzi.trade.stores.models import Store, StoreEvent
from quanzi.trade.stores.rules import left

SHELF = """
SELECT s.id, p.id, p.slug, p.name, s.options::text, s.price_minor, s.currency, g.counted, stores_sold(g.store_id, g.sku_id, NULL),
    coalesce(k.on_hand - k.reserved, 0), g.counted_at, s.unit_note
FROM stores_shelfgood g JOIN catalogue_sku s ON s.id = g.sku_id AND s.is_active
JOIN catalogue_product p ON p.id = s.product_id AND p.state = 'on_sale' LEFT JOIN stock_stock k ON k.sku_id = s.id
WHERE g.store_id = %s AND (g.counted > 0 OR %s) ORDER BY p.name, s.position, s.id LIMIT 300
"""


@dataclass(frozen=True)
class StoreCard:
    id: int
    code: str
    point_id: int
    name: str
    address: str
    hours: str
    hours_en: str
    about: str
    phone: str
    keeper_id: int
    keeper_name: str
    circle_slug: str
    circle_name: str
    takes_amounts: bool
    is_open: bool
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class ShelfLine:
    """One article in a store. left: what may still be taken; counted: what somebody last counted."""

    sku_id: int
    product_id: int
    slug: str
    title: str
    price: Money
    left: int
    counted: int
    counted_at: datetime
    unit_note: str


@dataclass(frozen=True)
class EventCard:
    id: int
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    is_off: bool


def stores(*, limit: int = 50) -> list[StoreCard]:
    """Open stores, in the order in which they opened."""
    return [_card(one) for one in _with_point().filter(point__is_open=True).order_by("pk")[:limit]]


def store_by_code(code: str) -> StoreCard:
    """Raises NoSuchStore."""
    found = _with_point().filter(code=code.lower()[:12]).first()
    if found is None:
        raise NoSuchStore()
    return _card(found)


def stores_kept(member: Member) -> list[StoreCard]:
    """The stores whose till this member works at: the own ones, and for staff who hand goods over all of them."""
    found = _with_point()
    if not can(member, "orders.handle"):
        found = found.filter(point__leader=member)
    return [_card(one) for one in found.order_by("pk")]


def shelf(*, store_id: int, with_empty: bool = False) -> list[ShelfLine]:
    """What stands in the store, by name; with_empty: also what was counted as none."""
    return [_line(*row) for row in planned.rows(SHELF, [store_id, with_empty])]


def coming_events(*, store_id: int, now: datetime, limit: int = 10) -> list[EventCard]:
    """What is on or still to come, the next first."""
    rows = StoreEvent.objects.filter(store_id=store_id, ends_at__gt=now).order_by("starts_at", "pk")[:limit]
    return [
        EventCard(one.pk, one.title, one.text, one.starts_at, one.ends_at, one.called_off_at is not None)
        for one in rows
    ]


def _with_point() -> QuerySet[Store]:
    return Store.objects.select_related("point__leader", "point__circle")


def _card(store: Store) -> StoreCard:
    point = store.point
    circle = point.circle
    return StoreCard(
        id=store.pk, code=store.code, point_id=point.pk, name=point.name, address=point.address, hours=point.hours,
        hours_en=point.hours_en, about=store.about, phone=store.phone, keeper_id=point.leader_id,
        keeper_name=point.leader.name, circle_slug=circle.slug if circle else "", circle_name=circle.name if circle else "",
        takes_amounts=store.takes_amounts, is_open=point.is_open, latitude=point.latitude, longitude=point.longitude,
    )  # fmt: skip


def _line(sku_id: int, product_id: int, slug: str, name: str, options: str, price_minor: int, currency: str, counted: int,
          sold: int, free: int, counted_at: datetime, unit_note: str) -> ShelfLine:  # fmt: skip
    return ShelfLine(
        sku_id=sku_id, product_id=product_id, slug=slug, title=variant_title(name, json.loads(options)),
        price=Money(price_minor, currency), left=left(counted=counted, sold=sold, free=free), counted=counted,
        counted_at=counted_at, unit_note=unit_note,
    )  # fmt: skip
