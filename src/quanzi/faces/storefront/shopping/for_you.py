"""For you: goods chosen for a member, each with its reason, and the switch that ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.shopping.discover import shelf_of
from quanzi.faces.storefront.viewing import member_of, members_only, show, viewer_of
from quanzi.growth.recommending import services
from quanzi.growth.recommending.queries import Offer, Offers, choice_of, offers_for
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member

PAGE, SHORT, FEW = 24, 6, 2


@require_http_methods(["GET", "HEAD", "POST"])
def for_you(request: HttpRequest) -> HttpResponse:
    """Visitors get what most people kept. The form is the switch."""
    me, now = viewer_of(request), clock.now()
    if request.method == "POST":
        return _switched(request)
    offers = offers_for(me, now=now, limit=PAGE)
    return show(request, "shopping/for_you.html", {"offers": offers, "goods": _drawn(offers, me, now)})


@require_safe
def for_you_short(request: HttpRequest) -> HttpResponse:
    """The first few, as a piece that other pages ask for once they stand."""
    me, now = viewer_of(request), clock.now()
    offers = offers_for(me, now=now, limit=FEW if request.GET.get("few") else SHORT)
    context = {"goods": _drawn(offers, me, now), "offers": offers, "me": me}
    response = render(request, "storefront/shopping/for_you_short.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@members_only
@require_POST
def not_this(request: HttpRequest, slug: str) -> HttpResponse:
    """Put goods away, or take that back."""
    me = member_of(request)
    if request.POST.get("act") == "again":
        services.offer_again(member=me, slug=slug)
        messages.success(request, gettext("It may be offered to you again."))
    else:
        services.not_this(member=me, slug=slug, now=clock.now())
        messages.success(request, gettext("You are not offered this again. You still find it in the shop."))
    return redirect("storefront:for_you")


def _switched(request: HttpRequest) -> HttpResponse:
    me, wanted = viewer_of(request), request.POST.get("personal", "")
    if me is None:
        return redirect(f"{reverse('account_login')}?next={reverse('storefront:for_you')}")
    if wanted not in ("on", "off"):
        raise NotFound
    if wanted == "on" and choice_of(me.pk).is_withdrawn:
        messages.info(request, gettext("You took back “Use my ties to recommend goods to me”. Allow it here first."))
        return redirect("storefront:consents")
    services.choose(member=me, is_personal=wanted == "on", now=clock.now())
    messages.success(
        request,
        gettext("Goods are chosen for you again, from tonight on.")
        if wanted == "on"
        else gettext("Nothing is chosen for you any more, and nothing of yours is read for it."),
    )
    return redirect("storefront:for_you")


def _drawn(offers: Offers, me: Member | None, now: datetime) -> list[dict[str, Any]]:
    reader = me if offers.is_personal else None  # else it is the same for everybody
    cards = shelf_of([offer.card for offer in offers.rows], reader, now)
    pairs = zip(offers.rows, cards, strict=True)
    return [card | {"why": _why(offer, card), "tied": offer.tied if offers.from_engine else 0} for offer, card in pairs]


def _why(offer: Offer, card: dict[str, Any]) -> str:
    """A fact that the card does not show yet; empty where it names who of the reader's people kept the goods, or counts who did."""
    if offer.usual_days is not None:
        facts = {"since": offer.since_days, "usual": offer.usual_days}
        return gettext("You had it %(since)d days ago; people have it again after about %(usual)d") % facts
    if card.get("keepers"):
        return ""
    if offer.because is not None:
        return gettext("People who kept %(goods)s kept this too") % {"goods": offer.because.name}
    if card.get("kept"):
        return ""
    return gettext("People near you keep such goods") if offer.tied else gettext("Goes with what you keep")
