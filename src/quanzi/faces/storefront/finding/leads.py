"""A leader's leads: what they look out for, what was found, what they offered; and how that is met."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.goods.catalogue.queries import product_cards, product_page
from quanzi.growth.leads import queries
from quanzi.growth.leads.models import LeadState
from quanzi.growth.leads.services import approaching, watching
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member

TABS = {
    "new": (LeadState.NEW,), "offered": (LeadState.OFFERED,), "answered": (LeadState.ANSWERED,), "closed": (LeadState.CLOSED,),
}  # fmt: skip


def tab_words() -> dict[str, str]:
    return {
        "new": gettext("New leads"), "offered": gettext("Offer made"), "answered": gettext("Answered"), "closed": gettext("Closed"),
    }  # fmt: skip


def goods_to_offer() -> list[tuple[str, str]]:
    """The newest goods that are on sale, to choose from."""
    return [(str(card.id), card.name) for card in product_cards(limit=30)]


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def leads(request: HttpRequest) -> HttpResponse:
    """Only for leaders; for everybody else the page does not exist."""
    me, now = member_of(request), clock.now()
    if not me.is_leader:
        raise NotFound
    if request.method == "POST":
        return _act(request, me)
    tab = request.GET.get("show", "new")
    tab = tab if tab in TABS else "new"
    rows = watching.show_leads(
        owner=me, states=TABS[tab], before=id_in(request.GET.get("before")), is_read=request.method == "GET", now=now
    )
    here = reverse("storefront:leads")
    context: dict[str, Any] = {
        "rows": rows,
        "tabs": [(text, f"{here}?show={one}", one == tab) for one, text in tab_words().items()],
        "tab": tab,
        "watches": queries.watches(me),
        "topics": [(str(one.pk), one.label) for one in queries.topics() if not one.is_off],
        "goods": goods_to_offer() if tab == "new" and rows else [],
        "free": queries.free_to_write(me, {row.author.id for row in rows}, now=now) if tab == "new" else {},
        "now": now,
        "health": queries.health(me, now),
        "next": f"{here}?show={tab}&before={rows[-1].id}" if len(rows) == queries.PAGE else None,
    }
    return show(request, "finding/leads.html", context)


def _act(request: HttpRequest, me: Member) -> HttpResponse:
    sent, now = request.POST, clock.now()
    number, said = id_in(sent.get("id")) or 0, ""
    try:
        match sent.get("do"):
            case "watch":
                watching.watch(owner=me, topic_id=number, words=sent.get("words", "")[:200], now=now)
                said = gettext("You look out for it from now on, and thirty days back.")
            case "end":
                watching.end_watch(watch_id=number, owner=me, actor=me, now=now)
            case "put_away":
                watching.put_away(lead_id=number, owner=me)
            case "offer":
                product_id = id_in(sent.get("product_id"))
                approaching.offer(
                    sender=me, lead_id=number, words=sent.get("words", ""), product_id=product_id, now=now
                )
                said = gettext("Your offer is on its way. The next word is theirs.")
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, " ".join(problems(refused).values()))
    if said:
        messages.success(request, said)
    return redirect("storefront:leads")


@members_only
@require_POST
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell somebody one knows about goods, in the shop; through the same gate as every commercial message."""
    me, goods = member_of(request), product_page(slug)
    try:
        approaching.suggest(
            sender=me, recipient_id=id_in(request.POST.get("id")) or 0, product_id=goods.id,
            words=request.POST.get("words", "")[:400], now=clock.now(),
        )  # fmt: skip
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, " ".join(problems(refused).values()))
    else:
        messages.success(request, gettext("Said. The next word is theirs."))
    return redirect("storefront:for_contacts", slug=slug)
