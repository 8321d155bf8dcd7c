"""The addresses of the API as a tree, so that each is found by its words and not among all of them in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, include, path


def by_first_word(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The same addresses, of which those with the same first word share a branch; among each other they keep their order."""
    whole: list[URLPattern | URLResolver] = []
    branches: defaultdict[str, list[URLPattern | URLResolver]] = defaultdict(list)
    for one in patterns:
        word, more, rest = str(one.pattern).partition("/")
        if isinstance(one, URLPattern) and more and "<" not in word:
            branches[word].append(path(rest, one.callback, one.default_args, one.name))
        else:
            whole.append(one)
    return [*(path(f"{word}/", include(by_first_word(rest))) for word, rest in branches.items()), *whole]
