"""Goods are held, confirmed, handed over, let go, brought back: each adds up, each happens once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from quanzi.base.doctor import run
from quanzi.goods.stock import queries, services
from quanzi.goods.stock.errors import (
    AlreadyReserved,
    BadQuantity,
    KeyReused,
    LotNotFit,
    LotOfOtherGoods,
    NotHandedOver,
    NotReserved,
    OutOfStock,
    ReturnedTooMany,
    SoldOut,
    UnknownSku,
)
from quanzi.goods.stock.models import Movement, Reservation
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from tests.factories.goods import bring_in, make_lot, make_sku

pytestmark = pytest.mark.django_db
NOW = clock.now()
LATER = NOW + timedelta(minutes=15)


def assert_stock_adds_up() -> None:
    for result in run(only={"S1", "S1.sold", "A1", "A2.prices"}):
        assert result.is_well, result


def hold(sku_id: int, quantity: int, ref: str = "order_line:1") -> None:
    services.reserve(lines=[(sku_id, quantity, ref)], expires_at=LATER, now=NOW)


def test_a_hold_takes_from_what_is_free_and_not_from_the_shelf() -> None:
    sku = make_sku(stock_of=10)
    hold(sku.id, 3)
    assert queries.levels([sku.id])[sku.id] == queries.StockRow(sku.id, on_hand=10, reserved=3)
    assert queries.free([sku.id]) == {sku.id: 7}
    assert_stock_adds_up()


def test_goods_that_never_came_in_are_sold_out() -> None:
    sku = make_sku()
    assert queries.free([sku.id]) == {sku.id: 0}
    with pytest.raises(SoldOut) as refused:
        hold(sku.id, 1)
    assert refused.value.text == "阳山水蜜桃 is sold out."


def test_a_hold_beyond_what_is_free_tells_how_many_are_left() -> None:
    sku = make_sku(stock_of=2)
    with pytest.raises(OutOfStock) as refused:
        hold(sku.id, 3)
    assert refused.value.shortages == ((sku.id, 3, 2, "阳山水蜜桃"),)
    assert refused.value.text == "阳山水蜜桃: only 2 left, 3 wanted."


def test_when_one_line_cannot_be_held_none_is() -> None:
    plenty, few = make_sku(stock_of=10), make_sku(stock_of=1)
    with pytest.raises(OutOfStock):
        services.reserve(lines=[(plenty.id, 1, "order_line:1"), (few.id, 2, "order_line:2")], expires_at=LATER, now=NOW)
    assert queries.free([plenty.id, few.id]) == {plenty.id: 10, few.id: 1}
    assert not Reservation.objects.exists()


def test_two_lines_of_one_sku_count_together() -> None:
    sku = make_sku(stock_of=3)
    with pytest.raises(OutOfStock):
        services.reserve(lines=[(sku.id, 2, "order_line:1"), (sku.id, 2, "order_line:2")], expires_at=LATER, now=NOW)
    services.reserve(lines=[(sku.id, 2, "order_line:1"), (sku.id, 1, "order_line:2")], expires_at=LATER, now=NOW)
    assert queries.free([sku.id]) == {sku.id: 0}


def test_a_refused_hold_leaves_the_transaction_usable() -> None:
    sku = make_sku(stock_of=1)
    with transaction.atomic():
        with pytest.raises(OutOfStock):
            hold(sku.id, 2)
        hold(sku.id, 1)
    assert queries.free([sku.id]) == {sku.id: 0}


def test_a_ref_holds_goods_once() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 1)
    with pytest.raises(AlreadyReserved), transaction.atomic():
        hold(sku.id, 1)
    with pytest.raises(AlreadyReserved):
        services.reserve(lines=[(sku.id, 1, "order_line:2"), (sku.id, 1, "order_line:2")], expires_at=LATER, now=NOW)
    assert queries.free([sku.id]) == {sku.id: 4}


def test_holding_takes_one_statement(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    skus = [make_sku(stock_of=5) for _ in range(5)]
    with django_assert_num_queries(1):
        services.reserve(lines=[(sku.id, 1, f"order_line:{sku.id}") for sku in skus], expires_at=LATER, now=NOW)


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 2**63, 1.5, "3", True, None])
def test_quantities_nobody_can_mean_are_refused_with_their_field(quantity: object) -> None:
    sku = make_sku(stock_of=5)
    with pytest.raises(BadQuantity) as refused:
        hold(sku.id, quantity)  # type: ignore[arg-type]  # that is the test
    assert list(refused.value.fields) == ["lines.0.quantity"]
    with pytest.raises(BadQuantity) as refused:
        services.receive(sku_id=sku.id, quantity=quantity, key="k", reason="r", actor="staff:0", now=NOW)  # type: ignore[arg-type]  # that is the test
    assert list(refused.value.fields) == ["quantity"]


def test_a_confirmed_hold_no_longer_expires() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 2)
    assert services.confirm(refs=["order_line:1"], now=NOW) == 1
    assert Reservation.objects.get().expires_at is None
    assert queries.free([sku.id]) == {sku.id: 3}


def test_confirming_what_was_let_go_is_refused() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 2)
    services.release(refs=["order_line:1"], now=NOW)
    with pytest.raises(NotReserved):
        services.confirm(refs=["order_line:1"], now=NOW)


def test_letting_go_twice_gives_back_once() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 2)
    assert services.release(refs=["order_line:1", "order_line:99"], now=NOW) == 1
    assert services.release(refs=["order_line:1"], now=NOW) == 0
    assert queries.free([sku.id]) == {sku.id: 5}
    hold(sku.id, 5)
    assert_stock_adds_up()


def test_handing_over_takes_goods_off_the_shelf_once() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 2)
    assert services.consume(refs=["order_line:1"], now=NOW) == 1
    assert services.consume(refs=["order_line:1"], now=NOW) == 0
    assert services.release(refs=["order_line:1"], now=NOW) == 0
    assert queries.levels([sku.id])[sku.id] == queries.StockRow(sku.id, on_hand=3, reserved=0)
    assert list(Movement.objects.filter(kind="sold").values_list("quantity", flat=True)) == [-2]
    assert_stock_adds_up()


def test_goods_that_came_back_go_into_their_lot_once() -> None:
    sku = make_sku()
    lot = make_lot(sku=sku)
    bring_in(sku, 5, lot=lot)
    hold(sku.id, 3)
    services.consume(refs=["order_line:1"], lot_id=lot.id, now=NOW)
    first = services.put_back(ref="order_line:1", quantity=2, key="refund:1", now=NOW)
    again = services.put_back(ref="order_line:1", quantity=2, key="refund:1", now=NOW)
    assert first.id == again.id
    assert [(row.code, row.on_hand) for row in queries.lots(sku.id, now=NOW)] == [(lot.code, 4)]
    assert queries.free([sku.id]) == {sku.id: 4}
    assert_stock_adds_up()


def test_no_more_comes_back_than_went_out() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 3)
    with pytest.raises(NotHandedOver):
        services.put_back(ref="order_line:1", quantity=1, key="refund:1", now=NOW)
    services.consume(refs=["order_line:1"], now=NOW)
    services.put_back(ref="order_line:1", quantity=2, key="refund:1", now=NOW)
    with pytest.raises(ReturnedTooMany) as refused:
        services.put_back(ref="order_line:1", quantity=2, key="refund:2", now=NOW)
    assert refused.value.text == "At most 1 of these can still come back."


def test_the_same_delivery_note_counts_once_and_never_with_other_values() -> None:
    sku = make_sku()
    first = services.receive(sku_id=sku.id, quantity=5, key="note:7", reason="supplier", actor="staff:0", now=NOW)
    again = services.receive(sku_id=sku.id, quantity=5, key="note:7", reason="supplier", actor="staff:0", now=NOW)
    assert first.id == again.id
    with pytest.raises(KeyReused):
        services.receive(sku_id=sku.id, quantity=6, key="note:7", reason="supplier", actor="staff:0", now=NOW)
    assert queries.free([sku.id]) == {sku.id: 5}
    assert_stock_adds_up()


def test_unknown_goods_and_foreign_lots_are_refused() -> None:
    sku, other = make_sku(stock_of=1), make_sku()
    lot = make_lot(sku=other)
    with pytest.raises(UnknownSku):
        services.receive(sku_id=2**40, quantity=1, key="k", reason="r", actor="staff:0", now=NOW)
    with pytest.raises(LotOfOtherGoods):
        services.receive(sku_id=sku.id, quantity=1, lot_id=lot.id, key="k", reason="r", actor="staff:0", now=NOW)
    hold(sku.id, 1)
    with pytest.raises(LotOfOtherGoods):
        services.consume(refs=["order_line:1"], lot_id=lot.id, now=NOW)
    with pytest.raises(NotFound):
        services.consume(refs=["order_line:1"], lot_id=2**40, now=NOW)
    with pytest.raises(SoldOut):
        services.reserve(lines=[(2**40, 1, "order_line:2")], expires_at=LATER, now=NOW)


def test_an_expired_lot_is_not_handed_over() -> None:
    sku = make_sku()
    old, fresh = make_lot(sku=sku, expires_at=NOW), make_lot(sku=sku, expires_at=NOW + timedelta(days=1))
    bring_in(sku, 5, lot=old)
    bring_in(sku, 5, lot=fresh)
    hold(sku.id, 2)
    with pytest.raises(LotNotFit):
        services.consume(refs=["order_line:1"], lot_id=old.id, now=NOW)
    assert queries.lot_for(sku.id, 2, now=NOW) == fresh.id
    assert queries.lot_for(sku.id, 6, now=NOW) is None


def test_broken_goods_leave_the_shelf_but_not_the_orders() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 3)
    with pytest.raises(OutOfStock):
        services.scrap(sku_id=sku.id, quantity=3, key="scrap:1", reason="fell down", actor="staff:0", now=NOW)
    services.scrap(sku_id=sku.id, quantity=2, key="scrap:1", reason="fell down", actor="staff:0", now=NOW)
    assert queries.levels([sku.id])[sku.id] == queries.StockRow(sku.id, on_hand=3, reserved=3)
    assert_stock_adds_up()


def test_counting_writes_the_difference() -> None:
    sku = make_sku(stock_of=5)
    hold(sku.id, 2)
    assert services.count(sku_id=sku.id, counted=5, key="count:1", reason="evening", actor="staff:0", now=NOW) is None
    found = services.count(sku_id=sku.id, counted=4, key="count:2", reason="evening", actor="staff:0", now=NOW)
    again = services.count(sku_id=sku.id, counted=4, key="count:2", reason="evening", actor="staff:0", now=NOW)
    assert found is not None and again is not None and (found.quantity, again.id) == (-1, found.id)
    with pytest.raises(OutOfStock):
        services.count(sku_id=sku.id, counted=1, key="count:3", reason="evening", actor="staff:0", now=NOW)
    assert [row.quantity for row in queries.movements(sku.id)] == [-1, 5]
    assert_stock_adds_up()


def test_holding_nothing_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="nothing to reserve"):
        services.reserve(lines=[], expires_at=LATER, now=NOW)
