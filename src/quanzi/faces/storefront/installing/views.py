"""The manifest, the worker, the icons, and the page that shows without a network. None of them knows who asks."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from quanzi.base.shop.identity import current, shop_name
from quanzi.faces.storefront.installing.icons import icon_of
from quanzi.faces.ui.drawn import PAPER
from quanzi.kernel.errors import NotFound
from quanzi.people.contact.pushing import keys

SIZES = (180, 192, 512)
FAVICON = 48
SHELL = (
    "ui/tokens.css", "ui/accents.css", "ui/base.css", "ui/controls.css", "ui/cards.css", "ui/notices.css", "ui/shop.css",
    "storefront/offline.js", "ui/quanzi.js", "ui/staying.js", "ui/tongues.js", "ui/app.js", "storefront/shopping.css", "storefront/leading.css",
    "storefront/keeping.js", "storefront/leading.js",
)  # fmt: skip
"""What the page without a network is made of, and those of a leader, which a phone keeps for itself."""


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """How the shop is called and looks as an app. https://www.w3.org/TR/appmanifest/"""
    name = shop_name()
    told = {
        "id": "/",
        "name": name,
        "short_name": name[:12],
        "description": gettext("Goods that people you know have kept, and the circles around them."),
        "lang": "zh-Hans" if (get_language() or "zh").startswith("zh") else "en",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": _icon_address(size), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for size in SIZES[1:]
            for purpose in ("any", "maskable")
        ],
        "shortcuts": [
            {"name": gettext("My orders"), "url": reverse("storefront:orders")},
            {"name": gettext("My circles"), "url": reverse("storefront:feed")},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(public=True, max_age=86400)
def icon(request: HttpRequest, size: int) -> HttpResponse:
    if size not in SIZES:
        raise NotFound
    return HttpResponse(icon_of(current(), name=shop_name(), size=size), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """For programs that ask at the root without reading a page, like readers of feeds."""
    return HttpResponse(icon_of(current(), name=shop_name(), size=FAVICON), content_type="image/png")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker's script. A browser asks for it again at each visit, so a new version arrives with the next page."""
    shell = [static(name) for name in SHELL]
    pages = [f"{reverse('storefront:offline')}?lang={language}" for language in ("zh-hans", "en")]
    version = hashlib.sha256(repr([*shell, current(), shop_name()]).encode()).hexdigest()[:12]
    response = render(
        request, "storefront/installing/worker.js", {"version": version, "shell": shell, "pages": pages, "icon": _icon_address(192)},
        content_type="text/javascript",
    )  # fmt: skip
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
@cache_control(private=True, max_age=600)  # it carries a token of the visit
def offline(request: HttpRequest) -> HttpResponse:
    """What to do without a network, and the pickup codes that this device has seen (put there by its script)."""
    return render(
        request, "storefront/installing/offline.html", {"csrf_token": ""}
    )  # kept for everybody: nobody's token


@require_safe
@cache_control(public=True, max_age=86400)
def push_key(request: HttpRequest) -> HttpResponse:
    """The public key that a browser names when it subscribes to notices."""
    return HttpResponse(keys.public_key(), content_type="text/plain")


def _icon_address(size: int) -> str:
    """Another logo or name is another address, so that it may be kept for a day."""
    shop = current()
    mark = hashlib.sha256(f"{shop.logo}{shop.accent}{shop_name()[:1]}".encode()).hexdigest()[:8]
    return f"{reverse('storefront:app_icon', args=[size])}?v={mark}"
