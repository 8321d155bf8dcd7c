"""An expected refusal that no view answered becomes a page with the right status, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from quanzi.base.audit import services as audit
from quanzi.faces.ui.environment import problem
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound
from quanzi.kernel.words import N_
from quanzi.people.accounts.models import Member


class OnlyForms(DomainError):
    code = "only_forms"
    status = 405
    message = N_("This address only takes what a form sends. Open the page with the form instead.")


class RefusalMiddleware:
    """Views catch the refusals that belong beside a field of their form; all others end here.

    Nothing is half-done: a service that raises has rolled back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == NotAllowed.status:
            note_look(request, response)
        if response.status_code == 405 and request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return nothing_to_see(request, response)
        return response

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
        "href": came_from(request, otherwise="/console/" if request.path.startswith("/console/") else "/"),
        "label": gettext("Back"),
    }
    response = render(request, "ui/error.html", context, status=refusal.status)
    response.refusal = refusal.code  # type: ignore[attr-defined]  # read by note_look
    return response


def nothing_to_see(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody opened the address of a form: a page of ours with a way on, where browsers would show their own."""
    page = refusal_page(request, OnlyForms())
    page.headers["Allow"] = response.headers["Allow"]
    return page


STAFFS = ("/console/", "/backroom/", "/api/v1/staff/", "/api/v1/webhooks/")
"""Begins the addresses that are for the staff only."""


def note_look(request: HttpRequest, response: HttpResponse) -> None:
    """Somebody with a name wanted to see or do what their role does not open: that stands in the audit log."""
    who = getattr(request, "auth", None) or request.user
    if request.path.startswith(STAFFS) and isinstance(who, Member) and _is_role(response):
        audit.note_refused(actor=who, target=request.path, method=request.method or "", now=clock.now())


def _is_role(response: HttpResponse) -> bool:
    """Whether it was refused for who asks, not for how (an old second step, a scope, a form's proof)."""
    return getattr(response, "refusal", NotAllowed.code) == NotAllowed.code


def came_from(request: HttpRequest, *, otherwise: str = "/") -> str:
    """The page of this shop that the person came from; the front page, or otherwise, when that is unknown or elsewhere."""
    address = urlsplit(request.headers.get("Referer", ""))
    if address.netloc != request.get_host() or (address.path == request.path and request.method == "GET"):
        return otherwise
    return address.path + (f"?{address.query}" if address.query else "")
