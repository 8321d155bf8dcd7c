"""Choices of the reader that need no account (language, theme) and the living page of components."""

from __future__ import annotations

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from .samples import samples

YEAR_S = 365 * 24 * 3600
LANGUAGES = ("zh-hans", "en")
THEMES = ("light", "dark")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in Django's own cookie and go back; an unknown language changes nothing."""
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, request.POST.get("language", ""), LANGUAGES)


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark; an empty choice follows the device again."""
    return _remember(request, "theme", request.POST.get("theme", ""), THEMES, may_clear=True)


@require_GET
@staff_member_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in all its states, in the reader's language, with figures that are marked as samples."""
    page = "ui/styleguide-desk.html" if request.GET.get("desk") else "ui/styleguide.html"
    return render(request, page, samples())


def _remember(
    request: HttpRequest, cookie: str, value: str, allowed: tuple[str, ...], *, may_clear: bool = False
) -> HttpResponse:
    response = HttpResponseRedirect(_way_back(request))
    if value in allowed:
        response.set_cookie(cookie, value, max_age=YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure())
    elif not value and may_clear:
        response.delete_cookie(cookie, samesite="Lax")
    return response


def _way_back(request: HttpRequest) -> str:
    """The page the form stood on, never another site."""
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not safe or not target.startswith("/"):
        return "/"
    path, _, asked = target.partition("?")
    kept = QueryDict(asked, mutable=True)
    if "language" in request.POST:
        kept.pop("lang", None)  # an address that names a language would win over the choice
    return f"{path}?{kept.urlencode()}" if kept else path
