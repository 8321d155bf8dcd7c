"""The smallest valid launches, and people in their queues."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection

from quanzi.base import doctor
from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue.models import Maker, Product
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.models import BrandDay, Edition, Launch, Place
from quanzi.trade.launches.services import DayPlan
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.trade import make_buyer, make_point

_numbers = count(1)
MINUTE = timedelta(minutes=1)


def make_launch(*, now: datetime | None = None, units: int = 3, stock_of: int = 100, **fields: Any) -> Launch:
    """Entry is open, the lot is drawn in ten minutes, turns of five minutes, over in an hour; 30.00 each."""
    now = now or clock.now()
    sku = fields.pop("sku", None) or make_sku(stock_of=stock_of, now=now)
    usual: dict[str, Any] = {
        "title": "手工锅", "price_minor": 3_000, "entry_opens_at": now, "starts_at": now + 10 * MINUTE,
        "ends_at": now + 60 * MINUTE, "actor": "test",
    }  # fmt: skip
    return launches.plan_launch(sku_id=sku.pk, units=units, now=now, **{**usual, **fields})


def make_day(*, now: datetime | None = None, **fields: Any) -> BrandDay:
    """A maker's day: opens in an hour, for twelve hours; one SKU of theirs at 30.00."""
    now, number = now or clock.now(), next(_numbers)
    sku = make_sku(stock_of=20, now=now)
    maker = Maker.objects.create(name=f"作坊{number}", slug=f"maker-day-{number}")
    Product.objects.filter(pk=sku.product_id).update(maker=maker)
    usual: dict[str, Any] = {
        "title": "拾皮专场", "starts_at": now + 60 * MINUTE, "ends_at": now + 780 * MINUTE,
        "goods": [DayPlan(sku.pk, 3_000)], "actor": "test",
    }  # fmt: skip
    return launches.plan_day(maker_id=maker.pk, now=now, **{**usual, **fields})


def make_edition(*, size: int = 2, now: datetime | None = None, **fields: Any) -> Edition:
    """Numbered pieces of a maker's draft, 40.00 each."""
    now, number = now or clock.now(), next(_numbers)
    maker = Maker.objects.create(name=f"匠人{number}", slug=f"maker-edition-{number}", member=fields.pop("maker", None))
    sku = make_sku(on_sale=False, price_minor=4_000, stock_of=size, now=now)
    Product.objects.filter(pk=sku.product_id).update(maker=maker)
    return launches.open_edition(sku_id=sku.pk, size=size, actor="test", now=now, **fields)


def order_piece(edition: Edition, *, member: Member | None = None, now: datetime | None = None, **fields: Any) -> Order:
    point = fields.pop("point", None) or make_point()
    return launches.order_piece(
        edition_id=edition.pk, member=member or make_buyer(), method="pickup", pickup_point_id=point.pk,
        now=now or clock.now(), **{"idempotency_key": f"piece-{next(_numbers)}", **fields},
    )  # fmt: skip


def enter(launch: Launch, *, member: Member | None = None, now: datetime | None = None, wanted: int = 1) -> Place:
    return launches.enter(launch_id=launch.pk, member=member or make_buyer(), wanted=wanted, now=now or clock.now())


def order_turn(place: Place, *, quantity: int = 1, now: datetime | None = None, **fields: Any) -> Order:
    """The order that a place's turn is for, picked up at a point."""
    point = fields.pop("point", None) or make_point()
    return launches.order_turn(
        launch_id=place.launch_id, member=place.member, quantity=quantity, method="pickup", pickup_point_id=point.pk,
        now=now or clock.now(), **{"idempotency_key": f"launch-{next(_numbers)}", **fields},
    )  # fmt: skip


def assert_launches_add_up() -> None:
    """Deferred checks pass, every event is told, and the doctor finds nothing at all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    while deliver_pending():
        pass
    ill = [(result.id, result.sample) for result in doctor.run() if not result.is_well]
    assert not ill, ill
