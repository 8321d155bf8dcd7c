"""When two readers get the very same page: what their requests must have in common."""

from __future__ import annotations

from collections.abc import Hashable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from quanzi.base.shop.identity import current
from quanzi.kernel import clock

COOKIES = ("theme", settings.LANGUAGE_COOKIE_NAME)
PARAMETERS = (
    "before", "category", "from", "go", "in", "kind", "lang", "only", "order", "page", "price", "proven", "q", "sku",
)  # fmt: skip
"""On which the pages that are kept depend; whatever else a request says is nothing to them. A view that reads another one names it here."""


def look_of(request: HttpRequest, template: str) -> Hashable:
    """Everything but the rows that a page which is kept may depend on. Days are named relative to today, so today is in it."""
    cookies = tuple(request.COOKIES.get(name) for name in COOKIES)
    return (
        template, request.scheme, request.get_host(), here(request), bool(request.headers.get("HX-Request")), cookies,
        get_language(), clock.today(clock.now()), current(), settings.QUANZI_DEMO, settings.QUANZI_SHOP_NAME,
    )  # fmt: skip


def here(request: HttpRequest) -> str:
    """The address with what the page depends on, and nothing that belongs to this visitor alone."""
    said = [(name, request.GET[name]) for name in PARAMETERS if name in request.GET]
    return request.path + ("?" + urlencode(said) if said else "")
