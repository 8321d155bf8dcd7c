"""One field that finds members, orders, goods, lots and teams; each only for whoever may see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import ANY_ROLE, door, operator_of
from quanzi.faces.console.reading.members import member_rows
from quanzi.faces.console.reading.orders import order_rows
from quanzi.faces.console.viewing import show
from quanzi.goods.catalogue.models import Lot, ProductState
from quanzi.goods.catalogue.queries import product_cards
from quanzi.kernel import clock
from quanzi.kernel.words import N_
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import permissions_of
from quanzi.trade.deals.models import Team

MOST = 8
EVERY_STATE = tuple(str(state) for state in ProductState)
Hit = dict[str, Any]


@door(ANY_ROLE)
def search(request: HttpRequest) -> HttpResponse:
    """What carries these words. A single exact order number leads straight to it."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    me = operator_of(request)
    may = permissions_of(me)
    groups: list[dict[str, Any]] = []
    if words:
        for needs, title, icon, find in FINDERS:
            hits = find(words, me) if needs in may else []
            if hits:
                groups.append({"title": gettext(title), "icon": icon, "hits": hits})
    exact = [hit for group in groups for hit in group["hits"] if hit["name"].casefold() == words.casefold()]
    if len(exact) == 1 and "-" in words:
        return redirect(exact[0]["href"])
    context = {"here": "", "crumbs": [(gettext("Search"), None)], "q": words, "groups": groups}
    return show(request, "search.html", context)


def _members(words: str, me: Member) -> list[Hit]:
    rows = member_rows(viewer=me, words=words, limit=MOST, now=clock.now())
    return [{"name": row.name, "second": row.contact, "href": reverse("console:member", args=[row.id])} for row in rows]


def _orders(words: str, me: Member) -> list[Hit]:
    rows = order_rows(viewer=me, words=words, limit=MOST)
    return [
        {
            "name": row.card.number,
            "second": row.card.member_name,
            "href": reverse("console:order", args=[row.card.number]),
        }
        for row in rows
    ]


def _goods(words: str, me: Member) -> list[Hit]:
    rows = product_cards(words=words, states=EVERY_STATE, limit=MOST)
    return [
        {"name": card.name, "second": card.origin, "href": reverse("console:product", args=[card.id])} for card in rows
    ]


def _lots(words: str, me: Member) -> list[Hit]:
    found = Lot.objects.filter(code__icontains=words).select_related("sku__product").order_by("-pk")[:MOST]
    return [
        {
            "name": lot.code,
            "second": lot.sku.product.name,
            "href": reverse("console:product", args=[lot.sku.product_id]) + "#lots",
        }
        for lot in found
    ]


def _teams(words: str, me: Member) -> list[Hit]:
    found = Team.objects.filter(code__iexact=words).select_related("deal__sku__product")[:MOST]
    return [
        {"name": team.code, "second": team.deal.sku.product.name, "href": reverse("console:team", args=[team.code])}
        for team in found
    ]


FINDERS: tuple[tuple[str, str, str, Callable[[str, Member], list[Hit]]], ...] = (
    ("members.view", N_("Members"), "users-round", _members),
    ("orders.view", N_("Orders"), "receipt-text", _orders),
    ("goods.edit", N_("Goods"), "package", _goods),
    ("goods.edit", N_("Lots"), "boxes", _lots),
    ("orders.view", N_("Teams"), "users", _teams),
)
