"""The short address of a source."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from quanzi.growth.sources.models import Source


@require_safe
def arrive(request: HttpRequest, token: str) -> HttpResponse:
    """Lead on to the page of the source, with its token, so that the arrival is counted there once.

    An unknown token leads to the front page: the person came to see something, and an error would only be ours.
    """
    source = Source.objects.filter(token=token).only("target").first()
    if source is None:
        return HttpResponseRedirect("/")
    joint = "&" if urlsplit(source.target).query else "?"
    response = HttpResponseRedirect(f"{source.target}{joint}{urlencode({'s': token})}")
    response.headers["Cache-Control"] = "no-store"
    return response
