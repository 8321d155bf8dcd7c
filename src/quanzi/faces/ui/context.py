"""What every page knows: the moment, the language, the theme, the shop's name, the ways around it and flash messages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from quanzi.base.shop.identity import current, shop_name
from quanzi.base.shop.queries import published_kinds
from quanzi.kernel import clock

from . import navigation

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the Jinja2 backend. Nothing here reads the database unless a page asks for it."""
    theme = request.COOKIES.get("theme", "")
    language = translation.get_language() or "zh-hans"
    return {
        "now": clock.now(),
        "lang": language,
        "html_lang": "zh-Hans" if language.startswith("zh") else "en",
        "theme": theme if theme in THEMES else "",
        "shop_name": shop_name(),
        "shop": current(),
        "is_demo": bool(getattr(settings, "QUANZI_DEMO", False)),
        "shop_texts": SimpleLazyObject(published_kinds),
        "shop_ways": navigation.shop(),
        "rail": SimpleLazyObject(lambda: navigation.console(getattr(request, "user", None))),
        # One token for all forms of a page; Django would make one for each.
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "messages": SimpleLazyObject(lambda: list(get_messages(request))),
    }
