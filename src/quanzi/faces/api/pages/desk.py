"""The console's page of programs: apps that members may let in, and tokens of the staff."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.models import Client
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.api import services
from quanzi.faces.api.oauth import services as apps
from quanzi.faces.api.pages.mine import words
from quanzi.faces.api.queries import staff_tokens
from quanzi.faces.api.scopes import SCOPES
from quanzi.faces.console.doors import FORM, WRITE, door, operator_of
from quanzi.faces.console.parsing import Sent, key_in, problems_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError


@door("staff.manage", FORM)
def programs(request: HttpRequest) -> HttpResponse:
    """Register an app, whose secret is shown on the answer to this form and never again."""
    if request.method != "POST":
        return _page(request, {})
    try:
        made, secret = apps.register_app(
            name=request.POST.get("name", ""), redirect_uris=request.POST.get("redirect_uris", "")[:4000].splitlines(),
            scopes=request.POST.getlist("scope"), is_public=request.POST.get("kind") == "public",
            actor=operator_of(request), now=clock.now(),
        )  # fmt: skip
    except DomainError as refused:
        sent = {"sent": Sent(request.POST.dict()), "chosen": request.POST.getlist("scope")}
        return _page(request, {**sent, "problems": problems_of(refused)}, status=refused.status)
    return _page(request, {"made": made, "secret": secret})


@door("staff.manage", WRITE)
def remove_app(request: HttpRequest) -> HttpResponse:
    """Every access that members gave it ends with it."""
    now, client_id = clock.now(), request.POST.get("app", "")[:100]
    return attempt(
        request, lambda: apps.remove_app(client_id=client_id, actor=operator_of(request), now=now),
        said=gettext("Removed. It cannot act for anybody any more."), back=reverse("console_programs:programs"), now=now,
    )  # fmt: skip


@door("staff.manage", WRITE)
def revoke_token(request: HttpRequest) -> HttpResponse:
    """Take back a token of somebody of the staff."""
    now, token_id = clock.now(), key_in(request.POST.get("token")) or 0
    return attempt(
        request, lambda: services.revoke_for_staff(token_id=token_id, actor=operator_of(request), now=now),
        said=gettext("Taken back. It opens nothing any more."), back=reverse("console_programs:programs"), now=now,
    )  # fmt: skip


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    frame: dict[str, Any] = {
        "here": "programs",
        "crumbs": [(gettext("House"), None), (gettext("Apps and tokens"), None)],
        "apps": [_drawn(client) for client in apps.registered()],
        "tokens": [{"token": row, "words": words(row.scopes.split())} for row in staff_tokens(now=clock.now())],
        "scopes": [(scope, gettext(text)) for scope, text in SCOPES.items()],
        "kinds": [
            ("confidential", gettext("On a server, which can keep a secret")),
            ("public", gettext("On a phone or in a browser, which cannot")),
        ],
        "sent": Sent({"kind": "confidential"}),
        "chosen": [],
        "problems": Sent(),
    }
    return show(request, "programs/programs.html", frame | context, status=status)


def _drawn(client: Client) -> dict[str, Any]:
    return {
        "id": client.pk,
        "name": client.name,
        "is_public": client.type == Client.Type.PUBLIC,
        "since": client.created_at,
        "addresses": client.get_redirect_uris(),
        "words": words(client.get_scopes()),
    }
