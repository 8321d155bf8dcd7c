"""An order in several parcels: packed, sent, arrived, come back; nothing twice and nothing too much."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from quanzi.base.events.services import deliver_pending
from quanzi.goods.stock.queries import levels
from quanzi.kernel import clock
from quanzi.kernel.errors import IllegalMove
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors, services
from quanzi.trade.fulfilment.models import Fulfilment, FulfilmentState, LineLot, Parcel, ParcelLine
from quanzi.trade.fulfilment.queries.dispatching import to_send as to_be_sent
from quanzi.trade.fulfilment.queries.parcels import left_to_pack, parcels_of
from quanzi.trade.sales import services as sales
from quanzi.trade.sales.errors import PartlyUnderWay
from quanzi.trade.sales.models import Order, OrderLine, OrderState
from tests.factories.goods import bring_in, make_lot, make_sku
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Member:
    return make_staff()


def to_send(quantity: int = 5, **fields: object) -> tuple[Order, Fulfilment, OrderLine]:
    order = make_paid_order(quantity=quantity, **{"sku": make_sku(stock_of=20), **fields})
    return order, open_fulfilment(order), order.lines.get()


def pack(found: Fulfilment, staff: Member, **fields: object) -> Parcel:
    return services.pack(fulfilment_id=found.pk, actor_member=staff, now=clock.now(), **fields)  # type: ignore[arg-type]


def send(parcel: Parcel, staff: Member, tracking: str = "SF1") -> Parcel:
    return services.ship_parcel(
        parcel_id=parcel.pk, actor_member=staff, carrier="顺丰", tracking=tracking, now=clock.now()
    )


def test_a_line_counts_as_handed_over_and_leaves_the_stock_with_its_last_unit(staff: Member) -> None:
    order, found, line = to_send(5)
    first = pack(found, staff, lines={line.pk: 3})
    send(first, staff)
    order.refresh_from_db()
    line.refresh_from_db()
    found.refresh_from_db()
    assert (order.state, line.handed_over_at, found.state) == (OrderState.PAID, None, FulfilmentState.PARTLY)
    assert levels([line.sku_id])[line.sku_id].on_hand == 20
    assert [row.units for row in to_be_sent(numbers=[order.number])] == [2], "the desk lists what is still here"

    send(pack(found, staff), staff, "SF2")
    order.refresh_from_db()
    found.refresh_from_db()
    assert (order.state, found.state) == (OrderState.HANDED_OVER, FulfilmentState.SHIPPED)
    assert levels([line.sku_id])[line.sku_id].on_hand == 15
    assert [(one.state, one.tracking, one.lines[0][1]) for one in parcels_of(order.pk)] == [
        ("shipped", "SF1", 3),
        ("shipped", "SF2", 2),
    ]


def test_no_more_is_packed_than_was_ordered(staff: Member) -> None:
    _, found, line = to_send(5)
    pack(found, staff, lines={line.pk: 4})
    with pytest.raises(errors.PackedTooMany) as refused:
        pack(found, staff, lines={line.pk: 2})
    assert refused.value.params["most"] == 1
    pack(found, staff)
    with pytest.raises(errors.NothingToPack):
        pack(found, staff)


@pytest.mark.parametrize("units", [0, -1, True, 2.0, "2"])
def test_units_are_whole_numbers(staff: Member, units: object) -> None:
    _, found, line = to_send(5)
    with pytest.raises((errors.PackedTooMany, errors.NothingToPack)):
        pack(found, staff, lines={line.pk: units})


def test_the_same_key_is_the_same_parcel_and_sending_again_is_the_same_send(staff: Member) -> None:
    _, found, line = to_send(5)
    first = pack(found, staff, lines={line.pk: 2}, key="k")
    assert pack(found, staff, lines={line.pk: 2}, key="k") == first
    send(first, staff)
    assert send(first, staff).shipped_at == first.fulfilment.parcels.get().shipped_at
    with pytest.raises(errors.AlreadyShipped):
        send(first, staff, "SF9")


def test_what_is_unpacked_can_be_packed_anew_and_what_left_cannot(staff: Member) -> None:
    order, found, line = to_send(5)
    first = pack(found, staff)
    services.unpack(parcel_id=first.pk, actor_member=staff, now=clock.now())
    assert left_to_pack(order.pk) == {line.pk: 5}
    second = pack(found, staff)
    send(second, staff)
    with pytest.raises(IllegalMove):
        services.unpack(parcel_id=second.pk, actor_member=staff, now=clock.now())


def test_a_parcel_that_came_back_is_sent_again_without_leaving_the_stock_twice(staff: Member) -> None:
    order, found, line = to_send(5)
    first = send(pack(found, staff), staff)
    assert left_to_pack(order.pk) == {}
    services.take_back(parcel_id=first.pk, actor_member=staff, now=clock.now())
    assert left_to_pack(order.pk) == {line.pk: 5}
    send(pack(found, staff), staff, "SF2")
    assert levels([line.sku_id])[line.sku_id].on_hand == 15
    assert [one.state for one in parcels_of(order.pk)] == ["came_back", "shipped"]


def test_a_parcel_packed_again_after_it_came_back_is_opened_when_its_goods_are_refunded(staff: Member) -> None:
    order, found, line = to_send(5)
    services.take_back(parcel_id=send(pack(found, staff), staff).pk, actor_member=staff, now=clock.now())
    again = pack(found, staff)
    sales.refund_order(
        order_id=order.pk, reason="late", actor="staff:0", goods_back=True, idempotency_key="r", now=clock.now()
    )
    with pytest.raises(IllegalMove):
        send(again, staff, "SF2")
    with pytest.raises(errors.NothingToPack):
        pack(found, staff)
    assert [one.state for one in parcels_of(order.pk, with_unpacked=True)] == ["came_back", "unpacked"]
    assert levels([line.sku_id])[line.sku_id].on_hand == 20


def test_which_lot_left_is_known_by_parcel_and_the_units_of_a_line_stay_in_one_lot(staff: Member) -> None:
    sku = make_sku()
    lot = make_lot(sku=sku, code="L1")
    bring_in(sku, 9, lot=lot)
    _, found, line = to_send(4, sku=sku)
    send(pack(found, staff, lines={line.pk: 1}), staff)
    send(pack(found, staff), staff, "SF2")
    assert list(LineLot.objects.order_by("id").values_list("lot_id", "quantity", "parcel__position")) == [
        (lot.pk, 1, 1),
        (lot.pk, 3, 2),
    ]


def test_a_line_of_which_some_is_under_way_is_not_refunded_whole_and_the_rest_of_the_order_is(staff: Member) -> None:
    order, found, line = to_send(5)
    send(pack(found, staff, lines={line.pk: 2}), staff)
    refund = {"order_id": order.pk, "reason": "late", "actor": "staff:0", "idempotency_key": "r", "now": clock.now()}
    with pytest.raises(PartlyUnderWay), transaction.atomic():
        sales.refund_order(**refund)  # type: ignore[arg-type]
    sales.refund_line(
        line_id=line.pk, amount_minor=100, reason="late", actor="staff:0", idempotency_key="p", now=clock.now()
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).update(dropped_at=clock.now(), released_at=clock.now())


def test_what_was_packed_of_a_refunded_order_is_opened_again(staff: Member) -> None:
    order, found, _ = to_send(5)
    parcel = pack(found, staff)
    sales.refund_order(order_id=order.pk, reason="late", actor="staff:0", idempotency_key="r", now=clock.now())
    deliver_pending(now=clock.now())
    parcel.refresh_from_db()
    found.refresh_from_db()
    assert (parcel.state, found.state) == ("unpacked", FulfilmentState.CANCELLED)


def test_shipping_everything_at_once_is_one_parcel(staff: Member) -> None:
    order, found, _ = to_send(5)
    services.ship(fulfilment_id=found.pk, actor_member=staff, carrier="顺丰", tracking="SF1", now=clock.now())
    [parcel] = parcels_of(order.pk)
    assert (parcel.state, parcel.lines[0][1], parcel.tracking) == ("shipped", 5, "SF1")
    sales.confirm_receipt(order_id=order.pk, member=order.member, now=clock.now())
    deliver_pending(now=clock.now())
    assert parcels_of(order.pk)[0].state == "arrived"


def test_the_buyer_is_told_of_each_parcel_of_several_and_once_of_a_single_one(staff: Member) -> None:
    order, found, line = to_send(5)
    send(pack(found, staff, lines={line.pk: 2}), staff)
    deliver_pending(now=clock.now())
    send(pack(found, staff), staff, "SF2")
    while deliver_pending(now=clock.now()):
        continue
    kinds = list(order.member.notices.order_by("id").values_list("kind", flat=True))
    assert kinds.count("parcel_shipped") == 2 and "order_shipped" not in kinds


def test_nobody_else_packs_or_sends(staff: Member) -> None:
    order, found, _ = to_send(5)
    with pytest.raises(errors.NoSuchFulfilment):
        pack(found, order.member)
    parcel = pack(found, staff)
    with pytest.raises(errors.NoSuchParcel):
        send(parcel, order.member)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fulfilment_parcelline SET quantity = 9",
        "DELETE FROM fulfilment_parcelline",
        "DELETE FROM fulfilment_parcel",
        "UPDATE fulfilment_parcel SET state = 'packed'",
        "UPDATE fulfilment_parcel SET position = 7",
        "UPDATE fulfilment_parcel SET shipped_at = NULL",
        "INSERT INTO fulfilment_parcelline (parcel_id, line_id, quantity) SELECT parcel_id, line_id, 1 FROM fulfilment_parcelline",
    ],
)
def test_the_database_keeps_what_left(staff: Member, statement: str) -> None:
    _, found, _ = to_send(5)
    send(pack(found, staff), staff)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_packs_no_more_than_was_ordered(staff: Member) -> None:
    _, found, line = to_send(5)
    parcel = Parcel.objects.create(fulfilment=found, position=1, packed_at=clock.now(), packed_by="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        ParcelLine.objects.create(parcel=parcel, line=line, quantity=6)
