"""Every arrival carries a source: a token, campaign words, or none (direct)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from quanzi.growth.sources.models import Source
from quanzi.growth.sources.queries import depth_of
from quanzi.growth.sources.rules import is_advertising, is_bot, utm_key
from quanzi.growth.sources.services import direct_source, record_touch
from quanzi.kernel import clock
from quanzi.kernel.ids import new_token

COOKIE = "qz_v"
COOKIE_AGE = 60 * 60 * 24 * 365
KEY_SHAPE = re.compile(r"[A-Za-z0-9_-]{16,40}")
NOT_PAGES = (
    "/static/",
    "/media/",
    "/api/",
    "/pay/",
    "/healthz",
    "/qr/",
    "/console",
    "/backroom",
    "/language",
    "/open/",
    "/offline",
    "/push-key",
    "/seen/cards",
    "/me/wishes/marks",
)
NOT_PAGE_ENDINGS = (".atom", ".ico", ".js", ".png", ".svg", ".txt", ".webmanifest", ".xml")
"""What programs fetch: feeds, maps, pictures, the worker. A reader of a feed is no visitor."""


class SourceMiddleware:
    """Gives each browser a random key and writes a touch when it arrives from outside.

    The key says nothing about the person; it is the shop's own and is read nowhere else. Cost on an ordinary page
    view (known browser, no token in the address): no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_arrival(request):
            return self.get_response(request)
        known = _key_of(request)
        key = known or new_token(18)
        request.visitor_key = key  # type: ignore[attr-defined]  # read by the views that sign people up
        now = clock.now()
        source = _source_of(request, is_first=known is None, now=now)
        if source is not None and source.owner_id is not None and is_advertising(depth_of(source.pk, now)):
            messages.info(
                request,
                gettext(
                    "This link came to you through a chain of shares. It counts as advertising, not as the word of a friend."
                ),
            )
        response = self.get_response(request)
        if source is not None and response.status_code < 400:
            member_id = request.user.pk if request.user.is_authenticated else None
            record_touch(visitor_key=key, source=source, path=request.path, member_id=member_id, now=now)
        if known is None:
            response.set_cookie(
                COOKIE, key, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return response


def visitor_key(request: HttpRequest) -> str | None:
    """The browser's key, also on the very first request."""
    return getattr(request, "visitor_key", None) or _key_of(request)


def _is_arrival(request: HttpRequest) -> bool:
    if request.method != "GET" or request.path.startswith(NOT_PAGES) or request.path.endswith(NOT_PAGE_ENDINGS):
        return False
    if request.headers.get("HX-Request") or request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return False
    return not is_bot(request.headers.get("User-Agent", ""))


def _key_of(request: HttpRequest) -> str | None:
    key = request.COOKIES.get(COOKIE, "")
    return key if KEY_SHAPE.fullmatch(key) else None


def _source_of(request: HttpRequest, *, is_first: bool, now: datetime) -> Source | None:
    """The source that the address names; a forged or retired one counts as none."""
    token = request.GET.get("s", "")
    if token.isascii() and token.isalnum() and len(token) <= 24:
        found = Source.objects.filter(token=token, retired_at=None).first()
        if found is not None:
            return found
    utm = utm_key({field: request.GET.get(field, "") for field in ("utm_source", "utm_medium", "utm_campaign")})
    known_campaign = Source.objects.filter(utm=utm, retired_at=None).first() if utm else None
    if known_campaign is not None:
        return known_campaign
    # Campaign words that nobody wrote down do not become a source, or anybody could flood the list: they count as direct.
    if is_first and not request.path.startswith("/i/"):
        return direct_source(now=now)
    return None
