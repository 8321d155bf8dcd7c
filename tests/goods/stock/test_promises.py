"""Ordered first, bought after: a promise is held up to what is coming, and only under its own name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.doctor import run
from quanzi.base.events.models import Event
from quanzi.goods.stock import queries, services
from quanzi.goods.stock.errors import NotHereYet, OutOfStock, PromiseHeld, SoldOut
from quanzi.goods.stock.models import Promise, Stock
from quanzi.kernel import clock
from tests.factories.goods import make_sku

pytestmark = pytest.mark.django_db
NOW = clock.now()
LATER = NOW + timedelta(minutes=15)
ROUND = "round:12"


def assert_adds_up() -> None:
    for result in run(only={"S1", "S1.promised", "S1.sold"}):
        assert result.is_well, result


def order(sku_id: int, quantity: int, number: int = 1, source: str = ROUND) -> None:
    services.reserve(lines=[(sku_id, quantity, f"order_line:{number}")], expires_at=LATER, source=source, now=NOW)


def come_in(sku_id: int, quantity: int, source: str = ROUND, key: str = "in") -> None:
    services.receive(sku_id=sku_id, quantity=quantity, source=source, key=key, reason="P1", actor="staff:0", now=NOW)


def promised(coming: int = 10, on_shelf: int = 0) -> int:
    sku = make_sku(stock_of=on_shelf) if on_shelf else make_sku()
    services.promise(sku_id=sku.id, source=ROUND, coming=coming, now=NOW)
    return int(sku.id)


def row_of(sku_id: int) -> queries.PromiseRow:
    [row] = queries.promises(sku_ids=[sku_id])
    return row


def test_what_is_promised_is_ordered_before_it_is_here() -> None:
    sku = promised(10)
    order(sku, 7)
    assert row_of(sku) == queries.PromiseRow(sku, ROUND, coming=10, held=7, owed=7)
    assert queries.levels([sku])[sku] == queries.StockRow(sku, on_hand=0, reserved=7, expected=7)
    assert queries.free_under(ROUND, [sku]) == {sku: 3}
    with pytest.raises(OutOfStock) as refused:
        order(sku, 4, number=2)
    assert refused.value.shortages[0].free == 3
    assert_adds_up()


def test_nobody_else_can_order_what_a_round_has_promised() -> None:
    sku = promised(10)
    assert queries.free([sku]) == {sku: 0}
    for source in ("", "round:13"):
        with pytest.raises(SoldOut):
            order(sku, 1, source=source)
    assert queries.free_under("round:13", [sku]) == {sku: 0}


def test_beyond_its_promise_a_round_draws_on_the_shelf() -> None:
    sku = promised(5, on_shelf=4)
    order(sku, 7)
    assert row_of(sku).owed == 5
    assert queries.free([sku]) == {sku: 2}
    assert_adds_up()


def test_a_promise_is_not_news_that_goods_are_back() -> None:
    sku = promised(10)
    order(sku, 3)
    services.release(refs=["order_line:1"], now=NOW)
    assert not Event.objects.filter(name="stock.BackInStock").exists()


def test_what_comes_in_is_for_those_who_ordered_and_the_rest_for_anybody() -> None:
    sku = promised(10)
    order(sku, 7)
    come_in(sku, 4)
    assert row_of(sku) == queries.PromiseRow(sku, ROUND, coming=6, held=7, owed=3)
    assert queries.free([sku]) == {sku: 0}
    come_in(sku, 8, key="in2")
    assert row_of(sku) == queries.PromiseRow(sku, ROUND, coming=0, held=7, owed=0)
    assert queries.free([sku]) == {sku: 5}
    assert_adds_up()


def test_goods_that_are_not_here_are_not_handed_over() -> None:
    sku = promised(10)
    order(sku, 2)
    with pytest.raises(NotHereYet), transaction.atomic():
        services.consume(refs=["order_line:1"], now=NOW)
    come_in(sku, 2)
    assert services.consume(refs=["order_line:1"], now=NOW) == 1
    assert queries.levels([sku])[sku] == queries.StockRow(sku, on_hand=0, reserved=0)
    assert row_of(sku).held == 0
    assert_adds_up()


def test_goods_held_for_others_are_not_handed_over_under_a_promise() -> None:
    sku = promised(10, on_shelf=3)
    order(sku, 3, number=1, source="")
    order(sku, 2, number=2)
    with pytest.raises(NotHereYet), transaction.atomic():
        services.consume(refs=["order_line:2"], now=NOW)
    assert services.consume(refs=["order_line:1"], now=NOW) == 1
    assert_adds_up()


def test_a_promise_falls_only_to_what_is_ordered_under_it() -> None:
    sku = promised(10)
    order(sku, 7)
    with pytest.raises(PromiseHeld) as refused:
        services.promise(sku_id=sku, source=ROUND, coming=4, now=NOW)
    assert refused.value.params["owed"] == 3
    assert row_of(sku).coming == 10
    services.promise(sku_id=sku, source=ROUND, coming=7, now=NOW)
    assert services.close_promises(source=ROUND, now=NOW) == {sku: 7}
    assert row_of(sku).left == 0


def test_free_goods_of_the_shelf_stand_in_for_what_will_not_come() -> None:
    sku = promised(10, on_shelf=5)
    order(sku, 7)
    services.promise(sku_id=sku, source=ROUND, coming=3, now=NOW)
    assert row_of(sku) == queries.PromiseRow(sku, ROUND, coming=3, held=7, owed=3)
    assert queries.free([sku]) == {sku: 1}
    with pytest.raises(PromiseHeld):
        services.promise(sku_id=sku, source=ROUND, coming=1, now=NOW)
    assert_adds_up()


def test_a_short_delivery_lets_orders_go_until_the_promise_can_be_taken_back() -> None:
    sku = promised(3)
    for number in (1, 2, 3):
        order(sku, 1, number=number)
    come_in(sku, 2)
    with pytest.raises(PromiseHeld):
        services.promise(sku_id=sku, source=ROUND, coming=0, now=NOW)
    services.release(refs=["order_line:3"], now=NOW)
    services.promise(sku_id=sku, source=ROUND, coming=0, now=NOW)
    assert services.consume(refs=["order_line:1", "order_line:2"], now=NOW) == 2
    assert queries.levels([sku])[sku] == queries.StockRow(sku, on_hand=0, reserved=0)
    assert_adds_up()


def test_closing_tells_what_is_to_be_bought_and_lets_nobody_order_more() -> None:
    sku, other = promised(10), promised(4)
    order(sku, 6)
    assert services.close_promises(source=ROUND, now=NOW) == {sku: 6}
    assert services.close_promises(source=ROUND, now=NOW) == {sku: 6}
    assert queries.free_under(ROUND, [sku, other]) == {sku: 0, other: 0}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_promise SET held = held + 1",
        "UPDATE stock_promise SET owed = owed + 1",
        "UPDATE stock_promise SET owed = 0",
        "UPDATE stock_promise SET coming = 1",
        "UPDATE stock_promise SET source = 'round:13'",
        "DELETE FROM stock_promise",
        "UPDATE stock_stock SET expected = 9",
        "UPDATE stock_reservation SET source = ''",
    ],
)
def test_the_database_keeps_a_promise_with_its_holds(statement: str) -> None:
    sku = promised(10)
    order(sku, 5)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert_adds_up()


def test_the_doctor_sees_and_repairs_a_wrong_counter_of_promises() -> None:
    sku = promised(10)
    order(sku, 5)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE stock_stock DISABLE TRIGGER USER")
        Stock.objects.filter(sku_id=sku).update(expected=0, reserved=0)
        cursor.execute("ALTER TABLE stock_stock ENABLE TRIGGER USER")
    assert not next(iter(run(only={"S1"}))).is_well
    run(only={"S1"}, fix=True)
    assert_adds_up()


def test_the_doctor_sees_a_promise_that_holds_what_nobody_ordered() -> None:
    sku = promised(10)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE stock_promise DISABLE TRIGGER USER")
        Promise.objects.filter(sku_id=sku).update(held=2)
        cursor.execute("ALTER TABLE stock_promise ENABLE TRIGGER USER")
    assert not next(iter(run(only={"S1.promised"}))).is_well
