"""The language of a page: `?lang=` first, for links that search engines keep; then what the reader chose; then the browser's; else the shop's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from quanzi.base.shop.identity import current

KNOWN = {code for code, _ in settings.LANGUAGES}


class ReaderLanguageMiddleware:
    """What Django's own does where no address begins with a language, and the address may name one for this page; nothing is remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        request.LANGUAGE_CODE = asked if asked in KNOWN else _of_reader(request) or current().language
        translation.activate(request.LANGUAGE_CODE)
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or request.LANGUAGE_CODE)
        return response


def _of_reader(request: HttpRequest) -> str:
    return _named(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=1024)
def _named(chosen: str | None, accepted: str) -> str:
    """What the reader chose or the browser named, as Django reads them; "" where neither is a language of the shop."""
    reader = HttpRequest()
    reader.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    if chosen is not None:
        reader.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
    found = translation.get_language_from_request(reader)
    # Django's last resort is a language of the shop, too: then it must have been wanted.
    is_wanted = chosen is not None or settings.LANGUAGE_CODE[:2] in accepted.lower()
    return found if found != settings.LANGUAGE_CODE or is_wanted else ""
