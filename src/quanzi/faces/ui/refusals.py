"""An expected refusal that no view answered becomes a page with the right status, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from quanzi.faces.ui.environment import problem
from quanzi.kernel.errors import DomainError, InvalidInput, NotFound


class RefusalMiddleware:
    """Views catch the refusals that belong beside a field of their form; all others end here.

    Nothing is half-done: a service that raises has rolled back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotFound):
            raise Http404(exception.text) from exception
        if isinstance(exception, DataError):
            # The database cannot hold it (a NUL character, a number beyond all rows): bad input, not a fault of ours.
            return refusal_page(request, InvalidInput())
        return refusal_page(request, exception) if isinstance(exception, DomainError) else None


def refusal_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """What happened, in words that a person can act on, and the way back to where they were."""
    context = {
        "status": refusal.status,
        "title": gettext("That did not work"),
        "text": problem(refusal),
        "href": came_from(request),
        "label": gettext("Back"),
    }
    return render(request, "ui/error.html", context, status=refusal.status)


def came_from(request: HttpRequest) -> str:
    """The page of this shop that the person came from; the front page when that is unknown or elsewhere."""
    address = urlsplit(request.headers.get("Referer", ""))
    if address.netloc != request.get_host() or (address.path == request.path and request.method == "GET"):
        return "/"
    return address.path + (f"?{address.query}" if address.query else "")
