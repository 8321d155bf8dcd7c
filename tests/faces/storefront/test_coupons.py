"""A member takes a coupon, chooses it at the checkout, and sees what it took off."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quanzi.people.accounts.models import Member
from quanzi.trade.rewards.models import CodeTries, TakenCoupon
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.rewards import make_coupon, make_taken
from tests.factories.trade import make_buyer, make_point

pytestmark = pytest.mark.django_db


def client_of(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def test_a_coupon_is_taken_on_its_page_once() -> None:
    me, coupon = make_buyer(), make_coupon(most=1)
    client = client_of(me)
    assert "5.00 off" in client.get(f"/coupons/{coupon.code}").content.decode()
    for _ in range(2):  # an impatient finger
        assert client.post(f"/coupons/{coupon.code}").status_code == 302
    assert TakenCoupon.objects.get().member == me
    assert "Welcome" in client.get("/me/coupons").content.decode()
    assert "cannot be taken" in client_of(make_buyer()).get(f"/coupons/{coupon.code}").content.decode()
    hidden = make_coupon(way="code")
    assert client.get(f"/coupons/{hidden.code}").status_code == 404
    assert client.post("/me/coupons/code", {"code": "nonsense"}).status_code == 422
    assert client.post("/me/coupons/code", {"code": hidden.code.lower()}).status_code == 302


def test_a_form_sent_twice_takes_one_of_two_and_no_second_try_for_its_code() -> None:
    me, page, spoken = make_buyer(), make_coupon(each=2), make_coupon(way="code", each=2)
    client = client_of(me)
    for read, post, sent in (
        (f"/coupons/{page.code}", f"/coupons/{page.code}", {}),
        ("/me/coupons", "/me/coupons/code", {"code": spoken.code}),
    ):
        key = re.search(r'name="key" value="([^"]+)"', client.get(read).content.decode())
        assert key is not None
        for _ in range(2):
            assert client.post(post, {**sent, "key": key[1]}).status_code == 302
    assert sorted(TakenCoupon.objects.values_list("coupon", "nth")) == [(page.pk, 1), (spoken.pk, 1)]
    assert CodeTries.objects.get().tries == 1
    key = re.search(r'name="key" value="([^"]+)"', client.get(f"/coupons/{page.code}").content.decode())
    assert key is not None
    client.post(f"/coupons/{page.code}", {"key": key[1]})
    assert TakenCoupon.objects.filter(coupon=page).count() == 2, "drawn anew, the form takes the second"


def test_the_checkout_offers_it_and_chooses_none_and_the_order_shows_the_step() -> None:
    me, sku, point = make_buyer(), make_sku(price_minor=3_000, stock_of=9), make_point()
    taken, other = make_taken(me), make_taken(me, from_minor=9_000)
    client, here = client_of(me), f"/checkout?line={sku.pk}:1&method=pickup"
    plain = client.get(here).content.decode()
    assert (
        'name="expected" value="3000"' in plain and f"coupon={taken.pk}" in plain and f"coupon={other.pk}" not in plain
    )
    with_it = client.get(f"{here}&coupon={taken.pk}").content.decode()
    assert 'name="expected" value="2500"' in with_it and f'name="coupon" value="{taken.pk}"' in with_it
    key = re.search(r'name="key" value="([^"]+)"', with_it)
    assert key is not None
    form = {
        "line": f"{sku.pk}:1", "coupon": taken.pk, "method": "pickup", "point": point.pk, "key": key[1], "expected": "2500",
        "provider": "offline",
    }  # fmt: skip
    assert client.post("/checkout", form).status_code == 302
    order = Order.objects.get(member=me)
    assert (order.amount_minor, order.coupon) == (2_500, taken)
    assert "Coupon: Welcome" in client.get(f"/o/{order.number}").content.decode()
    refused = client.get(f"{here}&coupon={taken.pk}").content.decode()
    assert "Choose again" in refused and 'name="expected" value="3000"' in refused


def test_whoever_has_no_coupon_costs_the_checkout_one_statement() -> None:
    me, sku = make_buyer(), make_sku(stock_of=9)
    make_point()
    client = client_of(me)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/checkout?line={sku.pk}:1&method=pickup")
    assert len([query for query in asked if "rewards_" in query["sql"]]) == 1
