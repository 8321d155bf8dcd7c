"""Discover, product, maker, search, evidence: what visitors and members see, and how many queries it takes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from quanzi.goods.catalogue.models import Product, ProductPicture, Sku
from quanzi.goods.catalogue.services import publish
from quanzi.kernel import clock
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import decide
from quanzi.trade.experiences.services import write_experience
from quanzi.trade.sales.models import OrderLine
from quanzi.trade.sales.services import say_kept
from tests.faces.storefront.browsing import browser, page
from tests.faces.storefront.shopping.buying import queries_of
from tests.factories.community import make_circle
from tests.factories.deals import make_deal
from tests.factories.goods import bring_in, make_lot, make_maker, make_picture, make_product, make_sku
from tests.factories.people import befriend, make_member
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db


def kept_line(member, sku) -> OrderLine:  # type: ignore[no-untyped-def]
    order = make_received_order(member=member, sku=sku)
    line = order.lines.get()
    say_kept(line_id=line.pk, member=member, now=clock.now())
    line.refresh_from_db()
    return line


def test_the_product_page_answers_in_order_for_a_visitor() -> None:
    sku = make_sku(stock_of=5, price_minor=2_680, unit_note="约 5.36 元一斤")
    lot = make_lot(sku=sku)
    bring_in(sku, 5, lot=lot)
    html = page(browser(), "product", sku.product.slug)
    order = (
        sku.product.name, "你认识的人留下过吗", "约 5.36 元一斤", "什么时候，在哪拿", "不好怎么办", lot.code, "体验 0 条",
    )  # fmt: skip
    places = [html.index(text) for text in order]
    assert places == sorted(places)
    assert "留下 0，退 0" in html


def test_both_prices_come_from_one_build_up() -> None:
    sku = make_sku(stock_of=5, price_minor=2_680)
    make_deal(sku=sku, price_minor=2_180, reason_zh="三份同箱，省分装", reason_en="One box of three")
    html = page(browser(), "product", sku.product.slug)
    assert "三份同箱，省分装" in html
    assert "−5.00" in html
    assert "21.80" in html
    english = page(browser(language="en"), "product", sku.product.slug)
    assert "One box of three" in english
    assert "Team of 3" in english


def test_a_friend_who_agreed_is_named_on_the_path_and_one_who_did_not_is_only_counted() -> None:
    me, friend, sku = make_member("我"), make_member("小满"), make_sku(stock_of=9)
    ProductPicture.objects.create(product=sku.product, picture=make_picture())
    befriend(me, friend, label="妹妹")
    kept_line(friend, sku)
    html = page(browser(me), "product", sku.product.slug)
    assert "你认识的 1 人买过，1 人留下" in html
    assert "小满" not in html
    decide(
        member=friend, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=True, where="test", now=clock.now()
    )
    html = page(browser(me), "product", sku.product.slug)
    assert "小满" in html
    assert "妹妹" in html
    assert "小满" not in page(browser(), "product", sku.product.slug)


def test_what_was_told_in_a_closed_circle_is_counted_but_not_shown() -> None:
    author, sku = make_member(), make_sku(stock_of=9)
    circle = make_circle(founder=author, admission="invitation")
    line = kept_line(author, sku)
    write_experience(
        member=author,
        line_id=line.pk,
        title="只给自己人看",
        body="",
        stars=5,
        pictures=[],
        circle=circle,
        now=clock.now(),
    )
    html = page(browser(make_member()), "product", sku.product.slug)
    assert "只给自己人看" not in html
    assert "体验 1 条" in html
    assert "只给自己人看" in page(browser(author), "product", sku.product.slug)


def test_a_draft_does_not_exist_and_a_paused_product_cannot_be_bought() -> None:
    draft = make_product()
    assert browser().get(reverse("storefront:product", args=[draft.slug])).status_code == 404
    sku = make_sku(stock_of=3)
    sku.product.state = "paused"
    sku.product.save()
    html = page(browser(), "product", sku.product.slug)
    assert "现在不卖" in html
    assert "/checkout" not in html


def test_sold_out_goods_keep_their_page_and_lose_their_button() -> None:
    sku = make_sku(stock_of=0)
    html = page(browser(), "product", sku.product.slug)
    assert "卖完了" in html
    assert "/checkout?line" not in html.split('class="sticky"')[1]


def test_the_evidence_has_rows_and_no_names() -> None:
    buyer, sku = make_member("周禾"), make_sku(stock_of=9)
    kept_line(buyer, sku)
    html = page(browser(), "evidence", sku.product.slug)
    assert "留下 1，退 0" in html
    assert "周禾" not in html


def test_search_finds_names_literally_and_says_when_there_is_nothing() -> None:
    make_product(name="阳山水蜜桃", on_sale=True)
    assert "阳山水蜜桃" in browser().get(reverse("storefront:search"), {"q": "蜜桃"}).content.decode()
    for odd in ("%", "_", "<script>", "\x00", "龙" * 500):
        response = browser().get(reverse("storefront:search"), {"q": odd})
        assert response.status_code == 200
        assert "<script>龙" not in response.content.decode()
        assert "阳山水蜜桃" not in response.content.decode()


def test_a_maker_shows_story_and_goods() -> None:
    maker = make_maker(name="孙兆平", story="第六年供货")
    product = make_product(name="烟薯", on_sale=True, maker=maker)
    html = page(browser(), "maker", maker.slug)
    assert "第六年供货" in html
    assert product.name in html
    assert browser().get(reverse("storefront:maker", args=["nobody"])).status_code == 404


def test_sharing_leads_only_to_pages_of_this_shop() -> None:
    sku, client = make_sku(), browser(make_member())
    target = reverse("storefront:product", args=[sku.product.slug])
    assert "/i/" in client.get(reverse("storefront:share"), {"to": target}).content.decode()
    for elsewhere in ("https://evil.example/", "//evil.example", "/me", "/account/login/", "", "javascript:alert(1)"):
        assert client.get(reverse("storefront:share"), {"to": elsewhere}).status_code == 404


def test_qr_codes_are_drawn_for_addresses_of_this_shop_only() -> None:
    response = browser().get(reverse("storefront:qr", args=["team", "7K3QX9ABCD"]))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")
    assert browser().get(reverse("storefront:qr", args=["nothing", "7K3QX9ABCD"])).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_empty_shop_has_pages_that_say_what_to_do(language: str) -> None:
    client = browser(language=language)
    for name in ("discover", "deals", "search"):
        page(client, name)
    words = {"zh-hans": "店里还没有上架商品", "en": "The shop has no goods yet"}[language]
    assert words in client.get(reverse("storefront:discover")).content.decode()


def test_discover_needs_the_same_queries_for_one_product_and_for_twenty() -> None:
    me, friend = make_member(), make_member()
    befriend(me, friend)
    decide(
        member=friend, purpose=Purpose.SOCIAL_PROOF, channel=Channel.NONE, granted=True, where="test", now=clock.now()
    )
    kept_line(friend, make_sku(stock_of=5))
    client = browser(me)
    one = queries_of(client, "discover")
    for _ in range(19):
        make_sku(stock_of=2)
    assert queries_of(client, "discover") <= one <= 30


def test_the_product_page_needs_a_fixed_number_of_queries() -> None:
    me, sku = make_member(), make_sku(stock_of=30)
    make_deal(sku=sku, price_minor=2_000)
    client = browser(me)

    def tell() -> None:
        author = make_member()
        befriend(me, author)
        line = kept_line(author, sku)
        write_experience(
            member=author, line_id=line.pk, title="好", body="", stars=4, pictures=[], circle=None, now=clock.now()
        )

    tell()
    tell()
    some = queries_of(client, "product", sku.product.slug)
    for _ in range(4):
        tell()
    assert queries_of(client, "product", sku.product.slug) <= some <= 45


def test_a_variant_that_is_sold_out_is_said_and_another_is_shown_first() -> None:
    product = make_product()
    gone = make_sku(product=product, options={"规格": "5 斤"}, price_minor=3_990)
    there = make_sku(product=product, options={"规格": "10 斤"}, price_minor=6_990, stock_of=2, position=1)
    publish(product=product, actor="test", now=clock.now())
    html = page(browser(), "product", product.slug)
    assert "5 斤，已售罄" in html
    assert f"?line={there.pk}:1" in html and f"?line={gone.pk}:1" not in html
    asked = browser().get(reverse("storefront:product", args=[product.slug]), {"sku": gone.pk}).content.decode()
    assert f"{reverse('storefront:wish', args=[product.slug])}?sku={gone.pk}" in asked
    assert f"?line={gone.pk}:1" not in asked


def test_a_deal_whose_variant_is_gone_does_not_hide_the_others() -> None:
    product = make_product()
    gone = make_sku(product=product, options={"规格": "5 斤"})
    there = make_sku(product=product, options={"规格": "10 斤"}, stock_of=2, position=1)
    publish(product=product, actor="test", now=clock.now())
    deal = make_deal(sku=gone)
    html = page(browser(), "product", product.slug)
    assert f"?line={there.pk}:1" in html and f"?deal={deal.pk}" not in html


def test_five_variants_cost_as_many_queries_as_one() -> None:
    sku, client = make_sku(stock_of=3), browser(make_member())
    one = queries_of(client, "product", sku.product.slug)
    for place in range(1, 5):
        make_sku(product=sku.product, options={"规格": f"{place} 箱"}, stock_of=3, position=place)
    assert queries_of(client, "product", sku.product.slug) <= one


def test_goods_without_a_variant_to_buy_break_no_page() -> None:
    """No service makes such goods; a row changed by hand does."""
    sku = make_sku(stock_of=2)
    maker, category = make_maker(), sku.product.category
    Product.objects.filter(pk=sku.product_id).update(maker=maker)
    Sku.objects.filter(pk=sku.pk).update(is_active=False)
    for client in (browser(), browser(make_member())):
        page(client, "discover")
        page(client, "product", sku.product.slug)
        page(client, "maker", maker.slug)
        assert client.get(reverse("storefront:search"), {"q": sku.product.name}).status_code == 200
        if category is not None:
            assert client.get(reverse("storefront:discover"), {"category": category.slug}).status_code == 200
