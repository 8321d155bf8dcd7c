"""Journeys of people who look: listing, product, circle feed, search, and the same as JSON.

A visitor is one who has been here before: their browser carries the shop's cookies, so nothing is written for them.
"""

from __future__ import annotations

from urllib.parse import quote

from bench.journeys.journey import Load, Request
from bench.stage import Stage

MANY = 150
"""Different addresses of a journey: as many as the smallest shop has, so that a large one is not asked for more of them.

What was read holds for a second while nobody writes: were there more addresses, each would be asked more seldom within it.
"""


def _visitor(paths: list[str]) -> list[Request]:
    return [Request(path, headers={**Stage.BROWSER, "Cookie": Stage.VISITOR}) for path in paths]


def _members(stage: Stage, paths: list[tuple[int, str]]) -> list[Request]:
    """paths: with the place of the member among those who are logged in."""
    people = stage.members
    return [
        Request(path, headers={**Stage.BROWSER, "Cookie": people[place % len(people)].cookie}) for place, path in paths
    ]


def listing(stage: Stage) -> list[Request]:
    """Pages of twenty: the first as often as the later ones together, as people do."""
    later = [f"/discover?before={product}" for product in stage.different(stage.sizes.products, MANY // 2, lowest=30)]
    return _visitor([path for one in later for path in ("/discover", one)])


def listing_member(stage: Stage) -> list[Request]:
    return _members(stage, [(place, "/discover") for place in range(len(stage.members))])


def product(stage: Stage) -> list[Request]:
    return _visitor([f"/p/product-{one}" for one in stage.different(stage.sizes.products, MANY)])


def product_member(stage: Stage) -> list[Request]:
    """Members look at goods that somebody whom they know has kept."""
    return _members(stage, [(place, f"/p/{slug}") for place, slug in stage.kept_by_friends()])


def feed(stage: Stage) -> list[Request]:
    """Members read the circle of their neighbourhood."""
    return _members(stage, [(place, f"/c/{one.circle}") for place, one in enumerate(stage.members)])


def search(stage: Stage) -> list[Request]:
    return _visitor([f"/search?q={quote(word)}" for word in stage.words(MANY)])


def _api(path: str, **headers: str) -> Request:
    return Request(f"/api/v1{path}", headers={**Stage.BROWSER, **headers})


def api_listing(stage: Stage) -> list[Request]:
    return [_api(f"/products?category=shelf-{1 + n % 12}") if n % 2 else _api("/products") for n in range(MANY)]


def api_product(stage: Stage) -> list[Request]:
    return [_api(f"/products/product-{one}") for one in stage.different(stage.sizes.products, MANY)]


def api_feed(stage: Stage) -> list[Request]:
    return [_api(f"/circles/{one.circle}/feed", Cookie=one.cookie) for one in stage.members]


def api_search(stage: Stage) -> list[Request]:
    return [_api(f"/products?words={quote(word)}") for word in stage.words(MANY)]


JOURNEYS = [
    Load("listing", "listing of 20, visitor", listing, aim=1290),
    Load("listing-member", "listing of 20, member", listing_member),
    Load("product", "product page, visitor", product, aim=710),
    Load("product-member", "product page with friends' proof, member", product_member),
    Load("feed", "circle feed, member", feed),
    Load("search", "search, visitor", search),
    Load("api-listing", "listing of 20, JSON", api_listing, aim=1290),
    Load("api-product", "product, JSON", api_product, aim=710),
    Load("api-feed", "circle feed, JSON, member", api_feed),
    Load("api-search", "search, JSON", api_search),
]
