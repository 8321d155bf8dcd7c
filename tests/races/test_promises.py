"""64 callers order what has yet to come, while it comes and is taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from quanzi.base.doctor import run
from quanzi.goods.stock import queries, services
from quanzi.goods.stock.errors import OutOfStock, PromiseHeld
from quanzi.goods.stock.models import Promise, Reservation
from quanzi.kernel import clock
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db(transaction=True)
NOW = clock.now()
LATER = NOW + timedelta(minutes=15)
ROUND = "round:12"


def assert_adds_up() -> None:
    for result in run(only={"S1", "S1.promised", "S1.sold"}):
        assert result.is_well, result


def test_64_callers_order_exactly_what_is_promised(race) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku()
    services.promise(sku_id=sku.id, source=ROUND, coming=20, now=NOW)

    def order(number: int) -> None:
        services.reserve(lines=[(sku.id, 1, f"order_line:{number}")], expires_at=LATER, source=ROUND, now=NOW)

    outcome = race(order).only(OutOfStock)

    assert (len(outcome.results), len(outcome.errors)) == (20, 44)
    assert queries.free_under(ROUND, [sku.id]) == {sku.id: 0}
    assert_adds_up()


def test_orders_deliveries_and_taking_back_at_once_add_up(race) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku()
    services.promise(sku_id=sku.id, source=ROUND, coming=30, now=NOW)

    def act(number: int) -> None:
        if number % 8 == 0:
            services.receive(
                sku_id=sku.id, quantity=3, source=ROUND, key=f"in:{number}", reason="P", actor="staff:0", now=NOW
            )
        elif number % 8 == 1:
            services.promise(sku_id=sku.id, source=ROUND, coming=10, now=NOW)
        else:
            services.reserve(
                lines=[(sku.id, 1, f"order_line:{number}")],
                expires_at=LATER,
                source=ROUND if number % 2 else "",
                now=NOW,
            )

    race(act, callers=32).only(OutOfStock, PromiseHeld)

    assert_adds_up()


@pytest.fixture
def promises_without_guards() -> Iterator[None]:
    """Promises as they would be without triggers and constraints."""
    tables = ("stock_promise", "stock_reservation", "stock_stock")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE stock_stock, stock_reservation, stock_movement, stock_promise")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_control_looking_at_what_is_left_and_then_ordering_promises_too_much(
    race, promises_without_guards: None
) -> None:  # type: ignore[no-untyped-def]
    sku = make_sku()
    Promise.objects.create(sku=sku, source=ROUND, coming=10, made_at=NOW, changed_at=NOW)

    def order(number: int) -> bool:
        with transaction.atomic():
            held = sum(Reservation.objects.filter(sku=sku, source=ROUND).values_list("quantity", flat=True))
            if held >= 10:
                return False
            time.sleep(0.05)
            Reservation.objects.create(sku=sku, ref=f"order_line:{number}", quantity=1, made_at=NOW, source=ROUND)
            return True

    outcome = race(order, callers=32).only()

    assert outcome.results.count(True) > 10
