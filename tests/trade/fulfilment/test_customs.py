"""Goods from abroad: the tax stands in the price and is named, customs is told a name that the buyer agreed to, and it is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from quanzi.goods.catalogue.models import Sku
from quanzi.goods.pricing.duties import duty_minor
from quanzi.goods.pricing.services import QuoteLine, quote
from quanzi.goods.supply.models import ImportFacts
from quanzi.kernel import clock
from quanzi.trade.fulfilment import errors
from quanzi.trade.fulfilment.models import Declaration, Parcel
from quanzi.trade.fulfilment.services import customs, pack, ship_parcel
from quanzi.trade.sales.models import Order
from quanzi.trade.sales.services import mark_handed_over
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.trade import make_paid_order, make_point, make_staff, open_fulfilment, picked_up

pytestmark = pytest.mark.django_db


def from_abroad(*, must_declare: bool = True) -> Sku:
    sku = make_sku(stock_of=9)
    ImportFacts.objects.create(
        product=sku.product, country="新西兰", duty_bp=910, must_declare=must_declare, changed_at=clock.now()
    )
    return sku


def packed(order: Order) -> Parcel:
    return pack(fulfilment_id=open_fulfilment(order).pk, actor_member=make_staff(), now=clock.now())


def send(parcel: Parcel) -> Parcel:
    return ship_parcel(parcel_id=parcel.pk, actor_member=make_staff(), carrier="顺丰", tracking="SF1", now=clock.now())


def test_import_tax_is_a_part_of_the_price_named_beside_it_and_adds_nothing() -> None:
    sku = from_abroad()
    plain, foreign = (
        quote(lines=[QuoteLine(make_sku().pk, 2)], now=clock.now()),
        quote(lines=[QuoteLine(sku.pk, 2)], now=clock.now()),
    )
    assert (plain.included, plain.must_declare, foreign.must_declare) == ((), False, True)
    [duty] = foreign.included
    assert duty.amount_minor == duty_minor(paid_minor=foreign.amount_minor, duty_bp=910) > 0
    assert foreign.amount_minor == sku.price_minor * 2 and "9.1" in duty.label_en
    assert duty_minor(paid_minor=10_910, duty_bp=910) == 910


def test_goods_that_must_be_declared_leave_only_under_the_buyers_name() -> None:
    order = make_paid_order(sku=from_abroad())
    parcel = packed(order)
    with pytest.raises(errors.NotDeclared):
        send(parcel)
    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(state="shipped", shipped_at=clock.now())
    with pytest.raises(errors.NoSuchFulfilment):
        customs.declare(order_id=order.pk, member=make_member(), name="李雷", now=clock.now())
    customs.declare(order_id=order.pk, member=order.member, name="李雷", now=clock.now())
    customs.declare(order_id=order.pk, member=order.member, name="韩梅梅", now=clock.now())
    assert send(parcel).state == "shipped"
    with pytest.raises(errors.AlreadyDeclared):
        customs.declare(order_id=order.pk, member=order.member, name="李雷", now=clock.now())
    with pytest.raises(errors.NothingToDeclare):
        plain = make_paid_order()
        customs.declare(order_id=plain.pk, member=plain.member, name="李雷", now=clock.now())


def test_the_name_is_forgotten_thirty_days_after_the_order_ended() -> None:
    order = make_paid_order(sku=from_abroad())
    customs.declare(order_id=order.pk, member=order.member, name="李雷", now=clock.now())
    later = clock.now() + timedelta(days=31)
    assert customs.forget_names(later) == 0
    Order.objects.filter(pk=order.pk).update(ended_at=clock.now())
    assert [customs.forget_names(later), customs.forget_names(later)] == [1, 0]
    assert Declaration.objects.get().name == ""


def test_the_order_page_asks_for_the_name_and_shows_the_papers() -> None:
    order = make_paid_order(sku=from_abroad())
    client = Client(headers={"accept-language": "en"})
    client.force_login(order.member)
    where, act = (reverse(f"storefront:{name}", args=[order.number]) for name in ("order", "order_act"))
    drawn = client.get(where).content.decode()
    assert "customs_name" in drawn and reverse("storefront:papers", args=[order.lines.get().product.slug]) in drawn
    assert client.post(act, {"act": "customs", "customs_name": "李雷"}).status_code == 422
    assert client.post(act, {"act": "customs", "customs_name": "李雷", "customs_agreed": "on"}).status_code == 302
    assert Declaration.objects.get().name == "李雷" and "customs_name" not in client.get(where).content.decode()


def test_no_other_way_out_lets_them_go_without_the_name() -> None:
    order = make_paid_order(sku=from_abroad(), point=make_point())
    with pytest.raises(errors.NotDeclared), transaction.atomic():
        picked_up(order, staff=make_staff())
    with pytest.raises(IntegrityError, match="no name"), transaction.atomic():
        mark_handed_over(order_id=order.pk, now=clock.now())
    customs.declare(order_id=order.pk, member=order.member, name="李雷", now=clock.now())
    assert picked_up(order, staff=make_staff()).state == "handed_over"
