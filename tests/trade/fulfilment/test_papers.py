"""Paper says what is packed, for whom, and no more than its reader needs."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from quanzi.goods.catalogue.services import publish
from quanzi.kernel import clock
from quanzi.trade.fulfilment import papers, services
from quanzi.trade.sales import services as sales
from tests.factories.goods import make_product, make_sku
from tests.factories.trade import make_buyer, make_order, make_paid_order, make_point, make_staff, open_fulfilment, pay

pytestmark = pytest.mark.django_db


def read(pdf: bytes | None) -> list[str]:
    assert pdf is not None
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def opened(**fields: object):  # type: ignore[no-untyped-def]
    order = make_paid_order(**fields)
    open_fulfilment(order)
    return order


def test_a_delivery_says_where_it_goes_and_a_pickup_only_who_fetches_it() -> None:
    fetcher = make_buyer("陈念")
    type(fetcher).objects.filter(pk=fetcher.pk).update(phone="+8613812345678")
    delivery = opened()
    pickup = opened(member=fetcher, point=make_point(name="锦绣花园东门"))
    pages = read(papers.labels([delivery.pk, pickup.pk], now=clock.now()))
    to = next(page for page in pages if delivery.number in page)
    waits = next(page for page in pages if pickup.number in page)
    assert "13800000001" in to and "人民路1号502" in to
    assert "锦绣花园东门" in waits and "陈念" in waits and "5678" in waits and "1234" not in waits


def test_one_picking_list_adds_up_what_all_orders_need() -> None:
    sku = make_sku(product=(peach := make_product(name="阳山水蜜桃")), stock_of=20, options={"规格": "5 斤"})
    publish(product=peach, actor="test", now=clock.now())
    orders = [opened(sku=sku, quantity=2), opened(sku=sku, quantity=3, point=make_point(name="东湖站"))]
    with translation.override("en"):
        (page,) = read(papers.picking_list([order.pk for order in orders], now=clock.now()))
    assert "阳山水蜜桃·5斤5" in page and "东湖站3" in page and "Delivery2" in page and "2orders" in page


def test_a_box_is_packed_without_what_was_refunded_and_nothing_is_printed_for_what_is_off() -> None:
    one, other = make_sku(stock_of=5), make_sku(stock_of=5, options={"规格": "退掉的"})
    order = pay(make_order(lines=[(one.pk, 1), (other.pk, 1)]))
    open_fulfilment(order)
    line = order.lines.get(sku=other)
    sales.refund_line(
        line_id=line.pk, reason="no", actor="test", goods_back=False, idempotency_key="r", now=clock.now()
    )
    assert "退掉的" not in read(papers.packing_lists([order.pk], now=clock.now()))[0]
    sales.refund_order(order_id=order.pk, reason="no", actor="test", idempotency_key="r2", now=clock.now())
    services.cancel_for(order_id=order.pk, now=clock.now())
    assert papers.labels([order.pk], now=clock.now()) is None
    assert papers.picking_list([make_order().pk], now=clock.now()) is None


def test_paper_for_twenty_orders_takes_as_many_questions_as_for_one(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    one = opened()
    with django_assert_num_queries(3):
        papers.labels([one.pk], now=clock.now())
    orders = [opened() for _ in range(6)]
    with django_assert_num_queries(3):
        assert len(read(papers.labels([order.pk for order in orders], now=clock.now()))) == 6


def test_a_label_of_what_was_shipped_carries_carrier_and_number() -> None:
    order = opened()
    services.ship(
        fulfilment_id=order.fulfilment.pk, actor_member=make_staff(), carrier="顺丰", tracking="SF123", now=clock.now()
    )
    (page,) = read(papers.labels([order.pk], now=clock.now()))
    assert "顺丰" in page and "SF123" in page
