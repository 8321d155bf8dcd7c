"""Asking the shop for a price together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.community.circles.queries import my_circles
from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.faces.ui.formats import plain_money
from quanzi.goods.catalogue.models import Sku
from quanzi.goods.catalogue.queries import product_page
from quanzi.goods.catalogue.rules import variant_title
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.kernel.money import Money
from quanzi.people.accounts.models import Member
from quanzi.trade.bargains import services
from quanzi.trade.bargains.models import Bargain
from quanzi.trade.bargains.queries import bargain_page, bargains_of, find_bargain


def bargain_or_404(code: str, viewer: Member | None) -> Bargain:
    found = find_bargain(code, viewer=viewer)
    if found is None:
        raise NotFound
    return found


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Wish for a price of these goods, or join a wish that others have."""
    me, now, refusal = member_of(request), clock.now(), None
    found, sent = product_page(slug), request.POST
    circles = my_circles(me)
    if request.method == "POST":
        circle_id = id_in(sent.get("circle"))
        try:
            made = services.ask(
                sku_id=id_in(sent.get("sku")) or 0, opener=me,
                wish_minor=Money.parse(sent.get("wish_minor", "").strip(), field="wish_minor").minor,
                quantity=id_in(sent.get("quantity")) or 0, words=sent.get("words", ""),
                circle=next((one.circle for one in _places(me) if one.circle_id == circle_id), None), now=now,
            )  # fmt: skip
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, gettext("Your wish stands. Send its link to whoever would take it too."))
            return redirect("storefront:bargain", code=made.code)
    skus = Sku.objects.filter(product_id=found.id, is_active=True).order_by("position")
    context: dict[str, Any] = {
        "product": found,
        "skus": [
            (sku.pk, f"{variant_title(found.name, sku.options)} · ¥{plain_money(sku.price_minor)}") for sku in skus
        ],
        "circles": [(card.id, card.name) for card in circles],
        "others": bargains_of(sku_product_id=found.id, now=now),
        "sent": {"quantity": "1", **sent.dict()},
        "problems": problems(refusal),
    }
    return show(request, "shopping/ask.html", context, status=refusal.status if refusal else 200)


def _places(me: Member) -> Any:
    """The circles to which the reader belongs."""
    return me.memberships.filter(state="joined").select_related("circle")


@require_http_methods(["GET", "HEAD", "POST"])
def bargain(request: HttpRequest, code: str) -> HttpResponse:
    """Who asks, for what, and what the shop says to it."""
    me, now, refusal = viewer_of(request), clock.now(), None
    found = bargain_or_404(code, me)
    if request.method == "POST":
        try:
            return _voice(request, found)
        except NotFound:
            raise
        except DomainError as refused:
            refusal = refused
    context = {
        "page": bargain_page(bargain=found, viewer=me, now=now),
        "problems": problems(refusal),
        "address": request.build_absolute_uri(request.path),
    }
    return show(request, "shopping/bargain.html", context, status=refusal.status if refusal else 200)


@members_only
def _voice(request: HttpRequest, found: Bargain) -> HttpResponse:
    """Add my voice, or take it back."""
    me, now = member_of(request), clock.now()
    if request.POST.get("do") == "withdraw":
        services.withdraw(bargain=found, member=me, now=now)
    else:
        services.add_voice(bargain=found, member=me, quantity=id_in(request.POST.get("quantity")) or 0, now=now)
        messages.success(
            request, gettext("Your voice counts. You are told when the shop answers; it binds you to nothing.")
        )
    return redirect("storefront:bargain", code=found.code)
