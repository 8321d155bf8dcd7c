"""Orders at the counter of a store: from its shelf, paid, handed over at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quanzi.kernel.clock import Clock
from quanzi.kernel.errors import Errors, InvalidInput
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import OrderState
from quanzi.trade.stores import errors
from quanzi.trade.stores import services as stores
from quanzi.trade.stores.models import CounterSale
from quanzi.trade.stores.queries import coming_events, shelf, store_by_code, stores_kept, till
from tests.factories.stations import assert_rounds_add_up as assert_all_is_well
from tests.factories.stores import given, make_store, order_here, put_on_shelf
from tests.factories.trade import capture, make_buyer, make_staff, pay, start_payment

pytestmark = pytest.mark.django_db


def test_a_counter_order_is_handed_over_as_soon_as_it_is_paid(clock: Clock) -> None:
    store = make_store()
    sku = put_on_shelf(store, units=5)

    order = pay(order_here(store, sku, quantity=2, spot="三号桌"))

    [sale] = till(store_id=store.pk, now=clock.at).paid
    assert (sale.number, sale.spot, sale.lines[0].quantity) == (order.number, "三号桌", 2)
    assert Fulfilment.objects.get(order=order).state == FulfilmentState.READY
    given(order, keeper=store.point.leader)
    order.refresh_from_db()
    now = till(store_id=store.pk, now=clock.at)
    assert (order.state, now.paid, now.count, now.taken.minor) == (OrderState.RECEIVED, (), 1, order.amount_minor)
    assert_all_is_well()


def test_no_more_is_sold_at_the_counter_than_stands_there() -> None:
    store = make_store()
    sku = put_on_shelf(store, units=3)
    order_here(store, sku, quantity=2)

    with pytest.raises(errors.NotOnShelf) as refused:
        order_here(store, sku, quantity=2)

    assert refused.value.params["left"] == 1
    assert CounterSale.objects.count() == 1
    with pytest.raises(errors.NotOnShelf):
        order_here(make_store(), sku)
    assert_all_is_well()


def test_goods_of_an_order_that_nobody_paid_stand_on_the_shelf_again(clock: Clock) -> None:
    store = make_store()
    sku = put_on_shelf(store, units=1)
    order = order_here(store, sku)
    payment = start_payment(order)
    clock.at += timedelta(minutes=16)
    sales.cancel_order(order_id=order.pk, actor="system", reason="expired", now=clock.at)
    assert shelf(store_id=store.pk)[0].left == 1

    order_here(store, sku)
    capture(payment)

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.state, payment.surplus) == (OrderState.CANCELLED, True), "late money, goods gone: all of it goes back"
    assert_all_is_well()


def test_late_money_takes_goods_that_still_stand_there(clock: Clock) -> None:
    store = make_store()
    sku = put_on_shelf(store, units=1)
    order = order_here(store, sku)
    payment = start_payment(order)
    clock.at += timedelta(minutes=16)
    sales.cancel_order(order_id=order.pk, actor="system", reason="expired", now=clock.at)

    capture(payment)

    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert shelf(store_id=store.pk)[0].left == 0
    assert_all_is_well()


def test_a_new_count_knows_what_was_fetched_and_what_still_waits(clock: Clock) -> None:
    store = make_store()
    sku = put_on_shelf(store, units=5)
    first, second = pay(order_here(store, sku, quantity=2)), pay(order_here(store, sku))
    given(first, keeper=store.point.leader)
    clock.at += timedelta(minutes=5)

    stores.count_shelf(store_id=store.pk, counts={sku.pk: 3}, by=store.point.leader, now=clock.at)

    assert shelf(store_id=store.pk)[0].left == 2, f"three stand there, one of them is {second.number}'s"


def test_a_refunded_order_gives_the_shelf_its_goods(clock: Clock) -> None:
    store = make_store()
    sku = put_on_shelf(store, units=2)
    order = pay(order_here(store, sku, quantity=2))

    sales.refund_order(order_id=order.pk, reason="sold out", actor="system", idempotency_key="r1", now=clock.at)

    assert shelf(store_id=store.pk)[0].left == 2
    assert_all_is_well()


def test_the_same_key_finds_the_same_order() -> None:
    store = make_store()
    sku = put_on_shelf(store, units=1)
    me = make_buyer()

    first = order_here(store, sku, member=me, idempotency_key="k")
    again = order_here(store, sku, member=me, idempotency_key="k")

    assert first.pk == again.pk


def test_nobody_orders_where_it_is_shut(clock: Clock) -> None:
    store = make_store()
    sku = put_on_shelf(store)
    point = store.point
    sales.update_pickup_point(
        point=point,
        name=point.name,
        address=point.address,
        hours=point.hours,
        is_open=False,
        actor="staff:0",
        now=clock.at,
    )

    with pytest.raises(errors.StoreShut):
        order_here(store, sku)


def test_a_store_is_kept_by_its_keeper_and_by_staff_who_hand_over(clock: Clock) -> None:
    store = make_store()
    stranger = make_buyer()

    assert [one.code for one in stores_kept(store.point.leader)] == [store.code]
    assert [one.code for one in stores_kept(make_staff())] == [store.code]
    assert stores_kept(stranger) == []
    with pytest.raises(errors.NoSuchStore):
        put_on_shelf_as(store, stranger, clock)


def put_on_shelf_as(store, who, clock):  # type: ignore[no-untyped-def]
    stores.count_shelf(store_id=store.pk, counts={}, by=who, now=clock.at)


def test_what_happens_in_a_store_is_shown_until_it_is_over(clock: Clock) -> None:
    store = make_store()
    made = stores.plan_event(
        store_id=store.pk, title="修包日", starts_at=clock.at + timedelta(hours=1), ends_at=clock.at + timedelta(hours=3),
        by=store.point.leader, now=clock.at,
    )  # fmt: skip

    assert [one.title for one in coming_events(store_id=store.pk, now=clock.at)] == ["修包日"]
    stores.call_off_event(event_id=made.pk, by=store.point.leader, now=clock.at)
    assert coming_events(store_id=store.pk, now=clock.at)[0].is_off
    assert coming_events(store_id=store.pk, now=clock.at + timedelta(hours=3)) == []
    with pytest.raises(errors.BadEventTimes):
        stores.plan_event(
            store_id=store.pk, title="昨天", starts_at=clock.at - timedelta(hours=2), ends_at=clock.at, by=store.point.leader,
            now=clock.at,
        )  # fmt: skip


def test_a_store_says_what_people_need_and_nothing_too_long(clock: Clock) -> None:
    store = make_store()

    changed = stores.change_store(
        store_id=store.pk,
        about="巷口的小店",
        phone="021-1",
        takes_amounts=False,
        by=store.point.leader,
        actor="staff:0",
        now=clock.at,
    )

    assert store_by_code(changed.code.upper()).about == "巷口的小店"
    with pytest.raises((InvalidInput, Errors)):
        stores.change_store(
            store_id=store.pk,
            about="长" * 301,
            phone="",
            takes_amounts=True,
            by=store.point.leader,
            actor="staff:0",
            now=clock.at,
        )
    with pytest.raises(errors.StoreTaken):
        stores.open_store(point=store.point, actor="staff:0", now=clock.at)
