"""Places in a page that is kept for many readers: there each of them finds what is theirs (docs/adr/0023).

A template says where something of the reader stands, and what a visitor sees there:

    {% call own_place("cart") %}{{ ui.pill_count(cart_count) }}{% endcall %}

On a page that is drawn for one reader this is as if nothing had been written around it. A page that is drawn to be kept is drawn for a
visitor, with marks around its places; `filled` puts in what a member has there, and the visitor's own words elsewhere.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.template import engines
from markupsafe import Markup

Fills = Mapping[str, str]
"""What a reader has in the places of a page, by the name of the place; where nothing is said, they see what a visitor sees."""

FORM_TOKEN = "form token"
"""The place of the token that each browser's forms carry; Django draws it, so it needs no mark of ours."""

_SECRET = secrets.token_hex(12)  # nobody can write a mark into a text of theirs
_TOKEN = rb'(?:name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")([A-Za-z0-9]{64})"'
_PLACE = re.compile(rf"<{_SECRET}:([^>]+)>(.*?)</{_SECRET}>".encode() + b"|" + _TOKEN, re.DOTALL)

_marking: ContextVar[bool] = ContextVar("places are marked", default=False)


@contextmanager
def marked() -> Iterator[None]:
    """Pages drawn inside carry the marks of their places."""
    before = _marking.set(True)
    try:
        yield
    finally:
        _marking.reset(before)


def own_place(name: str, key: object = "", *, caller: Callable[[], str]) -> Markup:
    """For templates: something of the reader stands here. key: which one of several, such as the id of the goods.

    A place inside another belongs to it: who fills the outer draws the inner.
    """
    if not _marking.get():
        return Markup(caller())  # nosec B704  # what a template drew is escaped
    outer = _marking.set(False)
    try:
        drawn = caller()
    finally:
        _marking.reset(outer)
    return Markup(f"<{_SECRET}:{named(name, key)}>{drawn}</{_SECRET}>")  # nosec B704


def named(name: str, key: object) -> str:
    """The name of one of several places."""
    return f"{name} {key}" if key != "" else name


def split(page: bytes) -> tuple[bytes, ...]:
    """A page with marks in pieces: text, name of a place, what visitors see there, text, and so on. Raises ValueError for a form in a place."""
    parts, done = [], 0
    for found in _PLACE.finditer(page):
        name, inside, token = found.groups()
        if token is not None:
            parts += [page[done : found.start(3)], FORM_TOKEN.encode(), b""]
            done = found.end(3)
        else:
            if re.search(_TOKEN, inside):
                raise ValueError(f"In the place {name.decode()} there is a form, with the token of somebody else.")
            parts += [page[done : found.start()], name, inside]
            done = found.end()
    return (*parts, page[done:])


def filled(parts: tuple[bytes, ...], fills: Fills) -> bytes:
    """The page of one reader."""
    page, own = [parts[0]], {name.encode(): text.encode() for name, text in fills.items()}
    for at in range(1, len(parts), 3):
        page += [own.get(parts[at], parts[at + 1]), parts[at + 2]]
    return b"".join(page)


def macro(template: str, name: str) -> Callable[..., str]:
    """A macro of a template, to draw a fill by the same lines as the page."""
    return getattr(engines["jinja2"].env.get_template(template).module, name)  # type: ignore[attr-defined,no-any-return]


def component(name: str) -> Callable[..., str]:
    """A macro of ui/components."""
    ui: Any = engines["jinja2"].env.globals["ui"]  # type: ignore[attr-defined]
    return getattr(ui, name)  # type: ignore[no-any-return]
