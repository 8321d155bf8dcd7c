"""Cart, checkout and payment as pages: what is asked, what is refused, and that nothing is done by halves or twice."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.goods.catalogue.services import change_price
from quanzi.goods.stock.queries import free
from quanzi.kernel import clock
from quanzi.people.contact.models import Purpose
from quanzi.people.contact.services import allows
from quanzi.trade.payments.models import Payment
from quanzi.trade.payments.services import capture_offline
from quanzi.trade.sales.models import CartLine, Order
from tests.faces.storefront.browsing import browser, page, send
from tests.faces.storefront.shopping.buying import checkout_form, order_by
from tests.factories.goods import make_sku
from tests.factories.people import make_address, make_member
from tests.factories.trade import make_order, make_point

pytestmark = pytest.mark.django_db


def test_from_the_cart_to_a_paid_order_in_cash() -> None:
    me, sku = make_member(), make_sku(stock_of=5, price_minor=2_680)
    make_point(name="锦绣站")
    client = browser(me)
    send(client, "cart", act="add", sku=sku.pk, quantity="2")
    assert "53.60" in page(client, "cart")
    response = order_by(client, "")
    order = Order.objects.get(member=me)
    assert (order.state, order.amount_minor, order.method) == ("placed", 5_360, "pickup")
    payment = Payment.objects.get()
    assert response.url == reverse("storefront:pay", args=[payment.number])
    assert order.number in page(client, "pay", payment.number)
    assert not CartLine.objects.filter(member=me).exists()
    capture_offline(payment_id=payment.pk, reference="", actor="staff:0", now=clock.now())
    assert client.get(reverse("storefront:pay_return", args=[order.number])).url == reverse(
        "storefront:order", args=[order.number]
    )
    assert "托管中" in page(client, "order", order.number)


def test_the_checkout_explains_every_yuan_and_ticks_nothing() -> None:
    me, sku = make_member(), make_sku(stock_of=5, price_minor=2_680)
    make_point()
    make_address(me)
    html = browser(me).get(f"{reverse('storefront:checkout')}?line={sku.pk}:1&method=delivery").content.decode()
    assert "运费" in html
    assert "30.80" in html
    assert "checkbox" in html
    assert 'type="checkbox" id="f-social_proof" name="social_proof" value="on" checked' not in html


def test_two_presses_of_the_button_make_one_order() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    make_point()
    client = browser(me)
    form = checkout_form(client, f"line={sku.pk}:1")
    first = client.post(reverse("storefront:checkout"), form)
    second = client.post(reverse("storefront:checkout"), form)
    assert first.url == second.url
    assert Order.objects.count() == Payment.objects.count() == 1


def test_the_same_form_from_the_cart_twice_makes_one_order() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    make_point()
    client = browser(me)
    send(client, "cart", act="add", sku=sku.pk, quantity="2")
    form = checkout_form(client, "")
    urls = {client.post(reverse("storefront:checkout"), form).url for _ in range(2)}
    assert len(urls) == 1
    assert Order.objects.count() == 1


def test_a_price_that_changed_meanwhile_is_said_and_ordered_only_when_seen() -> None:
    me, sku = make_member(), make_sku(stock_of=5, price_minor=2_680)
    make_point()
    client = browser(me)
    form = checkout_form(client, f"line={sku.pk}:1")
    change_price(sku=sku, price_minor=2_880, actor="staff:0", now=clock.now())
    refused = client.post(reverse("storefront:checkout"), form)
    assert refused.status_code == 409
    assert "28.80" in refused.content.decode()
    assert not Order.objects.exists()
    assert order_by(client, f"line={sku.pk}:1").status_code == 302


def test_sold_out_while_paying_is_said_and_holds_nothing() -> None:
    me, sku = make_member(), make_sku(stock_of=1)
    point = make_point()
    client = browser(me)
    form = checkout_form(client, f"line={sku.pk}:1")
    make_order(sku=sku, point=point)
    refused = client.post(reverse("storefront:checkout"), form)
    assert refused.status_code == 409
    assert "卖完" in refused.content.decode() or "售罄" in refused.content.decode()
    assert Order.objects.filter(member=me).count() == 0
    assert free([sku.pk])[sku.pk] == 0


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "１２", "1e9", "999999999999", "", "x", "1000"])
def test_quantities_that_are_none_are_refused_with_words(quantity: str) -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    client = browser(me)
    refused = send(client, "cart", act="add", sku=sku.pk, quantity=quantity)
    assert refused.status_code == 422
    assert "999" in refused.content.decode()
    assert not CartLine.objects.exists()
    response = client.get(f"{reverse('storefront:checkout')}?line={sku.pk}:{quantity}")
    assert response.status_code == 422


@pytest.mark.parametrize("sku", ["", "x", "999999999", "-1", "1;drop"])
def test_goods_that_are_none_are_not_found(sku: str) -> None:
    assert send(browser(make_member()), "cart", act="add", sku=sku, quantity="1").status_code == 404


def test_delivery_without_an_address_says_which_field_and_links_there() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    client = browser(me)
    refused = order_by(client, f"line={sku.pk}:1&method=delivery")
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "#f-address" in html
    assert not Order.objects.exists()


def test_somebody_elses_address_is_as_good_as_none() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    address = make_address(make_member())
    refused = order_by(browser(me), f"line={sku.pk}:1&method=delivery", address=address.pk)
    assert refused.status_code == 422
    assert not Order.objects.exists()


def test_a_way_to_pay_that_is_not_offered_orders_nothing() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    make_point()
    refused = order_by(browser(me), f"line={sku.pk}:1", provider="bitcoin")
    assert refused.status_code == 422
    assert not Order.objects.exists()


def test_when_the_pay_service_is_silent_the_order_waits_and_says_so() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    make_point()
    client = browser(me)
    response = order_by(client, f"line={sku.pk}:1", provider="paysim")
    order = Order.objects.get()
    assert response.url == reverse("storefront:order", args=[order.number])
    html = page(client, "order", order.number)
    assert "没有扣" in html
    assert "付款" in html


def test_the_box_about_showing_purchases_is_its_own_decision() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    make_point()
    client = browser(me)
    order_by(client, f"line={sku.pk}:1")
    assert not allows(me.pk, Purpose.SOCIAL_PROOF)
    order_by(client, f"line={sku.pk}:1", social_proof="on")
    assert allows(me.pk, Purpose.SOCIAL_PROOF)


def test_a_visitor_is_led_to_log_in_and_back() -> None:
    sku = make_sku(stock_of=5)
    response = browser().get(f"{reverse('storefront:checkout')}?line={sku.pk}:1")
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert "checkout" in response.url


def test_script_in_a_note_is_text() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    make_point()
    client = browser(me)
    order_by(client, f"line={sku.pk}:1", note="<script>alert(1)</script>")
    html = page(client, "order", Order.objects.get().number)
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;" in html


def test_somebody_elses_payment_does_not_exist() -> None:
    me, sku = make_member(), make_sku(stock_of=5)
    make_point()
    order_by(browser(me), f"line={sku.pk}:1")
    number, order = Payment.objects.get().number, Order.objects.get().number
    other = browser(make_member())
    assert other.get(reverse("storefront:pay", args=[number])).status_code == 404
    assert other.get(reverse("storefront:pay_return", args=[order])).status_code == 404
