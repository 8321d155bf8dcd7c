"""Stand-ins for the pages that the layouts point to, so that a preview draws the whole frame."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def named(space: str, *names: str):
    return path(f"{space}/", include(([path(name, nowhere, name=name) for name in names], space)))


urlpatterns = [
    path("", include("quanzi.faces.ui.urls")),
    named("storefront", "feed", "discover", "deals", "messages", "me", "search", "cart"),
    named(
        "console", "today", "sources", "members", "circles", "deals", "goods", "orders", "groupbuy", "ledger", "search"
    ),
]
