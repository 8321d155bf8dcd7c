"""The database itself keeps stock right: each test tries to break it with plain SQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.doctor import run
from quanzi.goods.stock import queries, services
from quanzi.goods.stock.models import Movement, Reservation
from quanzi.kernel import clock
from tests.factories.goods import bring_in, make_lot, make_sku

pytestmark = pytest.mark.django_db
NOW = clock.now()


def sql(statement: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(statement: str, *values: str | int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(statement, *values)


def held_sku(quantity: int = 2) -> int:
    """A SKU with 10 on the shelf and `quantity` of them held for order_line:1."""
    sku = make_sku(stock_of=10)
    services.reserve(lines=[(sku.id, quantity, "order_line:1")], expires_at=NOW + timedelta(minutes=15), now=NOW)
    return int(sku.id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_stock SET on_hand = on_hand + 1",
        "UPDATE stock_stock SET reserved = 0",
        "UPDATE stock_stock SET on_hand = -1, reserved = -2",
        "DELETE FROM stock_stock",
    ],
)
def test_the_counter_moves_only_with_its_facts(statement: str) -> None:
    held_sku()
    refused(statement)


def test_a_counter_cannot_begin_with_goods_from_nowhere() -> None:
    refused("INSERT INTO stock_stock (sku_id, on_hand, reserved) VALUES (%s, 5, 0)", make_sku().id)


@pytest.mark.parametrize("statement", ["UPDATE stock_movement SET quantity = 99", "DELETE FROM stock_movement"])
def test_movements_are_append_only(statement: str) -> None:
    held_sku()
    refused(statement)


def test_a_raw_hold_beyond_what_is_free_is_refused() -> None:
    sku_id = held_sku()
    refused(
        "INSERT INTO stock_reservation (sku_id, ref, quantity, state, made_at) VALUES (%s, 'order_line:2', 9, 'live', now())",
        sku_id,
    )


def test_a_raw_movement_cannot_take_held_goods() -> None:
    sku_id = held_sku()
    refused(
        "INSERT INTO stock_movement (sku_id, kind, quantity, key, reason, actor, moved_at) VALUES (%s, 'scrapped', -9, 'x', '', '', now())",
        sku_id,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM stock_reservation",
        "UPDATE stock_reservation SET quantity = 1",
        "UPDATE stock_reservation SET ref = 'order_line:7'",
        "INSERT INTO stock_reservation (sku_id, ref, quantity, state, made_at) SELECT id, 'order_line:3', 1, 'consumed', now() FROM catalogue_sku",
    ],
)
def test_reservations_are_facts(statement: str) -> None:
    held_sku()
    refused(statement)


def test_an_ended_reservation_never_comes_back() -> None:
    held_sku()
    services.release(refs=["order_line:1"], now=NOW)
    refused("UPDATE stock_reservation SET state = 'live'")


def test_goods_cannot_be_called_handed_over_without_leaving_the_shelf() -> None:
    held_sku()
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("UPDATE stock_reservation SET state = 'consumed'")
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("kind", "quantity"), [("sold", -1), ("sold", -2), ("returned", 1), ("returned", 3)])
def test_sales_and_returns_need_goods_that_were_handed_over(kind: str, quantity: int) -> None:
    sku_id = held_sku()
    reservation = Reservation.objects.get()
    if (kind, quantity) != ("returned", 1):
        services.consume(refs=["order_line:1"], now=NOW)
    refused(
        "INSERT INTO stock_movement (sku_id, reservation_id, kind, quantity, key, reason, actor, moved_at) "
        "VALUES (%s, %s, %s, %s, 'x', '', '', now())",
        sku_id,
        reservation.id,
        kind,
        quantity,
    )


def test_a_recalled_lot_cannot_be_sold_by_plain_sql() -> None:
    sku = make_sku()
    lot = make_lot(sku=sku)
    bring_in(sku, 5, lot=lot)
    services.reserve(lines=[(sku.id, 1, "order_line:1")], expires_at=None, now=NOW)
    sql("UPDATE catalogue_lot SET recalled_at = now()")
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("UPDATE stock_reservation SET state = 'consumed'")
        sql(
            "INSERT INTO stock_movement (sku_id, reservation_id, lot_id, kind, quantity, key, reason, actor, moved_at) "
            "SELECT sku_id, id, %s, 'sold', -1, 'x', '', '', now() FROM stock_reservation",
            lot.id,
        )
    refused("UPDATE catalogue_lot SET recalled_at = NULL")


def test_the_doctor_finds_and_repairs_a_counter_that_was_forced() -> None:
    sku_id = held_sku()
    sql("SET LOCAL session_replication_role = replica")
    sql("UPDATE stock_stock SET on_hand = 100, reserved = 0")
    sql("SET LOCAL session_replication_role = origin")
    (before,) = run(only={"S1"})
    assert (before.violations, before.sample[0]["sku_id"]) == (1, sku_id)
    (after,) = run(fix=True, only={"S1"})
    assert (after.violations, after.fixed) == (0, 1)
    assert queries.levels([sku_id])[sku_id] == queries.StockRow(sku_id, on_hand=10, reserved=2)


def test_the_doctor_finds_a_counter_that_is_missing() -> None:
    sku_id = held_sku()
    sql("SET LOCAL session_replication_role = replica")
    sql("DELETE FROM stock_stock")
    sql("SET LOCAL session_replication_role = origin")
    (result,) = run(fix=True, only={"S1"})
    assert (result.violations, result.fixed) == (0, 1)
    assert queries.free([sku_id]) == {sku_id: 8}


def test_the_doctor_says_what_it_cannot_repair() -> None:
    held_sku()
    sql("SET LOCAL session_replication_role = replica")
    Movement.objects.filter(kind="received").update(quantity=1)
    sql("SET LOCAL session_replication_role = origin")
    (result,) = run(fix=True, only={"S1"})
    assert (result.violations, result.error) == (1, "")


def test_the_doctor_finds_a_sale_without_its_movement() -> None:
    held_sku()
    sql("SET LOCAL session_replication_role = replica")
    Reservation.objects.update(state="consumed")
    sql("SET LOCAL session_replication_role = origin")
    (result,) = run(only={"S1.sold"})
    assert result.violations == 1


def test_the_doctor_finds_holds_past_their_time() -> None:
    held_sku()
    for minutes, violations in ((15, 0), (16, 0), (17, 1)):
        with clock.frozen(NOW + timedelta(minutes=minutes)):
            (result,) = run(only={"S2.expired"})
            assert result.violations == violations
