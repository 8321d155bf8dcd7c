"""When two visitors get the very same page: what their requests must have in common, and what differs after all."""

from __future__ import annotations

import re
from collections.abc import Hashable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from quanzi.base.shop.identity import current
from quanzi.kernel import clock

NEUTRAL = {"qz_v", settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME}
"""Cookies on which no page depends. Any other, such as the theme, makes another page."""

TOKEN = re.compile(rb'(?:name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")([A-Za-z0-9]{64})"')


def look_of(request: HttpRequest, template: str) -> Hashable:
    """Everything but the rows that a visitor's page may depend on. Days are named relative to today, so today is in it."""
    cookies = tuple(sorted((name, value) for name, value in request.COOKIES.items() if name not in NEUTRAL))
    return (
        template, request.scheme, request.get_host(), request.get_full_path(), bool(request.headers.get("HX-Request")), cookies,
        get_language(), clock.today(clock.now()), current(), settings.QUANZI_DEMO, settings.QUANZI_SHOP_NAME,
    )  # fmt: skip


def split_tokens(response: HttpResponse) -> tuple[bytes, ...]:
    """The page in pieces, between which each visitor's own form token stands."""
    page, parts, done = response.content, [], 0
    for found in TOKEN.finditer(page):
        parts.append(page[done : found.start(1)])
        done = found.end(1)
    return (*parts, page[done:])
