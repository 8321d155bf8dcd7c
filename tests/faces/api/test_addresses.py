"""The tree of addresses finds what the plain list of them would find."""

from __future__ import annotations

import re

from django.urls import URLPattern, URLResolver, path, resolve
from ninja import NinjaAPI

from quanzi.faces.api.addresses import by_first_word
from quanzi.faces.api.routes.all import api


def _flat(patterns: list[URLPattern | URLResolver], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in patterns:
        whole = before + str(one.pattern)
        found += _flat(one.url_patterns, whole) if isinstance(one, URLResolver) else [(whole, one.name or "")]
    return found


def test_no_address_is_lost_or_renamed() -> None:
    plain = [(str(one.pattern), one.name or "") for one in NinjaAPI._get_urls(api) if isinstance(one, URLPattern)]
    assert sorted(_flat(api._get_urls())) == sorted(plain)


def test_no_address_hides_another() -> None:
    routes = [route for route, _ in _flat(api._get_urls())]
    found = {route: resolve("/api/v1/" + re.sub(r"<[^>]*>", "1", route)).route for route in routes}
    assert {route: other for route, other in found.items() if other != "api/v1/" + route} == {}


def test_an_address_is_found_after_few_others() -> None:
    tried = {each: len(resolve(f"/api/v1/{each}").tried or []) for each in ("teams/1/join", "orders/2/payments")}
    assert max(tried.values()) < len(_flat(api._get_urls())) / 4


def test_addresses_keep_their_order_among_those_that_begin_alike() -> None:
    names = ["own", "any", "deep", "all"]
    routes = ["orders/mine", "orders/<number>", "orders/<number>/lines", "<word>"]
    made = [path(route, lambda request: None, name=name) for route, name in zip(routes, names, strict=True)]  # type: ignore[arg-type,return-value]
    assert [name for _, name in _flat(by_first_word(list(made)))] == names
