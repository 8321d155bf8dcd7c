"""Pay links, codes at the counter, parcel cards: ways in on paper that end in the ordinary checkout and are counted."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from quanzi.growth.sources.models import Source, SourceKind, Touch
from quanzi.trade.sales.models import Order
from tests.faces.console.desk import client_of, page, staff_client
from tests.factories.goods import make_sku
from tests.factories.people import make_member
from tests.factories.trade import make_point

pytestmark = pytest.mark.django_db

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone)"}


def checkout_of(landed: Any) -> str:
    """Where the one button of the page leads."""
    found = re.search(r'href="(/checkout[^"]+)"', landed.content.decode())
    assert found
    return unescape(found[1])


def test_an_operator_makes_a_pay_link_and_whoever_follows_it_pays_in_the_checkout() -> None:
    sku, staff = make_sku(price_minor=1850, stock_of=5), staff_client("operator")
    point = make_point()
    answer = staff.post(reverse("console:pay_links"), {"sku": sku.pk, "quantity": "2", "key": "a-key-of-mine"})
    source = Source.objects.get(kind=SourceKind.PAY)
    assert answer["Location"] == reverse("console:source", args=[source.pk])
    buyer = client_of(make_member())
    landed = buyer.get(f"/i/{source.token}", follow=True, **BROWSER)
    assert landed.status_code == 200 and "37.00" in landed.content.decode()
    assert Touch.objects.filter(source=source).count() == 1
    checkout = buyer.get(checkout_of(landed)).content.decode()
    typed = dict(re.findall(r'<input type="hidden" name="(key|expected)" value="([^"]+)"', checkout))
    form = typed | {"line": f"{sku.pk}:2", "method": "pickup", "point": str(point.pk), "provider": "offline"}
    assert buyer.post(reverse("storefront:checkout"), form).status_code == 302
    assert Order.objects.get().amount_minor == 3700
    assert "付款码" in page(staff, "pay_links")
    assert "37.00" in page(staff, "poster", source.pk)


def test_a_visitor_sees_what_is_to_be_paid_before_any_login() -> None:
    sku = make_sku(price_minor=1850, stock_of=1)
    drawn = client_of().get(f"/buy/{sku.pk}x1").content.decode()
    assert "18.50" in drawn and "七天无理由退货：支持" in drawn
    assert "只剩 1 件" in client_of().get(f"/buy/{sku.pk}x3").content.decode()


@pytest.mark.parametrize("what", ["0x1", "1x0", "x", "999999999999999999x1", "1x1000000", "a-b", "12"])
def test_a_forged_link_leads_nowhere(what: str) -> None:
    make_sku(stock_of=1)
    status = client_of().get(f"/buy/{what}").status_code
    assert status == 404


def test_a_leader_shows_a_code_for_their_own_point_only() -> None:
    point, sku = make_point(), make_sku(price_minor=1850, stock_of=5)
    leader = client_of(point.leader)
    assert client_of(make_member()).get("/leader/code").status_code == 404
    assert leader.get("/leader/code").status_code == 200
    shown = leader.post("/leader/code", {"sku": sku.pk, "quantity": "2", "point": point.pk})
    assert "37.00" in shown.content.decode()
    source = Source.objects.get(kind=SourceKind.PAY, owner=point.leader)
    assert source.target == f"/buy/{sku.pk}x2?at={point.pk}"
    landed = client_of().get(f"/i/{source.token}", follow=True, **BROWSER)
    assert point.name in landed.content.decode() and f"point={point.pk}" in checkout_of(landed)
    # The same goods again are the same code, so that its visitors stay together.
    leader.post("/leader/code", {"sku": sku.pk, "quantity": "2", "point": point.pk})
    assert Source.objects.filter(kind=SourceKind.PAY).count() == 1
    assert leader.post("/leader/code", {"sku": "999", "quantity": "1"}).status_code == 404
    assert leader.post("/leader/code", {"sku": sku.pk, "quantity": "0"}).status_code == 422


def test_a_parcel_card_is_a_source_of_its_platform_and_its_words_can_be_changed() -> None:
    staff = staff_client("operator")
    staff.post(reverse("console:cards"), {"platform": "taobao", "name": "春季"})
    source = Source.objects.get(kind=SourceKind.PARCEL)
    assert source.name == "淘宝 · 春季"
    sheet = page(staff, "card", source.pk, query="?headline=<b>你好</b>")
    assert sheet.count('<svg role="img"') == 8 and "&lt;b&gt;你好" in sheet
    client_of().get(f"/i/{source.token}", follow=True, **BROWSER)
    assert Touch.objects.filter(source=source).count() == 1
    assert staff.post(reverse("console:cards"), {"platform": "nowhere", "name": "x"}).status_code == 422
