"""Rounds as members see them, and what has to be bought for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quanzi.base import planned
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel.money import Money
from quanzi.trade.stations import rules
from quanzi.trade.stations.errors import NoSuchRound
from quanzi.trade.stations.models import Round, RoundGood

DEMAND = """
SELECT l.sku_id, l.title, p.station_id, pt.name, sum(l.quantity)
  FROM stations_stop p JOIN stations_station s ON s.id = p.station_id JOIN sales_pickuppoint pt ON pt.id = s.point_id
  JOIN stations_entry e ON e.stop_id = p.id AND e.ended_at IS NULL
  JOIN sales_order o ON o.id = e.order_id AND o.paid_at IS NOT NULL AND o.state <> 'refunded'
  JOIN sales_orderline l ON l.order_id = o.id AND l.dropped_at IS NULL
 WHERE p.round_id = %s GROUP BY 1, 2, 3, 4 ORDER BY 2, 1, 3
"""

PAID = """
SELECT l.sku_id, sum(l.quantity) FROM stations_stop p JOIN stations_entry e ON e.stop_id = p.id AND e.ended_at IS NULL
  JOIN sales_order o ON o.id = e.order_id AND o.paid_at IS NOT NULL JOIN sales_orderline l ON l.order_id = o.id AND l.dropped_at IS NULL
 WHERE p.round_id = %s GROUP BY 1
"""


@dataclass(frozen=True)
class DemandRow:
    """Units of one SKU that a station's buyers have paid for."""

    sku_id: int
    title: str
    station_id: int
    station_name: str
    quantity: int


@dataclass(frozen=True)
class GoodCard:
    """left: units that nobody has ordered; missing: paid units that are still needed for the goods to come."""

    sku_id: int
    product_id: int
    product_slug: str
    title: str
    unit_note: str
    price: Money
    list_price: Money
    most: int
    left: int
    minimum: int
    paid: int
    is_made: bool | None
    comes_later: bool = False

    @property
    def missing(self) -> int:
        return max(0, self.minimum - self.paid)


@dataclass(frozen=True)
class RoundCard:
    id: int
    title: str
    state: str
    opens_at: datetime
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    takes_orders: bool
    goods: tuple[GoodCard, ...]


def demand(round_id: int) -> list[DemandRow]:
    """What is paid in a round, by SKU and station; the lines of goods that do not come are gone after the cut-off."""
    found = planned.rows(DEMAND, [round_id])
    return [DemandRow(sku_id, title, station_id, name, int(units)) for sku_id, title, station_id, name, units in found]


def round_card(round_id: int, *, now: datetime) -> RoundCard:
    """Raises NoSuchRound."""
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise NoSuchRound()
    return _card(found, now)


def rounds_of_station(*, station_id: int, now: datetime, limit: int = 5) -> list[RoundCard]:
    """Rounds that come to a station and are not handed out yet, the next cut-off first."""
    rows = Round.objects.filter(stops__station_id=station_id, pickup_until__gt=now).exclude(state="cancelled")
    return [_card(one, now) for one in rows.order_by("cut_off_at", "id")[:limit]]


@dataclass(frozen=True)
class RoundHead:
    """What runs at a station now, in one line. is_coming: it opens later."""

    round_id: int
    title: str
    takes_orders: bool
    is_coming: bool
    opens_at: datetime
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime


HEADS = """
SELECT DISTINCT ON (p.station_id) p.station_id, r.id, r.title, r.state, r.opens_at, r.cut_off_at, r.pickup_from, r.pickup_until
  FROM stations_stop p JOIN stations_round r ON r.id = p.round_id
 WHERE p.station_id = ANY (%s::bigint[]) AND r.state <> 'cancelled' AND r.pickup_until > %s
 ORDER BY p.station_id, r.state <> 'open', r.cut_off_at, r.id
"""


def round_heads(station_ids: Sequence[int], *, now: datetime) -> dict[int, RoundHead]:
    """By station the round that can be ordered from, else the one whose pickup is not over."""
    return {
        station_id: RoundHead(
            round_id, title, rules.takes_orders(state=state, opens_at=opens_at, cut_off_at=cut_off_at, now=now),
            state == "open" and now < opens_at, opens_at, cut_off_at, pickup_from, pickup_until,
        )
        for station_id, round_id, title, state, opens_at, cut_off_at, pickup_from, pickup_until in planned.rows(
            HEADS, [list(station_ids), now]
        )
    }  # fmt: skip


@dataclass(frozen=True)
class RoundNear:
    """A round that can be ordered from, at one station. orders: paid ones in all its stations."""

    title: str
    cut_off_at: datetime
    pickup_from: datetime
    pickup_until: datetime
    station_code: str
    station_name: str
    orders: int


BY_NEARNESS = """(SELECT max(o.placed_at) FROM sales_order o WHERE o.member_id = {member} AND o.pickup_point_id = pt.id) DESC NULLS LAST,
    (SELECT max(CASE WHEN EXISTS (
                SELECT FROM regexp_split_to_table(s.area, '[、，, ]+') AS estate WHERE estate <> '' AND strpos(a.detail, estate) > 0) THEN 2
            WHEN strpos(pt.address, right(a.region_name, 3)) > 0 THEN 1 ELSE 0 END)
       FROM accounts_address a WHERE a.member_id = {member} AND a.removed_at IS NULL) DESC NULLS LAST,
    (SELECT power(pt.latitude - last.latitude, 2) + power((pt.longitude - last.longitude) * cos(radians(last.latitude)), 2)
       FROM sales_order o JOIN sales_pickuppoint last ON last.id = o.pickup_point_id
      WHERE o.member_id = {member} ORDER BY o.placed_at DESC LIMIT 1) NULLS LAST"""
"""Of stations s with their points pt, for one member: where they fetched last; an estate that an address of theirs names, then one in its
district (the end of 浙江省杭州市西湖区, which is written without spaces); the way from where they fetched last. For nobody (NULL) all are alike."""

MEMBER, NOBODY = "%(member)s::bigint", "NULL::bigint"

NEAR = f"""
SELECT r.title, r.cut_off_at, r.pickup_from, r.pickup_until, s.code, pt.name,
       (SELECT count(*) FROM stations_stop x JOIN stations_entry e ON e.stop_id = x.id AND e.ended_at IS NULL
          JOIN sales_order o ON o.id = e.order_id AND o.paid_at IS NOT NULL WHERE x.round_id = r.id) AS orders
  FROM stations_round r JOIN stations_stop p ON p.round_id = r.id JOIN stations_station s ON s.id = p.station_id
  JOIN sales_pickuppoint pt ON pt.id = s.point_id AND pt.is_open
 WHERE r.state = 'open' AND r.opens_at <= %(now)s AND %(now)s < r.cut_off_at
 ORDER BY {BY_NEARNESS}, r.cut_off_at, p.id LIMIT 1
"""


def round_near(*, member_id: int | None, now: datetime) -> RoundNear | None:
    """The round to show somebody: at the station nearest to them (BY_NEARNESS), else the one that is cut off next."""
    found = planned.rows(NEAR.format(member=MEMBER), {"now": now, "member": member_id})
    return RoundNear(*found[0]) if found else None


def near_told(told: Mapping[str, Any] | None) -> RoundNear | None:
    """The round that NEAR found inside another statement, as JSON."""
    if told is None:
        return None
    title, cut_off_at, pickup_from, pickup_until, *rest = told.values()
    cut_off, begin, end = (datetime.fromisoformat(at) for at in (cut_off_at, pickup_from, pickup_until))
    return RoundNear(title, cut_off, begin, end, *rest)


def _card(found: Round, now: datetime) -> RoundCard:
    paid = {sku_id: int(units) for sku_id, units in planned.rows(PAID, [found.pk])}
    goods = RoundGood.objects.filter(round=found).select_related("sku__product").order_by("id")
    return RoundCard(
        id=found.pk, title=found.title, state=found.state, opens_at=found.opens_at, cut_off_at=found.cut_off_at,
        pickup_from=found.pickup_from, pickup_until=found.pickup_until,
        takes_orders=rules.takes_orders(state=found.state, opens_at=found.opens_at, cut_off_at=found.cut_off_at, now=now),
        goods=tuple(_good(one, paid.get(one.sku_id, 0)) for one in goods),
    )  # fmt: skip


def _good(good: RoundGood, paid: int) -> GoodCard:
    sku = good.sku
    return GoodCard(
        sku_id=sku.pk, product_id=sku.product_id, product_slug=sku.product.slug,
        title=variant_title(sku.product.name, sku.options), unit_note=sku.unit_note,
        price=Money(good.price_minor, good.currency), list_price=Money(sku.price_minor, sku.currency),
        most=good.most, left=good.most - good.taken, minimum=good.minimum, paid=paid, is_made=good.is_made,
        comes_later=good.comes_later,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoundWay:
    """Goods in a round that takes orders now, at one of its stations."""

    round_id: int
    sku_id: int
    price: Money
    station_name: str
    station_code: str
    cut_off_at: datetime
    pickup_from: datetime
    left: int


WAYS = f"""
SELECT r.id, g.sku_id, g.price_minor, g.currency, pt.name, s.code, r.cut_off_at, r.pickup_from, g.most - g.taken AS free
FROM stations_roundgood g JOIN stations_round r ON r.id = g.round_id JOIN stations_stop t ON t.round_id = r.id
    JOIN stations_station s ON s.id = t.station_id JOIN sales_pickuppoint pt ON pt.id = s.point_id
WHERE g.sku_id = ANY ({{skus}}) AND r.state = 'open' AND r.opens_at <= %(now)s AND r.cut_off_at > %(now)s AND g.taken < g.most
    AND t.taken < t.capacity AND pt.is_open
ORDER BY {BY_NEARNESS}, g.price_minor, r.cut_off_at, pt.name LIMIT {{limit}}
"""


def ways_to(
    *, sku_ids: Collection[int], member_id: int | None = None, limit: int = 10, now: datetime
) -> list[RoundWay]:
    """Stations at which these goods can be ordered now, for a member the nearest first, then the cheapest, in one statement."""
    sql = WAYS.format(skus="%(skus)s::bigint[]", member=MEMBER, limit="%(limit)s")
    rows = planned.rows(sql, {"skus": list(sku_ids), "member": member_id, "limit": limit, "now": now})
    return [RoundWay(pk, sku, Money(price, currency), *rest) for pk, sku, price, currency, *rest in rows]


def way_told(told: Mapping[str, Any] | None) -> RoundWay | None:
    """What WAYS found first inside another statement, as JSON."""
    if told is None:
        return None
    pk, sku, price, currency, name, code, cut_off_at, pickup_from, left = told.values()
    at = (datetime.fromisoformat(cut_off_at), datetime.fromisoformat(pickup_from))
    return RoundWay(pk, sku, Money(price, currency), name, code, *at, left)
