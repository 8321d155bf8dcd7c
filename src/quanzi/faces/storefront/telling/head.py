"""What stands in the head of a public page for search engines, messengers and agents: address, languages, preview, data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from markupsafe import Markup

from quanzi.base.shop.identity import current, shop_name
from quanzi.faces.storefront.shopping.drawing import either
from quanzi.faces.storefront.shopping.product_page import View
from quanzi.faces.storefront.telling import structured

LANGUAGES = (("zh-Hans", "zh-hans"), ("en", "en"))


@dataclass(frozen=True)
class Head:
    """canonical: the one address of the page; others: (hreflang, address); image: the share card; data: a block of structured data;
    feed: address of a feed, or empty; kind: the Open Graph type."""

    canonical: str
    others: tuple[tuple[str, str], ...]
    image: str
    data: Markup
    feed: str = ""
    kind: str = "website"


def head_of(
    request: HttpRequest,
    path: str,
    *,
    card: str,
    mark: object,
    things: Sequence[structured.Thing],
    feed: str = "",
    kind: str = "website",
) -> Head:
    """path: of the page without choices; card: path of its share card; mark: what the card shows, so that a change is another address."""
    bare = request.build_absolute_uri(path)
    asked = request.GET.get("lang", "")
    in_languages = {code: f"{bare}?{urlencode({'lang': code})}" for _, code in LANGUAGES}
    version = hashlib.sha256(repr((mark, current().version)).encode()).hexdigest()[:10]
    language = "en" if getattr(request, "LANGUAGE_CODE", "").startswith("en") else "zh-hans"
    return Head(
        canonical=in_languages.get(asked, bare),
        others=(*((name, in_languages[code]) for name, code in LANGUAGES), ("x-default", bare)),
        image=request.build_absolute_uri(f"{card}?{urlencode({'lang': language, 'v': version})}"),
        data=structured.script(things),
        feed=request.build_absolute_uri(feed) if feed else "",
        kind=kind,
    )


def head_of_product(request: HttpRequest, view: View, *, is_public: bool) -> Head:
    """is_public: the view is a visitor's."""
    goods = view.product
    here = reverse("storefront:product", args=[goods.slug])
    steps = [(shop_name(), "/")]
    if goods.category_slug:
        steps.append(
            (
                either(goods.category_name, goods.category_name_en),
                f"{reverse('storefront:discover')}?category={goods.category_slug}",
            )
        )
    things = [
        structured.product(request, view, is_public=is_public),
        *([event] if (event := structured.sale(request, view)) else []),
        structured.breadcrumbs(request, [*steps, (goods.name, here)]),
        structured.organization(request),
    ]
    price = view.prices.alone.total_minor if view.prices else None
    shown = (
        goods.name,
        goods.summary,
        price,
        [picture.sha256 for picture in goods.pictures[:1]],
        view.proof.kept,
        view.proof.returned,
    )
    card = reverse("storefront:card", args=["p", goods.slug])
    return head_of(request, here, card=card, mark=shown, things=things, kind="product")


def head_of_shop(request: HttpRequest, path: str, *, name: str = "", feed: str = "") -> Head:
    """A page of the shop as a whole. name: of a shelf, below the front."""
    steps = [(shop_name(), "/"), *([(name, path)] if name else [])]
    things = [structured.organization(request), structured.breadcrumbs(request, steps)]
    return head_of(
        request, path, card=reverse("storefront:card", args=["shop", "front"]), mark=name, things=things, feed=feed
    )


def head_of_page(
    request: HttpRequest,
    path: str,
    *,
    name: str,
    card: str,
    mark: object,
    feed: str = "",
    kind: str = "website",
    things: Sequence[structured.Thing] = (),
) -> Head:
    """A page of its own below the front: a note, a circle, a maker. mark: as in `head_of`; things: that it tells of."""
    told = [*things, *_below(request, path, name)]
    return head_of(request, path, card=card, mark=mark, things=told, feed=feed, kind=kind)


def head_about_goods(
    request: HttpRequest, path: str, *, name: str, slug: str, event: structured.Thing | None = None
) -> Head:
    """A page about goods that is handed on by its own address: a team, a preorder, a launch, a day.

    slug: of goods whose card it shows, empty for the shop's.
    """
    card = reverse("storefront:card", args=["p", slug] if slug else ["shop", "front"])
    things = [*([event] if event else []), *_below(request, path, name)]
    return head_of(request, path, card=card, mark=(name, slug), things=things)


def _below(request: HttpRequest, path: str, name: str) -> list[structured.Thing]:
    return [structured.organization(request), structured.breadcrumbs(request, [(shop_name(), "/"), (name, path)])]
