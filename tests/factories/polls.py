"""Questions to friends for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from quanzi.base import doctor
from quanzi.base.events.services import deliver_pending
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.polls import buying, services
from quanzi.trade.polls.models import Poll
from quanzi.trade.sales.models import Order, PickupPoint
from tests.factories.goods import make_sku
from tests.factories.people import befriend
from tests.factories.trade import make_buyer, make_point


def make_friends(count: int = 2) -> tuple[Member, list[Member]]:
    """Somebody and their friends."""
    me, friends = make_buyer(), [make_buyer() for _ in range(count)]
    for one in friends:
        befriend(me, one)
    return me, friends


def ask(asker: Member, friends: list[Member], *, now: datetime | None = None, **fields: Any) -> Poll:
    """A question about something of which there are five, for 39.90."""
    now = now or clock.now()
    skus = fields.pop("sku_ids", None) or [make_sku(price_minor=3_990, stock_of=5, now=now).pk]
    return services.ask(asker=asker, sku_ids=skus, member_ids=[one.pk for one in friends], now=now, **fields)


def order_held(poll: Poll, *, now: datetime | None = None, key: str = "held", **fields: Any) -> Order:
    """Its asker orders the first of its goods, to be picked up."""
    good, point = poll.goods.order_by("position")[0], PickupPoint.objects.first() or make_point()
    return buying.order_held(
        poll=poll, good_id=good.pk, member=poll.asker, method="pickup", pickup_point_id=point.pk,
        idempotency_key=key, now=now or clock.now(), **fields,
    )  # fmt: skip


def assert_polls_add_up() -> None:
    """Deferred checks pass, every event is told, and the doctor finds nothing about goods, prices, ties and questions."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    while deliver_pending():
        pass
    asked = ("S1", "S2.expired", "S2.orders", "O2", "O2.steps", "N3", "AF1", "AF2")
    ill = [(result.id, result.sample) for result in doctor.run(only=asked) if not result.is_well]
    assert not ill, ill
