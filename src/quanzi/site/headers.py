"""What every answer says to browsers and caches besides its content policy."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from quanzi.faces.ui.device import HEADER, permissions

PERMISSIONS = permissions()
"""What the pages of the shop ask of a device: nothing; the few that do say so themselves (faces.ui.device)."""

DEPENDS_ON = ("Cookie", "Accept-Language", "HX-Request")


def answer_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: nothing of the shop is embedded elsewhere, and no page is kept by a cache that others share.

    A view that says otherwise (a picture, a share card, a feed) is left as it is.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(HEADER, PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            is_known = settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers.setdefault("Cache-Control", "private, no-store" if is_known else "private, no-cache")
            patch_vary_headers(response, DEPENDS_ON)
        return response

    return answer
