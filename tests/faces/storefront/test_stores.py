"""Pages of stores: the counter's code, a typed amount, a pay link, the till and the shelf."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quanzi.trade.fulfilment.models import Fulfilment
from quanzi.trade.sales.models import Order, OrderState
from quanzi.trade.stores.models import CounterSale, LinkState, PayLink, ShelfGood, StoreEvent
from quanzi.trade.stores.queries import store_by_code
from tests.factories.goods import make_sku
from tests.factories.people import log_in, make_staff
from tests.factories.stores import make_link, make_store, order_here, put_on_shelf
from tests.factories.trade import make_buyer, pay

pytestmark = pytest.mark.django_db


def test_somebody_at_a_table_scans_orders_and_is_handed_the_goods_by_code(client: Client) -> None:
    store, me = make_store(latitude=31.2, longitude=121.4), make_buyer("小林")
    sku = put_on_shelf(store, units=3)
    assert store.point.name in client.get("/stores").text
    page = client.get(f"/store/{store.code}?spot=三号桌").text
    assert "三号桌" in page and sku.product.name in page and "mlat=31.2" in page

    client.force_login(me)
    led = client.get(f"/store/{store.code}", {"order": "1", "spot": "三号桌", f"n{sku.pk}": "2"})
    checkout = client.get(led.headers["Location"])
    assert checkout.status_code == 200
    form = {"line": f"{sku.pk}:2", "store": store.code, "spot": "三号桌", "point": store.point_id, "method": "pickup", "key": "k",
            "expected": str(sku.price_minor * 2), "provider": "offline"}  # fmt: skip
    assert client.post("/checkout", form).status_code in (200, 302)
    order = Order.objects.get()
    assert CounterSale.objects.get(order=order).spot == "三号桌"
    pay(order)

    keeper = Client()
    keeper.force_login(store.point.leader)
    till = keeper.get(f"/till/{store.code}").text
    assert "小林" in till and "三号桌" in till
    code = Fulfilment.objects.get(order=order).pickup_code
    assert "小林" in keeper.get(f"/till/{store.code}?code={code}").text
    assert keeper.post(f"/till/{store.code}", {"act": "hand_over", "code": code}).status_code == 302
    order.refresh_from_db()
    assert order.state == OrderState.RECEIVED
    assert keeper.post(f"/till/{store.code}", {"act": "hand_over", "code": code}).status_code == 422


def test_a_typed_amount_waits_for_the_store_and_is_paid_then(client: Client) -> None:
    store, me = make_store(), make_buyer("小林")
    client.force_login(me)
    assert client.get(f"/store/{store.code}/pay").status_code == 200
    assert client.post(f"/store/{store.code}/pay", {"amount": "0", "what": "", "key": "a"}).status_code == 422

    sent = client.post(f"/store/{store.code}/pay", {"amount": "36.00", "what": "两碗面", "key": "a"})
    link = PayLink.objects.get()
    assert sent.headers["Location"] == f"/l/{link.code}"
    assert "every 3s" in client.get(f"/l/{link.code}").text
    assert Client().get(f"/l/{link.code}").status_code == 404

    keeper = Client()
    keeper.force_login(store.point.leader)
    assert "两碗面" in keeper.get(f"/till/{store.code}").text
    keeper.post(f"/till/{store.code}", {"act": "confirm", "link": link.pk})
    link.refresh_from_db()
    assert link.state == LinkState.OPEN
    assert f"/checkout?link={link.code}" in client.get(f"/l/{link.code}").text
    assert "36.00" in client.get(f"/checkout?link={link.code}").text
    form = {
        "link": link.code,
        "method": "pickup",
        "point": store.point_id,
        "key": "k",
        "expected": "3600",
        "provider": "offline",
    }
    assert client.post("/checkout", form).status_code in (200, 302)
    assert Order.objects.get().amount_minor == 3_600
    assert client.get(f"/checkout?link={link.code}").headers["Location"] == f"/l/{link.code}"


def test_the_keeper_counts_shows_codes_and_tells_of_events(client: Client) -> None:
    store, sku = make_store(), make_sku(stock_of=9)
    client.force_login(store.point.leader)
    assert client.get("/till").headers["Location"] == f"/till/{store.code}"
    assert client.get("/me").text.count("/till") == 1

    assert client.post(f"/till/{store.code}/shelf", {"sku": sku.pk, "units": "4"}).status_code == 302
    assert ShelfGood.objects.get().counted == 4
    assert client.post(f"/till/{store.code}/shelf", {f"n{sku.pk}": "-1"}).status_code == 422
    assert client.get(f"/till/{store.code}/shelf").status_code == 200

    made = client.post(f"/till/{store.code}/link", {"sku": sku.pk, "quantity": "2", "uses": "3", "key": "l"})
    page = client.get(made.headers["Location"]).text
    assert "<svg" in page and PayLink.objects.get().most == 3
    amount = {"what": "蛋糕", "amount": "10", "uses": "1", "key": "m"}
    assert client.post(f"/till/{store.code}/link", amount).status_code == 403

    event = {"title": "修包日", "starts_at": "2031-01-01T10:00", "ends_at": "2031-01-01T12:00"}
    assert client.post(f"/till/{store.code}/events", event).status_code == 302
    assert "修包日" in Client().get(f"/store/{store.code}").text
    client.post(f"/till/{store.code}/events", {"act": "call_off", "event": StoreEvent.objects.get().pk})
    assert StoreEvent.objects.get().called_off_at is not None


def test_staff_make_a_code_for_an_amount_at_any_store(client: Client) -> None:
    store = make_store()
    log_in(client, make_staff())
    form = {"what": "生日蛋糕", "amount": "128", "uses": "1", "return_rule": "made_to_order", "key": "m"}

    made = client.post(f"/till/{store.code}/link", form)

    assert made.status_code == 302 and "128" in client.get(made.headers["Location"]).text
    assert "生日蛋糕" in Client().get(f"/l/{PayLink.objects.get().code}").text


def test_a_link_that_is_over_says_so(client: Client) -> None:
    link = make_link()
    PayLink.objects.update(state="closed")
    page = client.get(f"/l/{link.code}")
    assert page.status_code == 200 and "/checkout" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert client.get("/l/nothing").status_code == 404


def test_a_till_is_for_who_keeps_the_store(client: Client) -> None:
    store = make_store()
    client.force_login(make_buyer())
    for path in (
        "/till",
        f"/till/{store.code}",
        f"/till/{store.code}/shelf",
        f"/till/{store.code}/link",
        f"/till/{store.code}/events",
    ):
        assert client.get(path).status_code == 404


def test_pages_cost_as_many_queries_for_one_order_as_for_ten(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    store = make_store()
    goods = [put_on_shelf(store) for _ in range(6)]
    for sku in goods:
        pay(order_here(store, sku))
    assert store_by_code(store.code)
    client.force_login(store.point.leader)
    client.get(f"/till/{store.code}")

    with django_assert_max_num_queries(14):
        client.get(f"/till/{store.code}")
    with django_assert_max_num_queries(13):
        client.get(f"/store/{store.code}")
