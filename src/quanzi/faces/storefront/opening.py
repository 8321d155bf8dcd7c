"""The first page of an empty shop: whoever holds the link that `quanzi run` printed becomes its owner."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quanzi.base.shop.errors import OpeningOver
from quanzi.base.shop.services import is_open
from quanzi.faces.storefront.forms import problems
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.errors import TextNeeded
from quanzi.people.accounts.queries import has_owner
from quanzi.people.accounts.services import become_first_owner


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, key: str) -> HttpResponse:
    """Name, e-mail, password; then straight on to setting up the shop. A link that is over looks like one that never was."""
    now, refused = clock.now(), None
    if has_owner() or not is_open(key=key, now=now):
        raise OpeningOver()
    if request.method == "POST":
        try:
            return _open(request, key)
        except OpeningOver:
            raise
        except DomainError as error:
            refused = error
    context = {
        "name": request.POST.get("name", ""),
        "email": request.POST.get("email", ""),
        "problems": problems(refused),
    }
    response = render(request, "storefront/opening.html", context, status=refused.status if refused else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _open(request: HttpRequest, key: str) -> HttpResponse:
    email = request.POST.get("email", "").strip()
    if not email:
        raise TextNeeded(field="email")
    owner = become_first_owner(
        key=key, name=request.POST.get("name", ""), email=email, password=request.POST.get("password", ""), now=clock.now()
    )  # fmt: skip
    login(request, owner, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(
        request, owner, "password", reauthenticated=True
    )  # just typed: the second step may be set at once
    return redirect("console:setup")
