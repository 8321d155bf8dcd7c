"""Many hands at one order: no unit is packed twice, no parcel leaves twice, no stop is handed over twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from quanzi.base.doctor import run
from quanzi.goods.stock.queries import levels
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.trade.fulfilment import errors, services
from quanzi.trade.fulfilment.models import Fulfilment, Parcel, ParcelLine
from quanzi.trade.fulfilment.services import runs
from tests.factories.goods import make_sku
from tests.factories.sending import make_driver
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment

pytestmark = pytest.mark.django_db(transaction=True)


def to_send(quantity: int = 10):  # type: ignore[no-untyped-def]
    order = make_paid_order(sku=make_sku(stock_of=30), quantity=quantity)
    return order, open_fulfilment(order), order.lines.get()


def packed_units(found: Fulfilment) -> int:
    return ParcelLine.objects.filter(parcel__fulfilment=found).aggregate(n=Sum("quantity"))["n"] or 0


def assert_well() -> None:
    for result in run(only={"F2", "F3", "F4", "S1", "S1.sold"}):
        assert result.is_well, result


def test_24_packers_pack_exactly_what_was_ordered(race) -> None:  # type: ignore[no-untyped-def]
    _, found, line = to_send(10)
    staff = make_staff()

    def pack(number: int) -> None:
        services.pack(fulfilment_id=found.pk, actor_member=staff, lines={line.pk: 1}, now=clock.now())

    outcome = race(pack, callers=24).only(errors.PackedTooMany)

    assert (len(outcome.results), packed_units(found)) == (10, 10)
    assert_well()


@pytest.fixture
def packing_without_guards() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE fulfilment_parcelline DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE fulfilment_parcelline CASCADE")
        cursor.execute("ALTER TABLE fulfilment_parcelline ENABLE TRIGGER USER")


def test_control_counting_and_then_packing_packs_too_much(race, packing_without_guards: None) -> None:  # type: ignore[no-untyped-def]
    _, found, line = to_send(4)

    def pack(number: int) -> bool:
        with transaction.atomic():
            if packed_units(found) >= 4:
                return False
            time.sleep(0.05)
            made = Parcel.objects.create(fulfilment=found, position=number + 1, packed_at=clock.now(), packed_by="x")
            ParcelLine.objects.create(parcel=made, line=line, quantity=1)
            return True

    assert race(pack, callers=16).only().results.count(True) > 4


def test_a_parcel_sent_by_many_leaves_once_under_one_number(race) -> None:  # type: ignore[no-untyped-def]
    order, found, line = to_send(3)
    staff = make_staff()
    parcel = services.pack(fulfilment_id=found.pk, actor_member=staff, now=clock.now())

    def send(number: int) -> None:
        services.ship_parcel(
            parcel_id=parcel.pk, actor_member=staff, carrier="顺丰", tracking=f"SF{number}", now=clock.now()
        )

    outcome = race(send, callers=16).only(errors.AlreadyShipped)

    assert len(outcome.results) == 1
    assert levels([line.sku_id])[line.sku_id].on_hand == 27
    order.refresh_from_db()
    assert order.state == "handed_over"
    assert_well()


def test_a_stop_that_is_handed_over_and_missed_at_once_is_one_of_both(race) -> None:  # type: ignore[no-untyped-def]
    order, found, line = to_send(2)
    driver, now = make_driver(), clock.now()
    planned = runs.plan_run(
        title="城西", driver=driver, starts_at=now, ends_at=now + timedelta(hours=2), fulfilment_ids=[found.pk],
        actor="staff:0", now=now,
    )  # fmt: skip
    stop = planned.stops.get()

    def say(number: int) -> None:
        verb = runs.hand_over_at_stop if number % 2 else runs.miss_stop
        verb(stop_id=stop.pk, driver=driver, now=clock.now())

    race(say, callers=12).only(errors.StopIsOver, IllegalMove)

    stop.refresh_from_db()
    order.refresh_from_db()
    assert (stop.state, order.state) in (("handed_over", "handed_over"), ("missed", "paid"))
    assert levels([line.sku_id])[line.sku_id].on_hand == (28 if stop.state == "handed_over" else 30)
    assert_well()
