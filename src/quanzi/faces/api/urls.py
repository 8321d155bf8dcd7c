"""Addresses of the API, below /api/."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from quanzi.faces.api import errors, problems
from quanzi.faces.api.routes.all import api


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Programs get a problem where people would get a page."""
    return problems.problem(errors.NoSuchAddress())


urlpatterns = [
    path("v1/", api.urls),
    re_path(r"^", nothing_here),
]
