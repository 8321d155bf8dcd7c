"""The wishlist, alerts, goods looked at, and notices on devices, as pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.goods.wishes import queries
from quanzi.goods.wishes.models import Seen, StockAlert, Wish
from quanzi.people.contact.models import Permission
from tests.faces.storefront.browsing import browser, page, send
from tests.factories.goods import make_sku
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db


def test_a_visitor_is_led_to_log_in_and_back_to_the_heart() -> None:
    slug = make_sku(stock_of=1).product.slug
    answer = browser().get(reverse("storefront:wish", args=[slug]))
    assert answer.status_code == 302 and f"next=/wish/{slug}" in answer.url


def test_goods_go_on_the_list_and_off_it() -> None:
    member, sku = make_member(), make_sku(stock_of=1)
    client, slug = browser(member), sku.product.slug
    assert send(client, "wish", slug, act="add").status_code == 302
    assert sku.product.name in page(client, "wishes")
    assert client.get(reverse("storefront:wish_marks")).json() == {"slugs": [slug]}
    answer = client.post(
        reverse("storefront:wish", args=[slug]), {"act": "remove"}, headers={"accept": "application/json"}
    )
    assert answer.json() == {"on": False} and not Wish.objects.exists()
    assert send(client, "wish", slug, act="steal").status_code == 404


def test_sold_out_goods_offer_to_tell_and_others_do_not() -> None:
    client, gone, there = browser(make_member()), make_sku(), make_sku(stock_of=1)
    assert 'value="alert"' in page(client, "wish", gone.product.slug)
    assert 'value="alert"' not in page(client, "wish", there.product.slug)
    send(client, "wish", gone.product.slug, act="alert", sku=gone.pk)
    assert StockAlert.objects.filter(told_at=None).count() == 1
    assert 'value="no_alert"' in page(client, "wish", gone.product.slug)
    assert gone.product.name in page(client, "wishes")
    assert send(client, "wish", there.product.slug, act="alert", sku=there.pk).status_code in (302, 409)
    assert StockAlert.objects.count() == 1


def test_nobody_sees_what_stands_on_a_list() -> None:
    member, sku = make_member(), make_sku(stock_of=1)
    send(browser(member), "wish", sku.product.slug, act="add")
    assert sku.product.name not in page(browser(make_member()), "wishes")


def test_what_is_looked_at_is_kept_only_where_the_person_said() -> None:
    member, sku = make_member(), make_sku(stock_of=1)
    client, slug = browser(member), sku.product.slug
    send(client, "seen_note", slug=slug)
    assert not Seen.objects.exists()
    send(client, "seen", choice="account")
    send(client, "seen_note", slug=slug)
    assert [card.slug for card in queries.seen(member.pk)] == [slug]
    assert sku.product.name in page(client, "seen")
    send(client, "seen", choice="account", clear="1")
    assert not Seen.objects.exists()
    send(client, "seen_note", slug=slug)
    send(client, "seen", choice="")
    assert not Seen.objects.exists() and sku.product.name not in page(client, "seen")


def test_a_visitor_may_keep_it_on_the_device_but_in_no_account() -> None:
    client = browser()
    send(client, "seen", choice="account")
    assert client.cookies["seen"].value == ""
    send(client, "seen", choice="device")
    assert client.cookies["seen"].value == "device"
    slug = make_sku(stock_of=1).product.slug
    assert f"/p/{slug}" in client.get(reverse("storefront:seen_cards"), {"p": [slug, "nothing"]}).content.decode()


def test_switching_a_purpose_on_is_a_consent_of_its_own() -> None:
    member = make_member()
    client = browser(member)
    assert 'name="was"' not in page(client, "devices")
    send(client, "devices", act="allow", on="restock")
    found = Permission.objects.get(member=member)
    assert (found.purpose, found.channel, found.granted) == ("restock", "push", True)
    send(client, "devices", act="allow", was="restock")
    found.refresh_from_db()
    assert not found.granted


def test_a_device_at_an_unknown_service_is_refused_with_words() -> None:
    client = browser(make_member())
    answer = send(client, "devices", act="add", endpoint="http://10.0.0.1/x", p256dh="A", auth="A")
    assert answer.status_code in (302, 422)
    assert send(client, "devices", act="remove", device="1").status_code == 404
