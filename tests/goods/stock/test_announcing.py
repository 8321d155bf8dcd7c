"""What the counter announces: back, and few left; by the events themselves, whoever wrote the facts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.doctor import run
from quanzi.base.events.models import Event
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.stock import queries, services
from quanzi.goods.stock.errors import OutOfStock
from quanzi.goods.stock.models import Stock
from quanzi.kernel import clock
from tests.factories.goods import bring_in, make_sku

pytestmark = pytest.mark.django_db
NOW = clock.now()
LATER = NOW + timedelta(minutes=3)


def hold(sku: Sku, quantity: int, number: int = 1) -> str:
    ref = f"order_line:{number}"
    services.reserve(lines=[(sku.pk, quantity, ref)], expires_at=None, now=NOW)
    return ref


def announced(name: str) -> list[dict[str, int]]:
    return list(Event.objects.filter(name=f"stock.{name}").order_by("pk").values_list("payload", flat=True))


def forget() -> None:
    Event.objects.all().delete()


def test_sold_out_goods_that_are_handed_over_are_not_back() -> None:
    sku = make_sku(stock_of=2)
    ref = hold(sku, 2)
    forget()
    services.consume(refs=[ref], now=NOW)
    assert announced("BackInStock") == []
    assert queries.free([sku.pk]) == {sku.pk: 0}
    assert all(not one.violations for one in run() if one.id.startswith("S"))


def test_between_the_end_of_a_hold_and_the_shelf_nothing_is_free() -> None:
    sku = make_sku(stock_of=1)
    ref = hold(sku, 1)
    forget()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE stock_reservation SET state = 'consumed', ended_at = now() WHERE ref = %s", [ref])
        assert queries.free([sku.pk]) == {sku.pk: 0}
        with pytest.raises(OutOfStock):
            hold(sku, 1, 2)
        cursor.execute(
            """INSERT INTO stock_movement (sku_id, reservation_id, kind, quantity, key, reason, actor, moved_at)
               SELECT sku_id, id, 'sold', -1, 'sold', '', '', now() FROM stock_reservation WHERE ref = %s""",
            [ref],
        )
    assert announced("BackInStock") == []
    stock = Stock.objects.get(sku=sku)
    assert (stock.on_hand, stock.reserved) == (0, 0)


@pytest.mark.parametrize("way", ["released", "received", "returned", "counted"])
def test_whatever_frees_a_unit_announces_it_once_at_its_moment(way: str) -> None:
    sku = make_sku(stock_of=3)
    ref = hold(sku, 3)
    if way != "released":
        services.consume(refs=[ref], now=NOW)
    forget()
    if way == "released":
        services.release(refs=[ref], now=LATER)
    elif way == "received":
        bring_in(sku, 1, now=LATER)
    elif way == "returned":
        services.put_back(ref=ref, quantity=1, key="back", now=LATER)
    else:
        services.count(sku_id=sku.pk, counted=1, key="counted", reason="", actor="test", now=LATER)
    assert announced("BackInStock") == [{"sku_id": sku.pk}]
    assert Event.objects.get(name="stock.BackInStock").occurred_at == LATER


def test_few_left_is_announced_when_the_number_falls_to_it_and_not_while_it_stays_there() -> None:
    sku = make_sku(stock_of=8)
    hold(sku, 2, 1)
    assert announced("StockLow") == []
    ref = hold(sku, 1, 2)
    assert announced("StockLow") == [{"sku_id": sku.pk, "free": 5, "low_at": 5}]
    hold(sku, 4, 3)
    services.consume(refs=[ref], now=NOW)
    assert len(announced("StockLow")) == 1
    services.release(refs=["order_line:3", "order_line:1"], now=NOW)
    services.scrap(sku_id=sku.pk, quantity=4, key="broken", reason="", actor="test", now=LATER)
    assert announced("StockLow")[1:] == [{"sku_id": sku.pk, "free": 3, "low_at": 5}]
    assert Event.objects.filter(name="stock.StockLow").latest("pk").occurred_at == LATER


def test_each_variant_has_its_own_number_and_none_means_silence() -> None:
    many, silent = make_sku(stock_of=100), make_sku(stock_of=2)
    services.warn_at(sku_id=many.pk, low_at=50, actor="test", now=NOW)
    services.warn_at(sku_id=silent.pk, low_at=0, actor="test", now=NOW)
    hold(many, 49, 1)
    hold(silent, 2, 2)
    assert announced("StockLow") == []
    hold(many, 1, 3)
    assert announced("StockLow") == [{"sku_id": many.pk, "free": 50, "low_at": 50}]


def test_a_number_may_be_said_before_goods_come_in() -> None:
    sku = make_sku()
    services.warn_at(sku_id=sku.pk, low_at=2, actor="test", now=NOW)
    bring_in(sku, 3)
    hold(sku, 1)
    assert announced("StockLow") == [{"sku_id": sku.pk, "free": 2, "low_at": 2}]


def test_the_number_of_few_is_not_a_way_to_change_the_counter() -> None:
    sku = make_sku(stock_of=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE stock_stock SET low_at = 3, on_hand = 9 WHERE sku_id = %s", [sku.pk])
