"""The reference of the API, drawn from its OpenAPI document."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.api.pages.samples import Described, described
from quanzi.faces.api.problems import TITLES
from quanzi.faces.api.scopes import SCOPES
from quanzi.faces.api.words import parts
from quanzi.faces.storefront.viewing import show
from quanzi.kernel.errors import DomainError
from quanzi.kernel.words import N_

PARTS = {
    "session": N_("Who is calling"),
    "me": N_("My own things"),
    "people": N_("People and ties"),
    "circles": N_("Circles"),
    "moderating": N_("Keeping a circle"),
    "posts": N_("Posts"),
    "experiences": N_("Experiences"),
    "goods": N_("Goods"),
    "search": N_("Search"),
    "needs": N_("What people want"),
    "leads": N_("Open to offers"),
    "cart": N_("Cart and quotes"),
    "deals": N_("Group deals and teams"),
    "orders": N_("Orders"),
    "payments": N_("Payments"),
    "sources": N_("Invitations"),
    "stations": N_("Stations and rounds"),
    "hand-over": N_("Handing over"),
    "supplier": N_("Suppliers"),
    "staff": N_("Staff"),
    "webhooks": N_("Webhooks"),
}


@cache
def _operations() -> dict[str, list[Described]]:
    found: dict[str, list[Described]] = {}
    for one in described():
        found.setdefault(one.part, []).append(one)
    return found


@cache
def _refusals() -> list[tuple[str, int, str]]:
    """Code, status and English words of every refusal that a person may meet."""
    found: dict[str, tuple[str, int, str]] = {}
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("quanzi.") and ".faces.console" not in one.__module__:
            found[one.code] = (one.code, one.status, str(one.message))
    return [found[code] for code in sorted(found)]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Getting started, scopes, and the parts."""
    context = {
        "scopes": [(scope, gettext(text)) for scope, text in SCOPES.items()],
        "titles": [(status, gettext(text)) for status, text in TITLES.items()],
        "base": request.build_absolute_uri("/").rstrip("/"),
    }
    return _show(request, "start.html", context)


@require_safe
def part(request: HttpRequest, part: str) -> HttpResponse:
    """Every operation of one part, with examples."""
    found = _operations().get(part)
    if found is None:
        raise Http404
    base = request.build_absolute_uri("/api/v1").rstrip("/")
    context = {"part": part, "title": gettext(PARTS[part]), "operations": found, "base": base, "said": _said}
    return _show(request, "part.html", context)


def _said(description: str) -> str:
    """A description in the reader's language."""
    words, permission = parts(description)
    needs = gettext("Needs the permission %(name)s.") % {"name": permission} if permission else ""
    return f"{gettext(words) if words else ''} {needs}".strip()


@require_safe
def refusals(request: HttpRequest) -> HttpResponse:
    """Every code with its words."""
    rows = [(code, status, gettext(words)) for code, status, words in _refusals()]
    return _show(request, "refusals.html", {"rows": rows, "part": "refusals"})


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    parts = [(name, gettext(PARTS[name]), len(_operations()[name])) for name in PARTS if name in _operations()]
    return show(request, f"programs/{template}", {"parts": parts, "part": "", **context})
