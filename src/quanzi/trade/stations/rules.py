"""Rounds and stations, free of the database. Distances in metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from quanzi.goods.catalogue.models import StorageCondition
from quanzi.trade.sales.rules import PAY_WITHIN_MINUTES

KIND = "round"
EARTH_M = 6_371_000


def takes_orders(*, state: str, opens_at: datetime, cut_off_at: datetime, now: datetime) -> bool:
    """Orders and payments count in [opens_at, cut_off_at)."""
    return state == "open" and opens_at <= now < cut_off_at


def pay_by(*, cut_off_at: datetime, now: datetime) -> datetime:
    """The goods of an order in a round are held for a quarter of an hour, never past the cut-off."""
    return min(cut_off_at, now + timedelta(minutes=PAY_WITHIN_MINUTES))


SECOND_WINDOW = timedelta(hours=24)
"""Goods that nobody fetched wait that much longer; then what keeps is refunded, and the shop decides about fresh goods."""


FRESH_KEEPS = {
    StorageCondition.CHILLED: timedelta(hours=12),
    StorageCondition.AMBIENT: timedelta(hours=24),
    StorageCondition.FROZEN: timedelta(hours=48),
}
"""How long fresh goods wait after the window for somebody to say what becomes of them, by how they are stored."""

FRESH_AT_LAST = timedelta(hours=72)
"""Then their money goes back by itself."""


def fresh_until(*, storage: str, pickup_until: datetime) -> datetime:
    """By when somebody has to decide about fresh goods that nobody fetched."""
    return pickup_until + FRESH_KEEPS.get(StorageCondition(storage), min(FRESH_KEEPS.values()))


def fresh_at_last(pickup_until: datetime) -> datetime:
    """Fresh goods wait no longer than this, whatever was said."""
    return pickup_until + FRESH_AT_LAST


def second_until(pickup_until: datetime) -> datetime:
    """When the second window ends, [pickup_until, second_until)."""
    return pickup_until + SECOND_WINDOW


def is_made(*, paid_units: int, minimum: int) -> bool:
    """Whether the goods come: something was paid, and no less than the minimum."""
    return paid_units > 0 and paid_units >= minimum


def distance_m(here: tuple[float, float], there: tuple[float, float]) -> int:
    """Metres over the ground between two points of (latitude, longitude) in degrees."""
    (lat1, lon1), (lat2, lon2) = ((radians(lat), radians(lon)) for lat, lon in (here, there))
    square = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_M * asin(sqrt(min(1.0, square))))


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """A point on the globe, or no point at all."""
    if latitude is None or longitude is None:
        return latitude is None and longitude is None
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


@dataclass(frozen=True)
class Basket:
    """What one order still needs, units by SKU."""

    order_id: int
    units: Mapping[int, int]
    is_ready: bool


def complete(baskets: Sequence[Basket], fit: Mapping[int, int]) -> list[int]:
    """Orders that the fit units on the table fill whole, first come first served; those told already keep theirs."""
    left = dict(fit)
    for basket in baskets:
        if basket.is_ready:
            _take(left, basket)
    filled = []
    for basket in baskets:
        if basket.units and not basket.is_ready and all(left.get(sku, 0) >= n for sku, n in basket.units.items()):
            _take(left, basket)
            filled.append(basket.order_id)
    return filled


def _take(left: dict[int, int], basket: Basket) -> None:
    for sku, units in basket.units.items():
        left[sku] = left.get(sku, 0) - units


@dataclass(frozen=True)
class WaitingLine:
    """One order line at a stop; is_served: its goods are set aside."""

    line_id: int
    sku_id: int
    quantity: int
    paid_minor: int
    is_served: bool


def unfilled(lines: Sequence[WaitingLine], fit: Mapping[int, int]) -> list[int]:
    """Lines that the fit units cannot fill, given in the order in which they were paid: whoever paid first is served first."""
    left = dict(fit)
    for line in lines:
        if line.is_served:
            left[line.sku_id] = left.get(line.sku_id, 0) - line.quantity
    missing = []
    for line in lines:
        if line.is_served:
            continue
        if left.get(line.sku_id, 0) >= line.quantity:
            left[line.sku_id] -= line.quantity
        else:
            missing.append(line.line_id)
    return missing


def earned_back_minor(*, amount_minor: int, paid_minor: int, refunded_minor: int) -> int:
    """What a refund takes back of a leader's part, in the same proportion; all of it with a refund of everything."""
    if refunded_minor >= paid_minor:
        return amount_minor
    return amount_minor * refunded_minor // paid_minor


@dataclass(frozen=True)
class Record:
    """What a leader's stations did in ninety days. orders, lines: handed over; claims: accepted; rounds: counted, in_time: before
    pickup began; missed: orders that nobody fetched in time."""

    orders: int
    lines: int
    returned: int
    claims: int
    rounds: int
    in_time: int
    missed: int


LEVELS = (("best", 100, 200, 100, 500), ("good", 20, 500, 300, 1000))
"""Level, orders at least; returned and complained lines, and rounds counted late, at most, in basis points."""


def level_of(record: Record) -> str:
    """best, good, steady, or new for fewer than twenty orders. Facts only: nobody gives or takes a level."""
    for name, orders, returned, claims, late in LEVELS:
        if (
            record.orders >= orders
            and record.returned * 10_000 <= returned * record.lines
            and record.claims * 10_000 <= claims * record.lines
            and (record.rounds - record.in_time) * 10_000 <= late * record.rounds
        ):
            return name
    return "steady" if record.orders >= LEVELS[-1][1] else "new"
