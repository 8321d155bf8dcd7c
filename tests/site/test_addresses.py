"""An address is found by its first word where the plain list of all addresses would find it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from quanzi.site.addresses import by_word
from quanzi.site.urls import ADDRESSES


def _root(addresses: list) -> URLResolver:
    return URLResolver(RegexPattern(r"^/"), addresses)


def _written(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for one in resolver.url_patterns:
        whole = before + str(one.pattern)
        yield from _written(one, whole) if isinstance(one, URLResolver) else [whole]


def _found(resolver: URLResolver, path: str) -> tuple | None:
    try:
        found = resolver.resolve(path)
    except Resolver404:
        return None
    return found.func, found.kwargs, found.namespaces, found.url_name, found.route


def test_each_path_leads_where_the_plain_list_leads() -> None:
    plain, quick = _root(ADDRESSES), _root(by_word(ADDRESSES))
    paths = {re.sub(r"<[^>]+>", word, one) for one in _written(plain) for word in ("7",)}
    paths |= {one + "more" for one in paths} | {one[:-1] for one in paths} | {"/nothing/here", "//", "/"}
    found = {path: _found(plain, path) for path in paths}
    assert sum(one is not None for one in found.values()) > len(paths) / 4
    assert {path: one for path, one in found.items() if one != _found(quick, path)} == {}


def test_a_path_is_held_against_few_addresses() -> None:
    def tried(addresses: list) -> int:
        return len(_root(addresses).resolve("/discover").tried or [])

    assert tried(by_word(ADDRESSES)) < tried(ADDRESSES) / 4
