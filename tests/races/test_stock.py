"""64 callers want the last goods. With the guard nothing is oversold; without it, the race is real."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from quanzi.base.doctor import run
from quanzi.goods.stock import queries, services
from quanzi.goods.stock.errors import OutOfStock
from quanzi.goods.stock.models import Reservation, ReservationState, Stock
from quanzi.kernel import clock
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db(transaction=True)
NOW = clock.now()
LATER = NOW + timedelta(minutes=15)


def assert_stock_adds_up() -> None:
    for result in run(only={"S1", "S1.sold"}):
        assert result.is_well, result


def test_64_callers_get_exactly_what_is_there(race) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku(stock_of=20)

    def buy(number: int) -> None:
        services.reserve(lines=[(sku.id, 1, f"order_line:{number}")], expires_at=LATER, now=NOW)

    outcome = race(buy).only(OutOfStock)

    assert (len(outcome.results), len(outcome.errors)) == (20, 44)
    assert queries.free([sku.id]) == {sku.id: 0}
    assert_stock_adds_up()


@pytest.fixture
def counter_without_guards() -> Iterator[None]:
    """The counter as it would be without triggers and constraint."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stock_stock DISABLE TRIGGER USER, DROP CONSTRAINT stock_reserved_within_on_hand")
        cursor.execute("ALTER TABLE stock_reservation DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE stock_stock, stock_reservation, stock_movement")
        cursor.execute(
            "ALTER TABLE stock_stock ENABLE TRIGGER USER, "
            "ADD CONSTRAINT stock_reserved_within_on_hand "
            "CHECK (on_hand >= 0 AND expected >= 0 AND reserved >= expected AND reserved <= on_hand + expected)"
        )
        cursor.execute("ALTER TABLE stock_reservation ENABLE TRIGGER USER")


def test_control_reading_and_then_writing_oversells(race, counter_without_guards: None) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku()
    Stock.objects.create(sku=sku, on_hand=20, reserved=0)

    def buy(number: int) -> bool:
        with transaction.atomic():
            if queries.free([sku.id])[sku.id] < 1:
                return False
            time.sleep(0.05)
            Reservation.objects.create(sku=sku, ref=f"order_line:{number}", quantity=1, made_at=NOW)
            reserved = Reservation.objects.filter(sku=sku, state=ReservationState.LIVE).count()
            Stock.objects.filter(sku=sku).update(reserved=reserved)
            return True

    outcome = race(buy).only()

    assert outcome.results.count(True) > 20


def test_carts_of_several_goods_in_any_order_never_deadlock(race) -> None:  # type: ignore[no-untyped-def]
    skus = [make_sku(stock_of=40) for _ in range(4)]

    def buy(number: int) -> None:
        wanted = random.Random(number).sample(skus, 3)
        lines = [(sku.id, 1, f"order_line:{number}:{sku.id}") for sku in wanted]
        with transaction.atomic():
            services.reserve(lines=lines, expires_at=LATER, now=NOW)
            if number % 3 == 0:
                services.consume(refs=[line[2] for line in lines], now=NOW)
        if number % 3 == 1:
            services.release(refs=[line[2] for line in lines], now=NOW)

    outcome = race(buy).only(OutOfStock)

    assert len(outcome.results) >= 40
    assert_stock_adds_up()


def test_64_equal_delivery_notes_count_once(race) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku()

    def receive(_: int) -> int:
        return services.receive(sku_id=sku.id, quantity=5, key="note:1", reason="supplier", actor="staff:0", now=NOW).id

    outcome = race(receive).only()

    assert (len(outcome.results), len(set(outcome.results))) == (64, 1)
    assert queries.free([sku.id]) == {sku.id: 5}
    assert_stock_adds_up()


def test_64_releases_of_one_hold_give_back_once(race) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku(stock_of=5)
    services.reserve(lines=[(sku.id, 3, "order_line:1")], expires_at=LATER, now=NOW)

    outcome = race(lambda _: services.release(refs=["order_line:1"], now=NOW)).only()

    assert sum(outcome.results) == 1
    assert queries.free([sku.id]) == {sku.id: 5}
    assert_stock_adds_up()


def test_handing_over_and_letting_go_exclude_each_other(race) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku(stock_of=64)
    for number in range(32):
        services.reserve(lines=[(sku.id, 1, f"order_line:{number}")], expires_at=LATER, now=NOW)

    def end(number: int) -> int:
        refs = [f"order_line:{number // 2}"]
        return services.release(refs=refs, now=NOW) if number % 2 else services.consume(refs=refs, now=NOW)

    from quanzi.goods.stock.errors import NotReserved

    outcome = race(end).only(NotReserved)

    assert sum(outcome.results) == 32
    assert_stock_adds_up()
