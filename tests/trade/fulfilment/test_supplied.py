"""Straight from the supplier's stock to the buyer, asked in one click; the supplier learns what the parcel needs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from quanzi.base.events.services import deliver_pending
from quanzi.goods.stock.queries import levels
from quanzi.goods.supply import services as supply
from quanzi.goods.supply.models import Supplier
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.models import Fulfilment, LineLot
from quanzi.trade.fulfilment.queries.dispatching import to_send
from quanzi.trade.fulfilment.queries.supplied import asked_of
from quanzi.trade.fulfilment.services import supplied
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.supply import make_goods, make_offer, make_supplier
from tests.factories.trade import make_paid_order, make_staff, open_fulfilment

pytestmark = pytest.mark.django_db


def sold_from_there() -> tuple[Supplier, Member, Order, Fulfilment]:
    supplier, person = make_supplier(sends_direct=True), make_member()
    supply.add_person(supplier=supplier, member=person, actor="staff:0", now=clock.now())
    offer = make_offer(make_goods(supplier), quantity=9)
    supply.sell_from_offer(
        offer_id=offer.pk, quantity=5, key="k", actor="staff:0", actor_word="staff:0", now=clock.now()
    )
    order = make_paid_order(sku=offer.goods.sku, quantity=2)
    return supplier, person, order, open_fulfilment(order)


def ask(found: Fulfilment, staff: Member | None = None) -> int:
    [parcel] = supplied.ask_suppliers(fulfilment_id=found.pk, actor_member=staff or make_staff(), now=clock.now())
    return parcel.pk


def test_one_click_asks_the_supplier_who_sends_it_to_the_buyer() -> None:
    supplier, person, order, found = sold_from_there()
    assert [row.number for row in to_send()] == [order.number]
    parcel_id = ask(found)
    assert to_send() == []
    while deliver_pending(now=clock.now()):
        continue
    assert person.notices.filter(kind="parcel_asked").count() == 1

    client = Client()
    client.force_login(person)
    where = reverse("storefront:supplier_parcels")
    drawn = client.get(where).content.decode()
    assert order.ship_to["phone"] in drawn and order.number not in drawn
    for _ in range(2):
        sent = {"parcel": parcel_id, "carrier": "顺丰", "tracking": "SF1"}
        assert client.post(where, sent).status_code == 302
    order.refresh_from_db()
    line = order.lines.get()
    assert (order.state, levels([line.sku_id])[line.sku_id].on_hand) == ("handed_over", 3)
    assert LineLot.objects.get().lot.supplied.supplier_id == supplier.pk
    assert order.ship_to["phone"] not in client.get(where).content.decode()


def test_nobody_but_the_supplier_sees_or_sends_it() -> None:
    _, _, order, found = sold_from_there()
    parcel_id = ask(found)
    for stranger in (order.member, make_member()):
        with pytest.raises(errors.NoSuchParcel):
            supplied.send_for_supplier(parcel_id=parcel_id, member=stranger, carrier="x", tracking="1", now=clock.now())
    client = Client()
    client.force_login(make_member())
    assert client.get(reverse("storefront:supplier_parcels")).status_code == 404


def test_a_supplier_who_cannot_says_why_and_the_order_waits_here_again() -> None:
    _, person, order, found = sold_from_there()
    staff = make_staff()
    parcel_id = ask(found, staff)
    for _ in range(2):
        supplied.decline_for_supplier(parcel_id=parcel_id, member=person, note="今天停电", now=clock.now())
    deliver_pending(now=clock.now())
    assert [row.number for row in to_send()] == [order.number]
    assert staff.notices.get(kind="parcel_declined").params["reason"] == "今天停电"
    assert asked_of([0]) == []


def test_goods_that_lie_here_are_not_asked_of_a_supplier() -> None:
    order = make_paid_order(sku=make_sku(stock_of=3))
    with pytest.raises(errors.NothingAtSuppliers):
        ask(open_fulfilment(order))
