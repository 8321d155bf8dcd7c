"""QR codes of this shop's own addresses, as pictures of their own."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from quanzi.growth.sources.queries import qr_svg
from quanzi.kernel.errors import NotFound

PAGES = {
    "source": "sources:arrive",
    "circle": "storefront:join_link",
    "team": "storefront:team",
    "station": "storefront:station",
    "store": "storefront:store",
}
TOKEN = re.compile(r"[A-Za-z0-9_-]{4,40}")


@require_safe
def qr_code(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """An SVG that leads to the page. Only addresses of this shop are drawn, whatever the token says."""
    if kind not in PAGES or not TOKEN.fullmatch(token):
        raise NotFound
    svg = qr_svg(request.build_absolute_uri(reverse(PAGES[kind], args=[token])))
    response = HttpResponse(svg, content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
