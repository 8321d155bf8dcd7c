"""A member's own programs: tokens for scripts of one's own, and apps that were let in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.api import services
from quanzi.faces.api.errors import TooManyTokens
from quanzi.faces.api.oauth import services as apps
from quanzi.faces.api.scopes import SCOPES, STAFF
from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, Errors, InvalidInput
from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_use_console

LIFETIMES = (7, 30, 90, 365)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Make a token, whose secret is shown on the answer to this form and never again; take one back."""
    me, now = member_of(request), clock.now()
    if request.method != "POST":
        return _page(request, me, {})
    if request.POST.get("act") == "revoke":
        services.revoke_token(member=me, token_id=id_in(request.POST.get("token")) or 0, now=now)
        messages.success(request, gettext("Taken back. It opens nothing any more."))
        return redirect("programs:tokens")
    sent = {"name": request.POST.get("name", "")[:200], "days": request.POST.get("days", "")[:5]}
    chosen = request.POST.getlist("scope")
    if STAFF & set(chosen) and may_use_console(me) and not second_step.is_recent(request, me, now=now):
        return second_step.ask_again(request, me)  # a token is not asked later on
    try:
        made, secret = services.make_token(
            member=me, name=sent["name"], scopes=chosen, days=id_in(sent["days"]) or 0, now=now
        )
    except (InvalidInput, Errors, TooManyTokens) as refused:
        return _page(request, me, {"sent": sent, "chosen": chosen, "problems": problems(refused)}, refused=refused)
    return _page(request, me, {"made": made, "secret": secret})


def _page(
    request: HttpRequest, me: Member, context: dict[str, Any], *, refused: DomainError | None = None
) -> HttpResponse:
    frame = {
        "rows": services.tokens_of(member=me, now=clock.now()),
        "scopes": offered(me),
        "lifetimes": [(str(days), gettext("%(n)d days") % {"n": days}) for days in LIFETIMES],
        "sent": {"name": "", "days": "90"},
        "chosen": [],
        "problems": problems(None),
    }
    return show(request, "programs/tokens.html", frame | context, status=refused.status if refused else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The apps that speak for the member; each can be sent away."""
    me, now = member_of(request), clock.now()
    if request.method == "POST":
        apps.take_back(member=me, client_id=request.POST.get("app", "")[:100], now=now)
        messages.success(request, gettext("Taken back. The app cannot act for you any more."))
        return redirect("programs:apps")
    rows = [(app, words(app.scopes)) for app in apps.apps_of(member=me, now=now)]
    return show(request, "programs/apps.html", {"rows": rows})


def offered(me: Member) -> list[tuple[str, str]]:
    """The scopes that a member may give away, with their words; rights of the staff only to the staff."""
    is_staff = may_use_console(me)
    return [(scope, gettext(text)) for scope, text in SCOPES.items() if is_staff or scope not in STAFF]


def words(scopes: list[str]) -> list[str]:
    """Scopes as a person reads them."""
    return [gettext(text) for scope, text in SCOPES.items() if scope in scopes]
