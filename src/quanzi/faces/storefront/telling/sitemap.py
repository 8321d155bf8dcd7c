"""The map of public pages for search engines, and what they are asked to leave alone. https://www.sitemaps.org/protocol.html"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from quanzi.growth.discovery.queries.public import PER_FILE, newest_ids, public_pages
from quanzi.kernel.errors import NotFound

XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
PAGES = {
    "goods": "storefront:product",
    "makers": "storefront:maker",
    "circles": "storefront:circle",
    "posts": "storefront:post",
}

PRIVATE = (
    "/account/", "/api/", "/backroom/", "/cart", "/checkout", "/console/", "/experience/", "/i/", "/j/", "/leader", "/me", "/messages",
    "/o/", "/pay/", "/preferences/", "/seen", "/share", "/t/", "/u/", "/wish/", "/write",
)  # fmt: skip
"""Pages that are a person's own, or that only lead on."""


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"]
    for path in PRIVATE:  # rules are beginnings of addresses, and /me must not shut /media/
        beginnings = [path] if path.endswith("/") else [f"{path}$", f"{path}?", f"{path}/"]
        lines += [f"Disallow: {beginning}" for beginning in beginnings]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('storefront:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=600)
def index(request: HttpRequest) -> HttpResponse:
    """One file for each kind and each window of ids, so that a file changes only where something is new."""
    places = [
        request.build_absolute_uri(reverse("storefront:sitemap_part", args=[kind, part]))
        for kind, newest in newest_ids().items()
        for part in range(1, newest // PER_FILE + 2)
    ]
    return _xml("sitemapindex", (f"<sitemap><loc>{escape(place)}</loc></sitemap>" for place in places))


@require_safe
@cache_control(public=True, max_age=600)
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Public pages of one kind in one window, each with its two languages."""
    if kind not in PAGES or number < 1:
        raise NotFound
    places = [request.build_absolute_uri(reverse(PAGES[kind], args=[key])) for key in public_pages(kind, number)]
    return _xml("urlset", map(_entry, places))


def _entry(place: str) -> str:
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href="{escape(place)}?lang={code}"/>'
        for name, code in (("zh-Hans", "zh-hans"), ("en", "en"))
    )
    return f"<url><loc>{escape(place)}</loc>{others}</url>"


def _xml(root: str, entries: Iterable[str]) -> HttpResponse:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {XMLNS}>{"".join(entries)}</{root}>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
