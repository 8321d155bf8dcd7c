"""The language of a page: `?lang=` first, for links that search engines keep; then what the reader chose; then the browser's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

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
