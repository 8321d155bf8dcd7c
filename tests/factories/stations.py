"""The smallest valid stations and rounds, and orders in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from quanzi.base import doctor
from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Sku
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import Order
from quanzi.trade.stations import services as stations
from quanzi.trade.stations.models import Round, Station, StationApplication
from quanzi.trade.stations.services import GoodPlan
from tests.factories.goods import make_sku
from tests.factories.trade import make_buyer, make_point

_numbers = count(1)
HOUR = timedelta(hours=1)


def make_station(*, leader: Member | None = None, now: datetime | None = None, **fields: Any) -> Station:
    now = now or clock.now()
    where = {name: fields.pop(name) for name in ("latitude", "longitude", "name") if name in fields}
    point = make_point(leader=leader, now=now, **where)
    usual = {"area": "锦绣花园", "capacity": 50}
    return stations.open_station(point=point, actor="test", now=now, **{**usual, **fields})


def make_application(*, member: Member | None = None, now: datetime | None = None, **fields: Any) -> StationApplication:
    now = now or clock.now()
    usual = {"name": "东门", "area": "锦绣", "address": "锦绣路 8 号", "hours": "17:00-20:00", "capacity": 30}
    return stations.apply_for_station(member=member or make_buyer(now=now), now=now, **{**usual, **fields})


def make_round(
    *,
    station: Station | None = None,
    sku: Sku | None = None,
    now: datetime | None = None,
    price_minor: int = 3_000,
    most: int = 50,
    minimum: int = 0,
    goods: list[GoodPlan] | None = None,
    **fields: Any,
) -> Round:
    """Open now, cut off in two hours, pickup from four to eight hours from now; one SKU at 30.00."""
    now = now or clock.now()
    station = station or make_station(now=now)
    if goods is None:
        sku = sku or make_sku(stock_of=100, now=now)
        goods = [GoodPlan(sku.pk, price_minor, most, minimum)]
    usual: dict[str, Any] = {
        "title": "周五团期", "opens_at": now, "cut_off_at": now + 2 * HOUR, "pickup_from": now + 4 * HOUR,
        "pickup_until": now + 8 * HOUR, "station_ids": [station.pk],
    }  # fmt: skip
    return stations.open_round(goods=goods, actor="test", now=now, **{**usual, **fields})


def order_in(
    round: Round,
    *,
    member: Member | None = None,
    station: Station | None = None,
    lines: list[tuple[int, int]] | None = None,
    quantity: int = 1,
    now: datetime | None = None,
    **fields: Any,
) -> Order:
    """An order of the round's first SKU at its first station."""
    return stations.order_in_round(
        round_id=round.pk,
        station_id=station.pk if station else round.stops.order_by("id")[0].station_id,
        member=member or make_buyer(now=now),
        lines=lines or [(round.goods.order_by("id")[0].sku_id, quantity)],
        now=now or clock.now(),
        **{"idempotency_key": f"round-{next(_numbers)}", **fields},
    )


def assert_rounds_add_up() -> None:
    """Deferred checks pass, every event is told, and the doctor finds nothing at all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    while deliver_pending():
        pass
    assert [result for result in doctor.run() if not result.is_well] == []
