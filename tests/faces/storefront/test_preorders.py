"""Pages of preorders: a place is asked for and paid, a balance is ordered, a date is answered, a place is left."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quanzi.goods.catalogue.models import Product
from quanzi.kernel import clock
from quanzi.trade.payments import services as payments
from quanzi.trade.payments.models import Payment
from quanzi.trade.preorders import services as preorders
from quanzi.trade.preorders.models import Place
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.preorders import DEPOSIT, PRICE, ask, hold, make_made, make_preorder, order_balance
from tests.factories.trade import make_address, make_buyer

pytestmark = pytest.mark.django_db


def test_a_place_is_asked_for_paid_and_left(client: Client) -> None:
    preorder, member = make_preorder(), make_buyer()
    assert preorder.title in client.get("/preorders").text
    page = client.get(f"/preorder/{preorder.pk}").text
    assert "90.00" in page and "20.00" in page
    sku_id = preorder.goods.get().sku_id
    form = {"sku": sku_id, "quantity": "1", "provider": "offline", "key": "k1"}
    assert client.post(f"/preorder/{preorder.pk}/join", form).status_code == 302  # to the login

    client.force_login(member)
    led = client.post(f"/preorder/{preorder.pk}/join", form)
    place = Place.objects.get()
    payment = Payment.objects.get(payable_kind="deposit", payable_id=place.pk)
    assert led.headers["Location"] == f"/deposit/{payment.number}"
    assert client.get(f"/deposit/{payment.number}").status_code == 200
    assert client.post(f"/preorder/{preorder.pk}/join", form).headers["Location"] == f"/deposit/{payment.number}"

    payments.capture_offline(payment_id=payment.pk, reference="", actor="test", now=clock.now())
    assert (
        client.get(f"/me/preorders/{place.pk}/paid", follow=True).redirect_chain[-1][0] == f"/me/preorders/{place.pk}"
    )
    assert client.get(f"/deposit/{payment.number}").status_code == 302
    client.post(f"/me/preorders/{place.pk}/act", {"act": "leave"})
    place.refresh_from_db()
    assert place.state == "returned"
    assert client.get(f"/me/preorders/{place.pk}").status_code == 200
    assert preorder.title in client.get("/me/preorders").text


def test_what_cannot_be_asked_for_is_told_beside_the_form(client: Client) -> None:
    preorder = make_preorder(limit_each=1)
    client.force_login(make_buyer())
    sku_id = preorder.goods.get().sku_id
    form = {"sku": sku_id, "quantity": "2", "provider": "offline", "key": "k1"}
    answer = client.post(f"/preorder/{preorder.pk}/join", form)
    assert answer.status_code in (409, 422) and 'class="error"' in answer.text
    assert client.post(f"/preorder/{preorder.pk}/join", {**form, "quantity": "1", "provider": "no"}).status_code == 422
    assert client.get("/preorder/999").status_code == 404
    assert not Place.objects.exists()


def test_the_balance_is_ordered_and_the_order_tells_what_was_paid_ahead(client: Client) -> None:
    _, (place, other) = make_made(places=2)
    client.force_login(place.member)
    address = make_address(place.member)
    page = client.get(f"/me/preorders/{place.pk}/balance").text
    order_amount = int(page.split('name="expected" value="')[1].split('"')[0])
    assert order_amount >= PRICE
    form: dict[str, Any] = {
        "method": "delivery", "address": address.pk, "key": "b1", "expected": order_amount, "provider": "offline",
    }  # fmt: skip
    stale = client.post(f"/me/preorders/{place.pk}/balance", {**form, "expected": 1})
    assert stale.status_code == 409
    assert client.post(f"/me/preorders/{place.pk}/balance", form).status_code == 302
    order = Order.objects.get()
    payment = Payment.objects.get(payable_kind="order", payable_id=order.pk)
    assert payment.amount_minor == order.amount_minor - DEPOSIT
    rest = f"{payment.amount_minor / 100:.2f}"
    assert rest in client.get(f"/pay/{payment.number}").text
    shown = client.get(f"/o/{order.number}").text
    assert rest in shown and "20.00" in shown
    assert client.get(f"/me/preorders/{other.pk}").status_code == 404
    assert client.get(f"/me/preorders/{other.pk}/balance").status_code == 404


def test_another_date_is_answered_on_the_page_of_the_place(client: Client) -> None:
    preorder, (place, _) = make_made(places=2)
    preorders.ask_date(
        preorder_id=preorder.pk,
        after=preorder.promised_on + timedelta(days=7),
        reason="雨季",
        actor="test",
        now=clock.now(),
    )
    client.force_login(place.member)
    assert 'id="question"' in client.get(f"/me/preorders/{place.pk}").text
    client.post(f"/me/preorders/{place.pk}/act", {"act": "no"})
    place.refresh_from_db()
    assert place.state == "returned"
    assert client.post(f"/me/preorders/{place.pk}/act", {"act": "nothing"}).status_code == 404


def test_the_product_page_leads_to_the_batch_that_takes_deposits(client: Client) -> None:
    sku = make_sku(price_minor=10_000, stock_of=3)
    before = client.get(f"/p/{sku.product.slug}").text
    preorder = make_preorder(sku=sku)
    assert f"/preorder/{preorder.pk}" not in before
    assert f"/preorder/{preorder.pk}" in client.get(f"/p/{sku.product.slug}").text


def test_lists_ask_as_much_for_many_as_for_one(client: Client) -> None:
    member = make_buyer()
    hold(make_preorder(), member=member)
    client.force_login(member)

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(path).status_code == 200
        return len(found)

    one = [asked(path) for path in ("/preorders", "/me/preorders")]
    for _ in range(3):
        preorder = make_preorder()
        hold(preorder, member=member)
        ask(preorder)
    assert [asked(path) for path in ("/preorders", "/me/preorders")] == one


def test_an_order_that_waits_for_its_balance_stands_on_the_page_of_the_place(client: Client) -> None:
    _, (place, _) = make_made(places=2)
    order = order_balance(place)
    client.force_login(place.member)
    assert f"/o/{order.number}" in client.get(f"/me/preorders/{place.pk}").text
    drawn = client.post(f"/o/{order.number}/act", {"act": "cancel"}, follow=True).text
    assert "名额和订金都还在" in drawn and "没有收任何钱" not in drawn


@pytest.mark.parametrize("ticked", [False, True])
def test_a_return_is_given_up_for_one_purchase_by_a_tick_beside_the_balance(client: Client, ticked: bool) -> None:
    _, (place, _) = make_made(places=2)
    Product.objects.filter(skus=place.good.sku_id).update(return_rule="flawed", return_days=7)
    client.force_login(place.member)
    address = make_address(place.member)
    shown = client.get(f"/me/preorders/{place.pk}/balance").text
    box = re.search(r'<input class="check"[^>]*name="gives_up"[^>]*>', shown)
    assert box and "checked" not in box[0]

    form = dict(re.findall(r'<input type="hidden" name="(key|expected)" value="([^"]+)"', shown))
    form |= {"method": "delivery", "address": str(address.pk), "provider": "offline"}
    form |= {"gives_up": str(place.good.sku_id)} if ticked else {}
    assert client.post(f"/me/preorders/{place.pk}/balance", form).status_code == 302
    assert Order.objects.get().lines.get().gave_up_return is ticked


def test_a_place_that_can_no_longer_be_paid_says_so_and_an_ended_one_shows_no_sums(client: Client) -> None:
    preorder = make_preorder(threshold=1)
    late = ask(preorder)
    held = hold(preorder)
    client.force_login(late.member)
    assert "前付订金，名额才算数" in client.get(f"/me/preorders/{late.pk}").text
    preorders.make_batch(preorder_id=preorder.pk, actor="test", now=clock.now())
    drawn = client.get(f"/me/preorders/{late.pk}").text
    assert "订金不能再付" in drawn and "前付订金" not in drawn and "不够 1 件" not in drawn
    preorders.leave(place_id=held.pk, member=held.member, now=clock.now())
    client.force_login(held.member)
    drawn = client.get(f"/me/preorders/{held.pk}").text
    assert "钱退给你" in drawn and "尾款" not in drawn.split("card divided")[1].split("</div>")[0]
