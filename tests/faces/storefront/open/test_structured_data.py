"""What programs read of public pages is shaped as schema.org says, and true."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from quanzi.goods.catalogue.models import Category, Product
from quanzi.goods.catalogue.services import publish
from quanzi.kernel import clock
from quanzi.kernel.money import Money
from quanzi.trade.experiences.services import void_experience, write_experience
from quanzi.trade.sales.services import say_kept
from tests.faces.storefront.browsing import browser, page
from tests.factories.deals import make_deal, open_team, pay
from tests.factories.goods import make_maker, make_product, make_sku
from tests.factories.launches import make_day, make_edition, make_launch
from tests.factories.people import make_member
from tests.factories.preorders import make_preorder
from tests.factories.stations import make_station
from tests.factories.trade import make_received_order

pytestmark = pytest.mark.django_db

NEEDED: dict[str, dict[str, type | tuple[type, ...]]] = {
    "Product": {"name": str, "url": str},
    "ProductGroup": {
        "name": str,
        "url": str,
        "image": list,
        "description": str,
        "productGroupID": str,
        "hasVariant": list,
    },
    "Offer": {"price": str, "priceCurrency": str, "availability": str, "url": str, "seller": dict},
    "AggregateRating": {"ratingValue": str, "ratingCount": int, "bestRating": int},
    "Review": {"author": dict, "datePublished": str, "name": str},
    "Rating": {"ratingValue": int, "bestRating": int},
    "BreadcrumbList": {"itemListElement": list},
    "ListItem": {"position": int, "name": str, "item": str},
    "Organization": {"name": str, "url": str},
    "Person": {"name": str},
    "Brand": {"name": str},
    "OfferShippingDetails": {"shippingRate": dict, "shippingDestination": dict},
    "MonetaryAmount": {"value": str, "currency": str},
    "DefinedRegion": {"addressCountry": str},
    "MerchantReturnPolicy": {"applicableCountry": str, "returnPolicyCategory": str},
    "PropertyValue": {"name": str, "value": str},
    "SaleEvent": {
        "name": str,
        "startDate": str,
        "endDate": str,
        "location": dict,
        "organizer": dict,
        "offers": dict,
        "eventStatus": str,
    },
    "VirtualLocation": {"url": str},
    "ContactPoint": {"contactType": str},
}


def things_of(text: str) -> list[dict[str, Any]]:
    """Every thing on the page, inner ones too; fails for a shape that schema.org would not know."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    told = json.loads(block)
    assert told["@context"] == "https://schema.org"
    found: list[dict[str, Any]] = []

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            if "@type" in value:
                found.append(value)
                for name, kind in NEEDED[value["@type"]].items():
                    assert isinstance(value.get(name), kind) and value[name] != "", (value["@type"], name)
            for one in value.values():
                walk(one)

    walk(told["@graph"])
    return found


def only(text: str, kind: str) -> dict[str, Any]:
    (found,) = [thing for thing in things_of(text) if thing["@type"] == kind]
    return found


def product_with(stock_of: int = 3, **fields: Any) -> Product:
    product = make_product(maker=make_maker(), **fields)
    make_sku(product=product, stock_of=stock_of, price_minor=3_990)
    return publish(product=product, actor="test", now=clock.now())


def test_an_offer_says_the_price_and_whether_it_is_there() -> None:
    product = product_with()
    offer = only(page(browser(), "product", product.slug), "Offer")
    assert Decimal(offer["price"]) == Decimal("39.90") and offer["priceCurrency"] == "CNY"
    assert offer["availability"] == "https://schema.org/InStock"
    gone = product_with(stock_of=0)
    assert only(page(browser(), "product", gone.slug), "Offer")["availability"] == "https://schema.org/OutOfStock"


def test_the_offer_says_whether_goods_may_be_sent_back() -> None:
    policy = only(page(browser(), "product", product_with().slug), "MerchantReturnPolicy")
    assert (policy["returnPolicyCategory"].rpartition("/")[2], policy["merchantReturnDays"]) == (
        "MerchantReturnFiniteReturnWindow",
        7,
    )
    policy = only(page(browser(), "product", product_with(return_rule="fresh").slug), "MerchantReturnPolicy")
    assert policy["returnPolicyCategory"].endswith("/MerchantReturnNotPermitted") and "merchantReturnDays" not in policy


def test_every_variant_has_its_own_offer() -> None:
    product = make_product(maker=make_maker())
    for place, (size, price, stock) in enumerate([("5 斤", 3_990, 0), ("10 斤", 6_990, 4)]):
        make_sku(product=product, options={"size": size}, price_minor=price, stock_of=stock, position=place)
    publish(product=product, actor="test", now=clock.now())
    text = page(browser(), "product", product.slug)
    group = only(text, "ProductGroup")
    told = {one["name"]: one["offers"] for one in group["hasVariant"]}
    small, large = told[f"{product.name} · 5 斤"], told[f"{product.name} · 10 斤"]
    assert (small["price"], large["price"]) == ("39.90", "69.90") and "offers" not in group
    assert small["availability"].endswith("/OutOfStock") and large["availability"].endswith("/InStock")
    assert len({one["url"] for one in told.values()}) == 2


def test_a_deal_with_an_end_is_an_event_and_one_without_is_none() -> None:
    deal = make_deal(ends_at=datetime(2027, 1, 1, 16, 30, tzinfo=UTC))
    text = page(browser(), "product", deal.sku.product.slug)
    event = only(text, "SaleEvent")
    assert event["endDate"] == "2027-01-02T00:30:00+08:00"
    assert Decimal(event["offers"]["price"]) == Money(deal.price_minor).decimal
    endless = page(browser(), "product", make_deal(ends_at=None).sku.product.slug)
    assert "SaleEvent" not in {thing["@type"] for thing in things_of(endless)}


def test_goods_that_nobody_rated_have_no_rating_and_no_review() -> None:
    kinds = {thing["@type"] for thing in things_of(page(browser(), "product", product_with().slug))}
    assert kinds >= {"Product", "Offer", "BreadcrumbList", "Organization"}
    assert not kinds & {"AggregateRating", "Review"}


def test_stars_and_words_come_from_kept_lines_only() -> None:
    bought = make_received_order().lines.get()
    line = say_kept(line_id=bought.pk, member=bought.member, now=clock.now())
    write_experience(line_id=line.pk, member=line.member, title="很甜", body="一箱都好", stars=4, now=clock.now())
    text = page(browser(), "product", line.product.slug)
    rating, review = only(text, "AggregateRating"), only(text, "Review")
    assert (rating["ratingValue"], rating["ratingCount"]) == ("4.0", 1)
    assert review["reviewRating"]["ratingValue"] == 4 and review["author"]["name"] == line.member.name


def test_an_experience_is_a_review_on_its_own_page_until_its_goods_go_back() -> None:
    bought = make_received_order().lines.get()
    line = say_kept(line_id=bought.pk, member=bought.member, now=clock.now())
    told = write_experience(
        line_id=line.pk, member=line.member, title="很甜", body="一箱都好", stars=4, now=clock.now()
    )
    review = only(page(browser(), "post", told.post_id), "Review")
    assert review["reviewRating"]["ratingValue"] == 4
    assert review["itemReviewed"]["name"] == line.product.name
    void_experience(line_id=line.pk, now=clock.now())
    assert "Review" not in {thing["@type"] for thing in things_of(page(browser(), "post", told.post_id))}


def test_a_hostile_name_stays_inside_the_block() -> None:
    hostile = "</script><script>alert(1)</script><!--&\u2028"
    product = product_with(name=hostile, summary=hostile)
    text = page(browser(), "product", product.slug)
    assert "<script>alert(1)" not in text
    assert only(text, "Product")["name"].startswith("</script><script>alert(1)")


def test_the_page_has_one_address_two_languages_and_a_preview() -> None:
    product = product_with()
    text = page(browser(), "product", product.slug)
    links = dict(re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', text))
    assert set(links) == {"zh-Hans", "en", "x-default"}
    assert f'<link rel="canonical" href="{links["x-default"]}">' in text
    english = browser(language="zh-CN").get(links["en"])
    assert 'lang="en"' in english.content.decode() and english.headers["Content-Language"] == "en"
    assert f'<link rel="canonical" href="{links["en"]}">' in english.content.decode()
    assert 'lang="zh-Hans"' in browser(language="en").get(links["zh-Hans"]).content.decode()
    (image,) = re.findall(r'<meta property="og:image" content="([^"]+)">', text)
    answer = browser().get(html.unescape(image))
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/png"


def test_a_member_is_told_no_reviews_of_closed_circles_by_the_data() -> None:
    assert "Review" not in {
        thing["@type"] for thing in things_of(page(browser(make_member()), "product", product_with().slug))
    }


def test_delivery_costs_nothing_where_one_unit_alone_is_sent_free() -> None:
    cheap, dear = product_with(), make_product(maker=make_maker())
    make_sku(product=dear, stock_of=3, price_minor=68_000)
    publish(product=dear, actor="test", now=clock.now())
    fees = [
        only(page(browser(), "product", one.slug), "OfferShippingDetails")["shippingRate"]["value"]
        for one in (cheap, dear)
    ]
    assert [Decimal(fee) for fee in fees] == [Decimal("4.00"), Decimal("0.00")]


def test_an_english_page_names_the_shelf_in_english() -> None:
    shelf = Category.objects.create(slug="greens", name="蔬菜", name_en="Greens", position=1)
    product = product_with(category=shelf)
    text = page(browser(language="en"), "product", product.slug)
    assert only(text, "Product")["category"] == "Greens"
    assert "蔬菜" not in json.dumps(only(text, "BreadcrumbList"), ensure_ascii=False)


def _maker() -> str:
    return reverse("storefront:maker", args=[make_maker(name="孙师傅").slug])


def _team() -> str:
    team, order = open_team(make_deal(), make_member())
    pay(order)
    return reverse("storefront:team", args=[team.code])


def _preorder() -> str:
    return reverse("storefront:preorder", args=[make_preorder().pk])


def _station() -> str:
    return reverse("storefront:station", args=[make_station().code])


def _edition() -> str:
    return reverse("storefront:edition", args=[make_edition().code])


def _day() -> str:
    return reverse("storefront:day", args=[make_day().slug])


def _launch() -> str:
    return reverse("storefront:launch", args=[make_launch().code])


@pytest.mark.parametrize("made", [_maker, _team, _preorder, _station, _edition, _day, _launch])
def test_what_is_handed_on_by_its_address_has_one_address_two_languages_a_name_and_a_picture(
    made: Callable[[], str],
) -> None:
    path = made()
    text = browser().get(path).content.decode()
    assert f'<link rel="canonical" href="http://testserver{path}">' in text
    assert set(re.findall(r'hreflang="([^"]+)"', text)) >= {"zh-Hans", "en", "x-default"}
    assert re.search(r'<meta property="og:title" content="[^"]+">', text)
    (image,) = re.findall(r'<meta property="og:image" content="([^"]+)">', text)
    assert browser().get(html.unescape(image)).headers["Content-Type"] == "image/png"
    steps = only(text, "BreadcrumbList")["itemListElement"]
    assert steps[-1]["item"].endswith(path)
    kinds = {thing["@type"] for thing in things_of(text)}
    assert ("SaleEvent" in kinds) == (made in (_day, _launch))


def test_a_launch_says_what_it_costs_and_when_it_is_sold() -> None:
    launch = make_launch()
    event = only(browser().get(reverse("storefront:launch", args=[launch.code])).content.decode(), "SaleEvent")
    offer = event["offers"]
    assert Decimal(offer["price"]) == Money(launch.price_minor).decimal
    assert offer["availability"].endswith("/LimitedAvailability")
    assert (offer["validFrom"], offer["validThrough"]) == (event["startDate"], event["endDate"])
