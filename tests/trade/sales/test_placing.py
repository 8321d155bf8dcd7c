"""Placing an order: what is agreed, what is held, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.pricing.errors import NotOnSale, UnknownGoods
from quanzi.goods.stock import queries as stock
from quanzi.goods.stock.errors import OutOfStock
from quanzi.kernel.errors import Errors
from quanzi.kernel.money import Money
from quanzi.trade.sales import errors, queries, services
from quanzi.trade.sales.models import CartLine, Order, OrderMove, OrderState
from tests.factories.goods import make_sku
from tests.factories.trade import make_address, make_buyer, make_order, make_point

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 5, 1, 4, tzinfo=UTC)


def test_an_order_is_the_quote_line_by_line_and_holds_its_goods() -> None:
    peach = make_sku(price_minor=3_990, cost_minor=2_000, stock_of=10)
    plum = make_sku(price_minor=1_200, cost_minor=500, stock_of=10)

    order = make_order(lines=[(peach.pk, 2), (plum.pk, 1)])

    lines = list(order.lines.order_by("id"))
    assert [(line.sku_id, line.quantity, line.paid_minor, line.cost_minor) for line in lines] == [
        (peach.pk, 2, 7_980, 4_000),
        (plum.pk, 1, 1_200, 500),
    ]
    assert (order.goods_minor, order.freight_minor, order.amount_minor) == (9_180, 400, 9_580)
    assert stock.free([peach.pk, plum.pk]) == {peach.pk: 8, plum.pk: 9}
    stored = Order.objects.get(pk=order.pk)
    assert (stored.state, stored.pay_by, stored.ship_to["region_code"]) == (
        "placed",
        NOW + timedelta(minutes=15),
        "310101",
    )
    assert [(move.before, move.after) for move in OrderMove.objects.filter(order=order)] == [("", "placed")]


def test_the_object_handed_back_says_what_is_stored() -> None:
    order = make_order()
    stored = Order.objects.get(pk=order.pk)
    for field in Order._meta.concrete_fields:
        assert getattr(order, field.attname) == getattr(stored, field.attname), field.name


def test_the_same_key_twice_gives_one_order() -> None:
    member, sku = make_buyer(), make_sku(stock_of=3)
    point = make_point()

    first = make_order(member=member, sku=sku, point=point, idempotency_key="form-1")
    again = make_order(member=member, sku=sku, point=point, idempotency_key="form-1")

    assert first.pk == again.pk
    assert stock.free([sku.pk]) == {sku.pk: 2}


def test_the_same_key_still_finds_the_order_when_the_price_has_changed_since() -> None:
    member, sku, point = make_buyer(), make_sku(stock_of=3), make_point()
    first = make_order(member=member, sku=sku, point=point, idempotency_key="form-1", expected_amount_minor=3_990)
    catalogue.change_price(sku=sku, price_minor=4_990, actor="test", now=NOW)

    again = make_order(member=member, sku=sku, point=point, idempotency_key="form-1", expected_amount_minor=3_990)

    assert first.pk == again.pk


def test_the_same_key_with_other_content_is_refused() -> None:
    member, sku, point = make_buyer(), make_sku(stock_of=3), make_point()
    make_order(member=member, sku=sku, point=point, idempotency_key="form-1")

    with pytest.raises(errors.KeyReused):
        make_order(member=member, sku=sku, point=point, quantity=2, idempotency_key="form-1")


def test_a_key_belongs_to_its_member() -> None:
    sku, point = make_sku(stock_of=3), make_point()
    first = make_order(sku=sku, point=point, idempotency_key="form-1")
    assert make_order(sku=sku, point=point, idempotency_key="form-1").pk != first.pk


def test_a_price_that_changed_since_it_was_shown_asks_again_and_writes_nothing() -> None:
    sku, point = make_sku(stock_of=3, price_minor=3_990), make_point()

    with pytest.raises(errors.PriceChanged) as refused:
        make_order(sku=sku, point=point, expected_amount_minor=2_990)

    assert refused.value.params == {"shown": Money(2_990), "current": Money(3_990)}
    assert not Order.objects.exists()
    assert stock.free([sku.pk]) == {sku.pk: 3}


def test_sold_out_goods_leave_nothing_half_done() -> None:
    here, gone = make_sku(stock_of=5), make_sku(stock_of=1)

    with pytest.raises(OutOfStock):
        make_order(lines=[(here.pk, 1), (gone.pk, 2)])

    assert not Order.objects.exists()
    assert stock.free([here.pk, gone.pk]) == {here.pk: 5, gone.pk: 1}


def test_goods_named_twice_are_one_line() -> None:
    sku = make_sku(stock_of=5)
    order = make_order(lines=[(sku.pk, 1), (sku.pk, 2)], point=make_point())
    assert [line.quantity for line in order.lines.all()] == [3]


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 2**63, True, 1.0, "1"])
def test_a_quantity_that_is_no_small_whole_number_is_refused(quantity: object) -> None:
    with pytest.raises(errors.BadQuantity) as refused:
        make_order(lines=[(make_sku(stock_of=5).pk, quantity)], point=make_point())
    assert "quantity" in refused.value.fields


def test_everything_wrong_with_a_form_is_said_at_once() -> None:
    with pytest.raises(Errors) as refused:
        services.place_order(
            member=make_buyer(), lines=[], method="delivery", note="字" * 201, idempotency_key="k", now=NOW
        )
    assert set(refused.value.fields) == {"lines", "address_id", "note"}


def test_another_members_address_does_not_exist() -> None:
    stranger = make_address(make_buyer())
    with pytest.raises(errors.AddressNeeded):
        services.place_order(
            member=make_buyer(),
            lines=[(make_sku(stock_of=1).pk, 1)],
            method="delivery",
            address_id=stranger.pk,
            idempotency_key="k",
            now=NOW,
        )


def test_a_closed_pickup_point_takes_no_orders() -> None:
    point = make_point()
    services.update_pickup_point(
        point=point, name=point.name, address=point.address, hours=point.hours, is_open=False, actor="test", now=NOW
    )
    with pytest.raises(errors.PointNeeded):
        make_order(point=point)


def test_paused_goods_cannot_be_ordered() -> None:
    sku = make_sku(stock_of=1)
    catalogue.pause(product=sku.product, actor="test", now=NOW)
    with pytest.raises(NotOnSale):
        make_order(sku=sku, point=make_point())


def test_an_order_that_costs_nothing_is_not_sold() -> None:
    with pytest.raises(errors.NothingToPay):
        make_order(sku=make_sku(price_minor=0, stock_of=1), point=make_point())


def test_ordering_the_cart_empties_it_of_what_was_ordered() -> None:
    member, sku, other = make_buyer(), make_sku(stock_of=5), make_sku(stock_of=5)
    services.add_to_cart(member=member, sku_id=sku.pk, quantity=1, now=NOW)
    services.add_to_cart(member=member, sku_id=sku.pk, quantity=1, now=NOW)
    services.add_to_cart(member=member, sku_id=other.pk, quantity=1, now=NOW)
    quote = services.cart_quote(member=member, now=NOW)
    assert quote is not None
    assert quote.goods_minor == 3 * 3_990

    make_order(member=member, sku=sku, quantity=2, point=make_point(), from_cart=True)

    assert [line.sku_id for line in CartLine.objects.filter(member=member)] == [other.pk]


def test_placing_takes_two_queries_whatever_the_number_of_lines() -> None:
    """The goods and their prices; everything that is written."""
    member, point = make_buyer(), make_point()
    few = [(make_sku(stock_of=5).pk, 1)]
    many = [(make_sku(stock_of=5).pk, 1) for _ in range(20)]
    for lines in (few, many):
        with CaptureQueriesContext(connection) as seen:
            make_order(member=member, lines=lines, point=point)
        told = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
        assert len(told) == 2, told


def test_states_reached_by_placing() -> None:
    assert make_order().state == OrderState.PLACED


@pytest.mark.parametrize("key", ["", "k" * 81, "k\x00"])
def test_a_key_that_cannot_be_stored_is_refused(key: str) -> None:
    with pytest.raises(errors.BadKey):
        make_order(idempotency_key=key)


def test_control_characters_in_a_note_are_left_out() -> None:
    assert make_order(note=" call\x00 me\r\n ").note == "call me"


def test_numbers_beyond_any_id_are_simply_not_there() -> None:
    beyond, sku = 2**63, make_sku(stock_of=1)
    with pytest.raises(UnknownGoods):
        make_order(lines=[(beyond, 1)])
    with pytest.raises(errors.PointNeeded):
        make_order(sku=sku, method="pickup", pickup_point_id=beyond)
    with pytest.raises(errors.AddressNeeded):
        make_order(sku=sku, address_id=beyond)
    with pytest.raises(errors.NoSuchOrder):
        services.cancel_order(order_id=beyond, actor="x", reason="no", now=NOW)
    with pytest.raises(errors.NoSuchLine):
        services.say_kept(line_id=beyond, member=make_buyer(), now=NOW)
    with pytest.raises(errors.NoSuchOrder):
        queries.order_page("\x00", make_buyer())
