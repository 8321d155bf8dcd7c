"""When two visitors get the very same page: what their requests must have in common, and what differs after all."""

from __future__ import annotations

import re
from collections.abc import Hashable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from quanzi.base.shop.identity import current
from quanzi.kernel import clock

COOKIES = ("theme", settings.LANGUAGE_COOKIE_NAME)
PARAMETERS = ("before", "category", "lang", "only", "sku")
"""On which the pages that are kept depend; whatever else a request says is nothing to them. A view that reads another one names it here."""

TOKEN = re.compile(rb'(?:name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")([A-Za-z0-9]{64})"')


def look_of(request: HttpRequest, template: str) -> Hashable:
    """Everything but the rows that a visitor's page may depend on. Days are named relative to today, so today is in it."""
    cookies = tuple(request.COOKIES.get(name) for name in COOKIES)
    return (
        template, request.scheme, request.get_host(), here(request), bool(request.headers.get("HX-Request")), cookies,
        get_language(), clock.today(clock.now()), current(), settings.QUANZI_DEMO, settings.QUANZI_SHOP_NAME,
    )  # fmt: skip


def here(request: HttpRequest) -> str:
    """The address with what the page depends on, and nothing that belongs to this visitor alone."""
    said = [(name, request.GET[name]) for name in PARAMETERS if name in request.GET]
    return request.path + ("?" + urlencode(said) if said else "")


def split_tokens(response: HttpResponse) -> tuple[bytes, ...]:
    """The page in pieces, between which each visitor's own form token stands."""
    page, parts, done = response.content, [], 0
    for found in TOKEN.finditer(page):
        parts.append(page[done : found.start(1)])
        done = found.end(1)
    return (*parts, page[done:])
