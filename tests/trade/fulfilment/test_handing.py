"""Goods on their way: the work list, codes, lots, carriers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.catalogue import services as catalogue
from quanzi.goods.stock import queries as stock
from quanzi.goods.supply import services as supply
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.trade.fulfilment import errors, queries, services
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.models import Order, OrderState
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.supply import make_goods, make_offer, make_supplier
from tests.factories.trade import make_buyer, make_paid_order, make_point, make_staff, open_fulfilment, picked_up

pytestmark = pytest.mark.django_db


def ready_order(**fields: object) -> tuple[Order, Fulfilment]:
    order = make_paid_order(**{"point": make_point(), **fields})
    found = services.make_ready(fulfilment_id=open_fulfilment(order).pk, actor="test", now=clock.now())
    return order, found


def test_a_released_order_stands_on_the_work_list_without_its_code() -> None:
    point = make_point()
    order, found = ready_order(point=point)
    item = queries.work_list(point=point)[0]
    assert (item.order_number, item.state, item.lines[0].quantity) == (order.number, "ready", 1)
    assert not hasattr(item, "pickup_code")
    assert queries.work_list(point=make_point()) == []
    progress = queries.progress(order_id=order.pk)
    assert progress is not None
    assert progress.pickup_code == found.pickup_code != ""


def test_the_buyer_is_told_the_code() -> None:
    order, found = ready_order()
    while deliver_pending(now=clock.now()):
        continue
    notice = order.member.notices.get(kind="order_ready")
    assert notice.params["code"] == found.pickup_code


def test_the_leader_hands_over_at_the_own_point_with_the_code_and_it_works_once() -> None:
    sku = make_sku(stock_of=5)
    order, found = ready_order(sku=sku, quantity=2)
    leader = order.pickup_point.leader  # type: ignore[union-attr]

    services.hand_over(fulfilment_id=found.pk, actor_member=leader, code=f" {found.pickup_code} ", now=clock.now())

    order.refresh_from_db()
    assert order.state == OrderState.RECEIVED
    assert (stock.free([sku.pk]), sku.stock.on_hand) == ({sku.pk: 3}, 3)
    with pytest.raises(errors.AlreadyHandedOver):
        services.hand_over(fulfilment_id=found.pk, actor_member=leader, code=found.pickup_code, now=clock.now())
    assert queries.progress(order_id=order.pk).pickup_code == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("code", ["", "000", "not a code", "１２３４５６"])
def test_a_wrong_code_opens_nothing(code: str) -> None:
    order, found = ready_order()
    with pytest.raises(errors.WrongCode):
        services.hand_over(fulfilment_id=found.pk, actor_member=make_staff(), code=code, now=clock.now())
    order.refresh_from_db()
    assert order.state == OrderState.PAID


def test_for_a_stranger_or_another_leader_there_is_nothing_to_hand_over() -> None:
    _, found = ready_order()
    for nobody in (make_buyer(), make_point().leader, make_staff("moderator")):
        with pytest.raises(errors.NoSuchFulfilment):
            services.hand_over(fulfilment_id=found.pk, actor_member=nobody, code=found.pickup_code, now=clock.now())


def test_a_carrier_takes_the_goods_and_the_buyers_receipt_ends_it() -> None:
    sku = make_sku(stock_of=5)
    order = make_paid_order(sku=sku)
    found = open_fulfilment(order)
    staff = make_staff("fulfilment")

    services.ship(fulfilment_id=found.pk, actor_member=staff, carrier="顺丰", tracking="SF1", now=clock.now())

    order.refresh_from_db()
    assert (order.state, sku.stock.on_hand) == (OrderState.HANDED_OVER, 4)
    with pytest.raises(IllegalMove):
        services.ship(fulfilment_id=found.pk, actor_member=staff, carrier="顺丰", now=clock.now())
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    while deliver_pending(now=clock.now()):
        continue
    found.refresh_from_db()
    assert found.state == FulfilmentState.HANDED_OVER


def test_a_pickup_is_not_shipped_and_a_delivery_gets_no_code() -> None:
    _, pickup = ready_order()
    with pytest.raises(errors.NotForDelivery):
        services.ship(fulfilment_id=pickup.pk, actor_member=make_staff(), carrier="顺丰", now=clock.now())
    with pytest.raises(errors.NotForPickup):
        services.make_ready(fulfilment_id=open_fulfilment(make_paid_order()).pk, actor="x", now=clock.now())


def test_a_refunded_order_leaves_the_work_list() -> None:
    order, found = ready_order()
    sales.refund_order(order_id=order.pk, reason="sorry", actor="x", idempotency_key="k", now=clock.now())
    while deliver_pending(now=clock.now()):
        continue
    found.refresh_from_db()
    assert found.state == FulfilmentState.CANCELLED
    assert queries.work_list() == []


class TestLots:
    def test_the_lot_that_expires_first_is_handed_over(self) -> None:
        sku = make_sku()
        later = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=9))
        sooner = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=2))
        gone = make_lot(sku=sku, expires_at=clock.now() - timedelta(seconds=1))
        for lot in (later, sooner, gone):
            bring_in(sku, 5, lot=lot)
        order = make_paid_order(sku=sku, quantity=2, point=make_point())

        picked_up(order, staff=make_staff())

        given = LineLot.objects.get()
        assert (given.lot_id, given.quantity) == (sooner.pk, 2)
        assert order.lines.get().lot_id == sooner.pk
        assert {lot.id: lot.left for lot in queries.lots_of([sku.pk])[sku.pk]} == {
            later.pk: 5,
            sooner.pk: 3,
            gone.pk: 5,
        }

    def test_nothing_is_handed_over_when_every_lot_is_expired_or_recalled(self) -> None:
        sku = make_sku()
        expired = make_lot(sku=sku, expires_at=clock.now())
        recalled = make_lot(sku=sku)
        for lot in (expired, recalled):
            bring_in(sku, 5, lot=lot)
        catalogue.recall_lot(lot=recalled, reason="foreign body", actor="test", now=clock.now())
        order, found = ready_order(sku=sku)
        staff = make_staff()

        with pytest.raises(errors.NoLotFit):
            services.hand_over(fulfilment_id=found.pk, actor_member=staff, code=found.pickup_code, now=clock.now())
        for lot in (expired, recalled):
            with pytest.raises(errors.LotNotFit):
                services.hand_over(
                    fulfilment_id=found.pk,
                    actor_member=staff,
                    code=found.pickup_code,
                    lots={order.lines.get().pk: lot.pk},
                    now=clock.now(),
                )
        order.refresh_from_db()
        assert order.state == OrderState.PAID

    @pytest.mark.parametrize("what", ["expired", "recalled", "of other goods"])
    def test_the_database_refuses_unfit_lots_too(self, what: str) -> None:
        sku = make_sku(stock_of=5)
        order, found = ready_order(sku=sku)
        if what == "expired":
            lot = make_lot(sku=sku, expires_at=clock.now())
        elif what == "recalled":
            lot = make_lot(sku=sku)
            catalogue.recall_lot(lot=lot, reason="foreign body", actor="test", now=clock.now())
        else:
            lot = make_lot(sku=make_sku())
        line = order.lines.get()

        with pytest.raises(IntegrityError), transaction.atomic():
            LineLot.objects.create(fulfilment=found, line=line, lot=lot, quantity=1, handed_over_at=clock.now())
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE sales_orderline SET handed_over_at = %s, lot_id = %s WHERE id = %s",
                [clock.now(), lot.pk, line.pk],
            )

    def test_no_more_is_written_down_than_was_ordered_and_it_is_never_edited(self) -> None:
        sku = make_sku()
        lot = make_lot(sku=sku)
        bring_in(sku, 5, lot=lot)
        order = make_paid_order(sku=sku, quantity=2, point=make_point())
        found = picked_up(order, staff=make_staff())
        with pytest.raises(IntegrityError, match="no more"), transaction.atomic():
            LineLot.objects.create(
                fulfilment=found, line=order.lines.get(), lot=lot, quantity=1, handed_over_at=clock.now()
            )
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            LineLot.objects.update(quantity=1)


def test_the_database_keeps_the_life_of_a_fulfilment() -> None:
    _, found = ready_order()
    with pytest.raises(IntegrityError, match="no move"), transaction.atomic():
        Fulfilment.objects.filter(pk=found.pk).update(state="shipped")


def test_what_lies_in_the_house_goes_before_what_lies_at_a_supplier() -> None:
    sku = make_sku()
    offer = make_offer(
        make_goods(make_supplier(sends_direct=True), sku=sku), expires_at=clock.now() + timedelta(days=1)
    )
    there = supply.sell_from_offer(
        offer_id=offer.pk, quantity=5, key="k", actor="test", actor_word="staff:1", now=clock.now()
    )
    here = make_lot(sku=sku, expires_at=clock.now() + timedelta(days=9))
    bring_in(sku, 3, lot=here)
    for quantity, lot in ((3, here), (4, there)):
        order = make_paid_order(sku=sku, quantity=quantity)
        services.ship(
            fulfilment_id=open_fulfilment(order).pk, actor_member=make_staff(), carrier="顺丰", now=clock.now()
        )
        assert LineLot.objects.get(line__order=order).lot == lot
