"""What was entered at a checkout stays when another coupon, number or way of delivery is chosen in the middle of it."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import Client

from quanzi.people.accounts.models import Member
from quanzi.trade.sales.models import Order
from tests.factories.goods import make_sku
from tests.factories.rewards import make_taken
from tests.factories.trade import make_buyer, make_point

pytestmark = pytest.mark.django_db


def client_of(member: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def changes(page: str) -> dict[str, str]:
    """What the links of the page would change, by their ids."""
    found = re.findall(r'id="(by-[^"]+)" hx-post="[^"]+" hx-vals="([^"]+)"', page)
    return {key: json.loads(html.unescape(values))["change"] for key, values in found}


def checked(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]+)" checked', page)


def test_point_note_payment_and_consent_stay_whatever_is_changed_and_nothing_is_ordered() -> None:
    me, sku = make_buyer(), make_sku(price_minor=3_000, stock_of=9)
    make_point(name="First")
    point, taken, client = make_point(name="Second"), make_taken(me), client_of(me)
    page = client.get(f"/checkout?line={sku.pk}:2&method=pickup").content.decode()
    offered = changes(page)
    assert offered == {
        "by-store": "method=pickup", "by-truck": "method=delivery", "by-minus": f"line={sku.pk}:1",
        "by-plus": f"line={sku.pk}:3", f"by-coupon-{taken.pk}": f"coupon={taken.pk}",
    }  # fmt: skip
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    form = {
        "line": f"{sku.pk}:2", "method": "pickup", "key": key[1], "expected": "6000", "point": str(point.pk),
        "note": "ring twice", "provider": "offline", "social_proof": "on",
    }  # fmt: skip
    for change, line, coupon in (
        (offered["by-plus"], f"{sku.pk}:3", []),
        (offered[f"by-coupon-{taken.pk}"], f"{sku.pk}:2", [str(taken.pk)]),
        (offered["by-store"], f"{sku.pk}:2", []),
    ):
        answer = client.post("/checkout", {**form, "change": change})
        drawn = answer.content.decode()
        assert answer.status_code == 200
        assert (checked(drawn, "point"), checked(drawn, "provider")) == ([str(point.pk)], ["offline"])
        assert 'value="ring twice"' in drawn
        assert re.search(r'name="social_proof"[^>]* checked', drawn)
        assert f'name="line" value="{line}"' in drawn
        assert re.findall(r'name="coupon" value="([^"]+)"', drawn) == coupon
        assert f'name="key" value="{key[1]}"' in drawn
        assert f"line={sku.pk}%3A{line[-1]}" in answer.headers["HX-Replace-Url"], (
            "and reading the page again asks for the same"
        )
    assert not Order.objects.exists()


def test_the_other_way_of_delivery_keeps_the_note_and_comes_back_to_the_point() -> None:
    me, sku = make_buyer(), make_sku(price_minor=3_000, stock_of=9)
    make_point(name="First")
    point, client = make_point(name="Second"), client_of(me)
    form = {
        "line": f"{sku.pk}:1",
        "method": "pickup",
        "point": str(point.pk),
        "note": "ring twice",
        "provider": "offline",
    }
    delivered = client.post("/checkout", {**form, "change": "method=delivery"}).content.decode()
    assert 'name="method" value="delivery"' in delivered
    assert 'value="ring twice"' in delivered
    assert checked(delivered, "provider") == ["offline"]
    again = client.post("/checkout", {**form, "method": "delivery", "change": "method=pickup"}).content.decode()
    assert checked(again, "point") == [str(point.pk)]
    assert re.findall(r'type="hidden" name="point" value="([^"]+)"', delivered) == [str(point.pk)], (
        "which is how it comes back"
    )


def test_a_change_reaches_nothing_but_what_may_be_changed() -> None:
    me, sku = make_buyer(), make_sku(price_minor=3_000, stock_of=9)
    make_point()
    form = {"line": f"{sku.pk}:1", "method": "pickup", "note": "mine", "provider": "offline", "key": "k" * 16}
    drawn = client_of(me).post("/checkout", {**form, "change": "note=theirs&key=other&expected=1"}).content.decode()
    assert 'value="mine"' in drawn
    assert f'name="key" value="{"k" * 16}"' in drawn
    assert 'name="expected" value="3000"' in drawn


def test_what_the_choice_does_not_allow_is_told_on_the_page_drawn_anew() -> None:
    """A script draws answers that went well only: below what the coupon is for, the page comes without it and says why."""
    me, sku = make_buyer(), make_sku(price_minor=3_000, stock_of=9)
    make_point()
    taken, client = make_taken(me, from_minor=5_000), client_of(me)
    form = {"line": f"{sku.pk}:2", "method": "pickup", "coupon": str(taken.pk)}
    answer = client.post("/checkout", {**form, "change": f"line={sku.pk}:1"})
    drawn = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="line" value="{sku.pk}:1"' in drawn and 'name="coupon"' not in drawn
    assert "notice danger" in drawn
