"""Structured data (schema.org) of public pages, as plain dicts. Only what the page itself says; stars only from kept order lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from markupsafe import Markup

from quanzi.base.shop.identity import current, shop_name
from quanzi.faces.storefront.shopping.drawing import either
from quanzi.faces.storefront.shopping.product_page import Variant, View
from quanzi.goods.catalogue.models import NEEDS_WORD, ReturnRule
from quanzi.goods.pricing.services import PricedLine
from quanzi.kernel.clock import local, today
from quanzi.kernel.money import Money

Thing = dict[str, Any]
CONTEXT = "https://schema.org"
COUNTRY = "CN"
REVIEWS = 6


def script(things: Sequence[Thing]) -> Markup:
    """A data block for the page's head. It is no script to a browser, so the content policy needs no exception.

    Every character that could end the block or begin markup is written as an escape.
    """
    text = json.dumps({"@context": CONTEXT, "@graph": list(things)}, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # nosec B704  # see above


def organization(request: HttpRequest) -> Thing:
    """The shop, with the ways to reach it that it has told."""
    shop = current()
    told: Thing = {
        "@type": "Organization", "@id": request.build_absolute_uri("/#shop"), "name": shop_name(), "url": request.build_absolute_uri("/"),
    }  # fmt: skip
    if shop.logo:
        told["logo"] = request.build_absolute_uri(shop.logo)
    if shop.phone or shop.email:
        contact = {
            "@type": "ContactPoint",
            "contactType": "customer service",
            "telephone": shop.phone,
            "email": shop.email,
        }
        told["contactPoint"] = {name: value for name, value in contact.items() if value}
    return told


def breadcrumbs(request: HttpRequest, steps: Sequence[tuple[str, str]]) -> Thing:
    """steps: (name, path) from the shop's front to this page."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": request.build_absolute_uri(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def product(request: HttpRequest, view: View, *, is_public: bool) -> Thing:
    """Goods with the offer of each variant, and what people who kept them said. Several variants make a group of products.

    is_public: the view is a visitor's, so that its experiences are those that everybody may read; else they are left out.
    """
    goods, here = view.product, request.build_absolute_uri(reverse("storefront:product", args=[view.product.slug]))
    told: Thing = {
        "@type": "Product", "@id": f"{here}#goods", "name": goods.name, "url": here,
        "description": goods.summary or goods.story[:300] or goods.name,
        "image": [request.build_absolute_uri(picture.url(1280)) for picture in goods.pictures],
    }  # fmt: skip
    if goods.maker:
        told["brand"] = {"@type": "Brand", "name": goods.maker.name}
    if goods.category_name:
        told["category"] = either(goods.category_name, goods.category_name_en)
    if goods.origin:
        told["additionalProperty"] = {"@type": "PropertyValue", "name": gettext("Origin"), "value": goods.origin}
    if len(view.variants) > 1:
        told |= {"@type": "ProductGroup", "productGroupID": goods.slug}
        told["hasVariant"] = [_variant(request, view, one, told["image"]) for one in view.variants]
    else:
        told |= {name: value for one in view.variants for name, value in _sold(request, view, one).items()}
    if view.stars.average is not None:
        told["aggregateRating"] = {
            "@type": "AggregateRating", "ratingValue": str(view.stars.average), "bestRating": 5, "worstRating": 1,
            "ratingCount": view.stars.rated, "reviewCount": view.stars.experiences,
        }  # fmt: skip
    if is_public and view.told.rows:
        told["review"] = [
            review(
                request,
                post_id=row.post_id,
                author=row.name,
                title=row.title,
                body=row.body,
                stars=row.stars,
                written_at=row.created_at,
            )
            for row in view.told.rows[:REVIEWS]
        ]
    return told


def _variant(request: HttpRequest, view: View, variant: Variant, images: Sequence[str]) -> Thing:
    return {
        "@type": "Product", "name": variant.sku.title, "image": images[:1], "url": _address(request, view, variant),
        **_sold(request, view, variant),
    }  # fmt: skip


def _sold(request: HttpRequest, view: View, variant: Variant) -> Thing:
    """What a variant is ordered by; nothing of goods that are not on sale."""
    if variant.alone is None:
        return {}
    return {"sku": variant.sku.code, "offers": offer(request, view, variant, variant.alone)}


def _address(request: HttpRequest, view: View, variant: Variant) -> str:
    here = request.build_absolute_uri(reverse("storefront:product", args=[view.product.slug]))
    return f"{here}?sku={variant.sku.id}"


def offer(request: HttpRequest, view: View, variant: Variant, alone: PricedLine) -> Thing:
    """What one unit costs somebody who buys alone, whether it is there, what delivery costs and what may be sent back."""
    goods, currency = view.product, variant.sku.price.currency
    told: Thing = {
        "@type": "Offer", "sku": variant.sku.code, "itemCondition": f"{CONTEXT}/NewCondition",
        "url": _address(request, view, variant),
        "price": _plain(Money(alone.total_minor, currency)), "priceCurrency": currency,
        "availability": _availability(is_there=variant.free > 0),
        "seller": {"@id": request.build_absolute_uri("/#shop")},
        "shippingDetails": {
            "@type": "OfferShippingDetails",
            "shippingRate": {
                "@type": "MonetaryAmount", "value": _plain(Money(_freight(view, alone), currency)), "currency": currency,
            },
            "shippingDestination": {"@type": "DefinedRegion", "addressCountry": COUNTRY},
        },
    }  # fmt: skip
    if goods.return_rule == ReturnRule.SEVEN_DAYS:
        told["hasMerchantReturnPolicy"] = {
            "@type": "MerchantReturnPolicy", "applicableCountry": COUNTRY, "merchantReturnDays": goods.return_days,
            "returnPolicyCategory": f"{CONTEXT}/MerchantReturnFiniteReturnWindow",
            "returnMethod": f"{CONTEXT}/ReturnByMail",
        }  # fmt: skip
    elif goods.return_rule not in NEEDS_WORD:  # those hang on the buyer's word, for which the vocabulary has none
        told["hasMerchantReturnPolicy"] = {
            "@type": "MerchantReturnPolicy", "applicableCountry": COUNTRY,
            "returnPolicyCategory": f"{CONTEXT}/MerchantReturnNotPermitted",
        }  # fmt: skip
    return told


def _freight(view: View, alone: PricedLine) -> int:
    """Minor units for sending one unit: nothing where that alone is worth enough."""
    return 0 if alone.total_minor >= view.freight.free_from_minor else view.freight.delivery_minor


def event(
    request: HttpRequest, path: str, *, name: str, starts_at: datetime, ends_at: datetime, offer: Thing | None = None
) -> Thing:
    """Something that is sold in a time of its own: a brand day, a launch. offer: what it asks for."""
    here, shop = request.build_absolute_uri(path), {"@id": request.build_absolute_uri("/#shop")}
    told: Thing = {
        "@type": "SaleEvent", "@id": f"{here}#event", "url": here, "name": name, "organizer": shop,
        "startDate": local(starts_at).isoformat(), "endDate": local(ends_at).isoformat(),
        "eventStatus": f"{CONTEXT}/EventScheduled", "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": here},
    }  # fmt: skip
    if offer is not None:
        told["offers"] = {
            "@type": "Offer",
            "url": here,
            "seller": shop,
            "validFrom": told["startDate"],
            "validThrough": told["endDate"],
            **offer,
        }
    return told


def asked_price(price: Money, *, is_free: bool) -> Thing:
    """The part of an offer that says what it costs and whether there is some."""
    availability = f"{CONTEXT}/{'LimitedAvailability' if is_free else 'SoldOut'}"
    return {"price": _plain(price), "priceCurrency": price.currency, "availability": availability}


def sale(request: HttpRequest, view: View) -> Thing | None:
    """The time in which teams of a group deal may be opened, as an event; None where there is no end or no deal."""
    goods, deal = view.product, view.offer
    if deal is None or deal.ends_at is None or view.sku is None:
        return None
    here = request.build_absolute_uri(reverse("storefront:product", args=[goods.slug]))
    shop = {"@id": request.build_absolute_uri("/#shop")}
    return {
        "@type": "SaleEvent", "@id": f"{here}#deal-{deal.id}", "url": here, "organizer": shop,
        "name": gettext("%(goods)s, %(n)d together") % {"goods": goods.name, "n": deal.team_size},
        "startDate": local(deal.starts_at).isoformat(), "endDate": local(deal.ends_at).isoformat(),
        "eventStatus": f"{CONTEXT}/EventScheduled", "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": here},
        "offers": {
            "@type": "Offer", "url": here, "price": _plain(deal.price), "priceCurrency": deal.price.currency,
            "availability": _availability(is_there=view.can_be_bought), "validThrough": local(deal.ends_at).isoformat(), "seller": shop,
        },
    }  # fmt: skip


def review(
    request: HttpRequest, *, post_id: int, author: str, title: str, body: str, stars: int | None, written_at: datetime,
    about: tuple[str, str] | None = None,
) -> Thing:  # fmt: skip
    """One experience; each is tied to a kept order line, or it would not exist. about: slug and name of the goods, where it stands alone."""
    told: Thing = {
        "@type": "Review", "author": {"@type": "Person", "name": author}, "name": title,
        "datePublished": today(written_at).isoformat(),
        "url": request.build_absolute_uri(reverse("storefront:post", args=[post_id])),
    }  # fmt: skip
    if body:
        told["reviewBody"] = body
    if stars:
        told["reviewRating"] = {"@type": "Rating", "ratingValue": stars, "bestRating": 5, "worstRating": 1}
    if about is not None:
        slug, name = about
        goods = request.build_absolute_uri(reverse("storefront:product", args=[slug]))
        told["itemReviewed"] = {"@type": "Product", "@id": f"{goods}#goods", "name": name, "url": goods}
    return told


def _availability(*, is_there: bool) -> str:
    return f"{CONTEXT}/{'InStock' if is_there else 'OutOfStock'}"


def _plain(amount: Money) -> str:
    return str(amount.decimal)
