"""Addresses found by their first word, not among all of them in turn: a shop has hundreds, and each request asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TypeGuard

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

Address = URLPattern | URLResolver


class ByWord(URLResolver):
    """Resolves as Django does, in the same order, but tries only what may begin with the word that the path begins with."""

    def resolve(self, path: str) -> ResolverMatch:
        found = self.pattern.match(path)
        if not found:
            raise Resolver404({"path": path})
        branch = self._branches.get(found[0].partition("/")[0], self._others)
        return branch.resolve(path)

    @cached_property
    def _branches(self) -> dict[str, URLResolver]:
        return {word: _like(self, _beginning_with(word, self.url_patterns)) for word in _words(self.url_patterns)}

    @cached_property
    def _others(self) -> URLResolver:
        """For words that no address begins with: those that take any."""
        return _like(self, _beginning_with(None, self.url_patterns))


class Remembering(ByWord):
    """Where a path leads never changes while a process runs, and few paths make up most of a day."""

    def resolve(self, path: str) -> ResolverMatch:
        return self._known(path)

    @cached_property
    def _known(self) -> Callable[[str], ResolverMatch]:
        return lru_cache(maxsize=4096)(super().resolve)


def by_word(addresses: Iterable[Address]) -> list[Address]:
    """The same addresses."""
    return [Remembering(RoutePattern("", is_endpoint=False), list(addresses))]


def _words(addresses: Iterable[Address]) -> set[str]:
    """First words that stand there."""
    found: set[str] = set()
    for one in addresses:
        if _is_transparent(one):
            found |= _words(one.url_patterns)
        elif (word := _first_word(one)) is not None:
            found.add(word)
    return found


def _beginning_with(word: str | None, addresses: Iterable[Address]) -> Iterator[Address]:
    """Those that a path with this first word may mean; None: a word of which none is known."""
    for one in addresses:
        if _is_transparent(one):
            yield _like(one, _beginning_with(word, one.url_patterns))
        elif _first_word(one) not in (None, word):
            continue
        elif isinstance(one, URLResolver):
            yield ByWord(one.pattern, one.urlconf_name, one.default_kwargs, one.app_name, one.namespace)
        else:
            yield one


def _like(one: URLResolver, addresses: Iterable[Address]) -> URLResolver:
    return URLResolver(one.pattern, list(addresses), one.default_kwargs, one.app_name, one.namespace)


def _is_transparent(one: Address) -> TypeGuard[URLResolver]:
    """Whether it takes nothing of the path away."""
    return isinstance(one, URLResolver) and isinstance(one.pattern, RoutePattern) and not str(one.pattern)


def _first_word(one: Address) -> str | None:
    """What a path begins with to be here; None when that is not known beforehand."""
    if not isinstance(one.pattern, RoutePattern):
        return None
    word, more, _ = str(one.pattern).partition("/")
    is_whole = bool(more) or isinstance(one, URLPattern)
    return word if is_whole and "<" not in word else None
