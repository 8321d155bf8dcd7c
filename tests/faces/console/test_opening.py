"""Opening a shop: the one-time link, a tour that may be left and come back to, and a checklist that only facts tick."""

from __future__ import annotations

import io
from dataclasses import fields
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from quanzi.base.shop.models import RuleText, Shop
from quanzi.base.shop.services import issue_key, publish_text, update_shop
from quanzi.community.circles.models import Circle
from quanzi.faces.console.reading.opening import Opening, opening
from quanzi.goods.catalogue.models import Product
from quanzi.goods.catalogue.services import add_picture
from quanzi.goods.pricing.freight import tariff
from quanzi.goods.stock.queries import free
from quanzi.growth.sources.models import Touch
from quanzi.kernel import clock
from quanzi.people.accounts.models import Member
from quanzi.trade.payments import providers
from quanzi.trade.payments.errors import NoSuchProvider
from quanzi.trade.sales.models import PickupPoint
from tests.faces.console.desk import client_of, page, staff_client
from tests.factories.goods import make_picture, make_sku


def picture_bytes(colour: str = "#20504f") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 400), colour).save(out, "PNG")
    return out.getvalue()


OWNER = {"name": "阿青", "email": "qing@example.org", "password": "a-quiet-harbour-2026"}


@pytest.mark.django_db
def test_the_link_makes_one_owner_and_then_leads_nowhere() -> None:
    link = reverse("storefront:opening", args=[issue_key(now=clock.now())])
    assert Client().get(link).status_code == 200
    weak = Client().post(link, OWNER | {"password": "short"})
    assert weak.status_code == 422 and not Member.objects.exists()
    answer = Client().post(link, OWNER)
    assert answer.status_code == 302 and answer["Location"] == "/console/setup"
    owner = Member.objects.get()
    assert (owner.staff_role, owner.is_staff) == ("owner", True)
    assert Client().get(link).status_code == 404
    assert Client().post(link, OWNER | {"email": "other@example.org"}).status_code == 404
    assert Member.objects.count() == 1


@pytest.mark.django_db
def test_who_merely_comes_first_finds_no_way_in_and_leaves_no_trace_of_the_link() -> None:
    for guess in ("", "x", "0" * 32):
        assert Client().get(f"/open/{guess}").status_code == 404
    link = reverse("storefront:opening", args=[issue_key(now=clock.now())])
    Client(headers={"user-agent": "Mozilla/5.0"}).get(link)
    assert not Touch.objects.filter(path__startswith="/open").exists()


@pytest.mark.django_db
def test_a_shop_with_an_owner_is_not_opened_again() -> None:
    staff_client("owner")
    link = reverse("storefront:opening", args=[issue_key(now=clock.now())])
    assert Client().get(link).status_code == 404
    assert Client().post(link, OWNER).status_code == 404


def send(client: Client, key: str, **values: Any) -> Any:
    return client.post(reverse("console:setup_step", args=[key]), values)


@pytest.mark.django_db(transaction=True)
def test_the_tour_makes_a_shop_that_can_sell() -> None:
    client = staff_client("owner")
    logo = SimpleUploadedFile("logo.png", picture_bytes(), "image/png")
    assert send(client, "shop", name="青石小铺", phone="13800138000", language="en")["Location"].endswith("/look")
    send(client, "look", accent="indigo", logo=logo)
    send(client, "circle", circle_name="青石巷邻居", admission="open")
    cake = SimpleUploadedFile("cake.png", picture_bytes("#aa5500"), "image/png")
    send(client, "product", product_name="米糕", price="18.5", stock="20", return_rule="fresh", picture=cake)
    send(
        client,
        "delivery",
        point_name="巷口",
        address="青石巷 1 号",
        open_hours="九点到八点",
        freight="5",
        free_from="60",
    )
    send(client, "payment", takes_simulated="on")
    state = opening()
    assert (state.shop, state.look, state.circle, state.product, state.delivery) == (True,) * 5
    assert (state.invite, state.order, state.merchant, state.rules) == (False,) * 4
    product = Product.objects.get()
    assert (product.state, product.return_rule) == ("on_sale", "fresh")
    assert free([product.skus.get().pk]) == {product.skus.get().pk: 20}
    assert (tariff().delivery_minor, tariff().free_from_minor) == (500, 6000)
    assert PickupPoint.objects.get().leader.is_leader and Circle.objects.exists()
    drawn = page(client, "today")
    assert "青石小铺" in drawn and 'data-accent="indigo"' in drawn
    # A reader whose browser asks for no language is answered in the shop's.
    assert '<html lang="en"' in Client().get("/about").content.decode()
    assert '<html lang="zh-Hans"' in Client(headers={"accept-language": "zh-CN"}).get("/about").content.decode()


@pytest.mark.django_db
def test_the_tour_makes_nothing_twice_and_asks_for_the_picture_that_lacks() -> None:
    client = staff_client("owner", "en")
    for _ in range(2):
        send(client, "circle", circle_name="青石巷邻居", admission="open")
        send(client, "product", product_name="米糕", price="18.5", stock="20", return_rule="fresh")
    assert (Circle.objects.count(), Product.objects.count()) == (1, 1)
    assert opening().product is False
    drawn = client.get(reverse("console:setup_step", args=["product"])).content.decode()
    assert "It has no picture yet" in drawn and 'name="picture"' in drawn and 'name="product_name"' not in drawn
    send(client, "product", picture=SimpleUploadedFile("cake.png", picture_bytes(), "image/png"))
    assert opening().product is True
    assert Product.objects.count() == 1
    for step, said in (("circle", "is there"), ("product", "is on sale")):
        drawn = client.get(reverse("console:setup_step", args=[step])).content.decode()
        assert said in drawn and 'type="file"' not in drawn


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "values", "field"),
    [
        ("shop", {"name": ""}, "name"),
        ("look", {"accent": "pink"}, "accent"),
        ("circle", {"circle_name": "", "admission": "open"}, "circle_name"),
        ("product", {"product_name": "米糕", "price": "abc", "stock": "1", "return_rule": "fresh"}, "price"),
        ("delivery", {"freight": "5", "free_from": "60", "point_name": "巷口"}, "address"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_nothing_is_half_done(
    key: str, values: dict[str, str], field: str
) -> None:
    answer = send(staff_client("owner"), key, **values)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.content.decode() or field == "accent"
    assert not Product.objects.exists() and not Circle.objects.exists() and not PickupPoint.objects.exists()
    assert not Shop.objects.filter(version__gt=0).exists()


@pytest.mark.django_db
def test_every_step_can_be_opened_alone_and_skipped_and_the_tour_goes_on_where_it_was_left() -> None:
    client = staff_client("owner")
    for key in ("shop", "look", "circle", "product", "delivery", "payment", "invite"):
        drawn = page(client, "setup_step", key)
        assert 'aria-current="step"' in drawn
    assert client.get(reverse("console:setup_step", args=["money"])).status_code == 404
    update_shop(actor="test", now=clock.now(), name="甲", phone="1")
    assert "看起来什么样" in page(client, "setup")


@pytest.mark.django_db(transaction=True)
def test_payment_is_ticked_when_only_real_money_is_taken() -> None:
    client = staff_client("owner")
    assert 'class="tick"' not in page(client, "setup_step", "payment")
    send(client, "payment")
    assert page(client, "setup_step", "payment").count('class="tick"') == 1
    send(client, "payment", takes_simulated="on")
    assert 'class="tick"' not in page(client, "setup_step", "payment")


@pytest.mark.django_db
def test_only_facts_tick_the_list_and_it_goes_when_all_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    client = staff_client("owner")
    assert page(client, "today").count('<li class="">') == 10
    sku = make_sku(stock_of=1)
    assert not opening().product  # no picture yet
    add_picture(product=sku.product, picture=make_picture(), actor="test", now=clock.now())
    assert opening().product
    for kind in ("terms", "privacy", "returns"):
        assert not opening().rules
        publish_text(kind=kind, body="文", actor="test", now=clock.now())
    assert opening().rules
    update_shop(actor="test", now=clock.now(), legal_name="王小丽", registration="registered")
    assert not opening().merchant  # registered, and no code shown
    update_shop(actor="test", now=clock.now(), credit_code="91350100M000100Y43")
    assert opening().merchant
    ready = Opening(*[True] * len(fields(Opening)))
    monkeypatch.setattr("quanzi.faces.console.pages.today.opening", lambda: ready)
    assert "opening-list" in page(client, "today")  # the simulated payment is still offered
    monkeypatch.setattr("quanzi.faces.console.pages.today.takes_real_money", lambda: True)
    assert "opening-list" not in page(client, "today")


@pytest.mark.django_db
def test_switched_off_simulated_payment_is_offered_to_nobody(django_capture_on_commit_callbacks: Any) -> None:
    assert providers.offered_names() == ["paysim", "offline"] and not providers.takes_real_money()
    with django_capture_on_commit_callbacks(execute=True):
        send(staff_client("owner"), "payment")
    assert providers.offered_names() == ["offline"] and providers.takes_real_money()
    with pytest.raises(NoSuchProvider):
        providers.offered("paysim")


@pytest.mark.django_db
def test_the_merchant_and_the_rules_are_public(django_capture_on_commit_callbacks: Any) -> None:
    client, url = staff_client("owner"), reverse("console:shop")
    said = {
        "kind": "merchant",
        "registration": "registered",
        "legal_name": "青石小铺（个体工商户）",
        "credit_code": "91350100m000100y43",
    }
    assert client.post(url, said | {"credit_code": "91350100M000100Y44"}).status_code == 422
    licence = SimpleUploadedFile("licence.png", picture_bytes(), "image/png")
    assert (
        client.post(url, said | {"licence": licence, "taxpayer": "small", "permits": "食品经营许可证 JY1"}).status_code
        == 302
    )
    drawn = client_of().get("/about").content.decode()
    for words in ("青石小铺（个体工商户）", "91350100M000100Y43", "小规模纳税人", "食品经营许可证 JY1", "/media/"):
        assert words in drawn
    text = reverse("console:shop_text", args=["returns"])
    assert "七天无理由退货" in page(client, "shop_text", "returns")  # the draft
    client.post(text, {"body": "第一版文字"})
    client.post(text, {"body": "第二版文字"})
    assert RuleText.objects.count() == 2
    public = client_of().get("/about/returns").content.decode()
    assert "第一版文字" in public and "第二版文字" in public and "起有改动" in public
    early = client.post(text, {"body": "第三版", "effective_on": clock.today(clock.now()).isoformat()})
    assert early.status_code == 422 and "七天" in early.content.decode()
    assert client_of().get("/about/returns?on=2020-01-01").status_code == 200
    assert client_of().get("/about/nothing").status_code == 404


@pytest.mark.django_db
def test_the_fulfilment_role_neither_sees_nor_changes_what_the_shop_says() -> None:
    client = staff_client("fulfilment")
    assert "opening-list" not in page(client, "today")
    assert client.post(reverse("console:shop"), {"kind": "face", "name": "别的店"}).status_code == 403
