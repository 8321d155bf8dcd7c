"""The language of a page: `?lang=` first, for links that search engines keep; then what the reader chose; then the browser's; else the shop's own."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from quanzi.base.shop.identity import current

KNOWN = {code for code, _ in settings.LANGUAGES}


class ReaderLanguageMiddleware(LocaleMiddleware):
    """Django's own, and the address may name a language for this one page; nothing is remembered."""

    def process_request(self, request: HttpRequest) -> None:
        asked = request.GET.get("lang", "")
        if asked in KNOWN:
            translation.activate(asked)
            request.LANGUAGE_CODE = asked
        else:
            super().process_request(request)
            if translation.get_language() == settings.LANGUAGE_CODE and not _is_wanted(request):
                request.LANGUAGE_CODE = current().language
                translation.activate(request.LANGUAGE_CODE)


def _is_wanted(request: HttpRequest) -> bool:
    """Whether the reader chose, or the browser named, the language that is the last resort of the library."""
    named = request.headers.get("Accept-Language", "").lower()
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES or settings.LANGUAGE_CODE[:2] in named
