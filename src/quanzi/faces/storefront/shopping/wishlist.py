"""The member's own list of goods, alerts for goods that are sold out, and goods looked at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.shopping.discover import shelf_of
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.goods.catalogue.queries import product_page
from quanzi.goods.stock.queries import free
from quanzi.goods.wishes import queries, services
from quanzi.goods.wishes.rules import MOST_SEEN
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound

CHOICE = "seen"
CHOICES = ("device", "account")
YEAR_S = 365 * 24 * 3600


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, slug: str) -> HttpResponse:
    """One page for one product: put it on the list, or be told when it is back. A heart with script only asks for the act."""
    me = member_of(request)
    if request.method == "POST":
        return _acted(request, slug)
    goods = product_page(slug)
    sku = next(
        (one for one in goods.skus if one.id == id_in(request.GET.get("sku"))), goods.skus[0] if goods.skus else None
    )
    context = {
        "goods": goods,
        "sku": sku,
        "is_wished": queries.is_wished(me.pk, slug),
        "is_gone": sku is not None and free([sku.id])[sku.id] <= 0,
        "waits": sku is not None and queries.waits_for(me.pk, sku.id),
    }
    return show(request, "shopping/wish.html", context)


def _acted(request: HttpRequest, slug: str) -> HttpResponse:
    me, now, act = member_of(request), clock.now(), request.POST.get("act", "")
    sku_id = id_in(request.POST.get("sku")) or 0
    if act == "add":
        services.add(member=me, slug=slug, now=now)
        said = gettext("It is on your wishlist. Nobody else sees that.")
    elif act == "remove":
        services.remove(member=me, slug=slug)
        said = gettext("It is off your wishlist.")
    elif act == "alert":
        services.ask_alert(member=me, sku_id=sku_id, now=now)
        said = gettext("We tell you once when it is back. Who asked first is told first.")
    elif act == "no_alert":
        services.withdraw_alert(member=me, sku_id=sku_id)
        said = gettext("You are not told about it.")
    else:
        raise NotFound
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"on": act == "add"})
    messages.success(request, said)
    if request.POST.get("from") == "list":
        return redirect("storefront:wishes")
    return redirect(f"{reverse('storefront:wish', args=[slug])}{f'?sku={sku_id}' if sku_id else ''}")


@members_only
@require_safe
def wishes(request: HttpRequest) -> HttpResponse:
    """The list, newest first, and the alerts that are open."""
    me = member_of(request)
    rows = queries.wishes(me.pk, before=id_in(request.GET.get("before")))
    older = f"{reverse('storefront:wishes')}?before={rows[-1].id}" if len(rows) == queries.PAGE else None
    return show(request, "shopping/wishes.html", {"rows": rows, "alerts": queries.alerts(me.pk), "next": older})


@members_only
@require_safe
def marks(request: HttpRequest) -> HttpResponse:
    """Which hearts are full, for the cards of a page: one statement for all of them."""
    response = JsonResponse({"slugs": queries.marks(member_of(request).pk)})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: HttpRequest) -> HttpResponse:
    """Goods looked at: not kept until the person says where, on this device or in the account."""
    me, choice = viewer_of(request), request.COOKIES.get(CHOICE, "")
    if request.method == "POST":
        return _chosen(request)
    choice = choice if choice in CHOICES and (choice != "account" or me is not None) else ""
    cards = queries.seen(me.pk) if me is not None and choice == "account" else []
    return show(request, "shopping/seen.html", {"choice": choice, "goods": shelf_of(cards, me, clock.now())})


def _chosen(request: HttpRequest) -> HttpResponse:
    me, choice = viewer_of(request), request.POST.get("choice", "")
    if me is not None and (choice != "account" or "clear" in request.POST):
        services.forget_seen(member=me)
    response = redirect("storefront:seen")
    if "clear" in request.POST:
        messages.success(request, gettext("Forgotten."))
    elif choice in CHOICES and (choice != "account" or me is not None):
        # Read by the page's own script, which keeps the list on the device.
        response.set_cookie(CHOICE, choice, max_age=YEAR_S, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(CHOICE, samesite="Lax")
    return response


@members_only
@require_POST
def note_seen(request: HttpRequest) -> HttpResponse:
    """The product page's script says what was looked at; believed only while this browser keeps that in the account."""
    if request.COOKIES.get(CHOICE) == "account":
        services.note_seen(member=member_of(request), slug=request.POST.get("slug", "")[:80], now=clock.now())
    return HttpResponse(status=204)


@require_safe
def seen_cards(request: HttpRequest) -> HttpResponse:
    """Cards of these goods, for a list that stands on the device. Nothing about the question is kept."""
    slugs = request.GET.getlist("p")[:MOST_SEEN]
    found = shelf_of(queries.cards_of(slugs), viewer_of(request), clock.now())
    response = render(request, "storefront/shopping/seen_cards.html", {"goods": found})
    response.headers["Cache-Control"] = "private, no-store"
    return response
