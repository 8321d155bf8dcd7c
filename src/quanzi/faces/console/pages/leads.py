"""Leads of the shop, its topics, and whether anybody is pressed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.goods.catalogue.queries import product_cards
from quanzi.growth.leads import queries
from quanzi.growth.leads.models import LeadState
from quanzi.growth.leads.services import approaching, opening, watching
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.policies import can

STATES = (LeadState.NEW, LeadState.OFFERED, LeadState.ANSWERED, LeadState.CLOSED)


@door("members.contact")
def leads(request: HttpRequest) -> HttpResponse:
    """What members wrote who are open to offers of the shop; it is told to them that it was shown."""
    me, now = operator_of(request), clock.now()
    state = request.GET.get("show", LeadState.NEW)
    state = state if state in STATES else LeadState.NEW
    rows = watching.show_leads(
        owner=None, states=[state], before=key_in(request.GET.get("before")), is_read=request.method == "GET", now=now
    )
    here, topics, moderates = reverse("console:leads"), queries.topics(), can(me, "circles.moderate")
    context: dict[str, Any] = {
        "here": "circles" if moderates else "members",
        "crumbs": [
            (gettext("Circles"), reverse("console:circles"))
            if moderates
            else (gettext("Members"), reverse("console:members")),
            (gettext("Leads"), None),
        ],
        "chips": [(one.label, with_query(here, show=one.value), one == state) for one in STATES],
        "rows": rows,
        "next": with_query(here, show=state, before=rows[-1].id) if len(rows) == queries.PAGE else None,
        "goods": [(str(card.id), card.name) for card in product_cards(limit=30)] if rows else [],
        "watches": queries.watches(None),
        "topics": topics,
        "choices": [(str(one.pk), one.label) for one in topics if not one.is_off],
        "may_topics": can(me, "shop.edit"),
        "senders": queries.senders(now),
        "days": queries.by_day(now),
    }
    return show(request, "leads.html", context)


@door("members.contact", WRITE)
def act(request: HttpRequest) -> HttpResponse:
    """Look out, stop looking out, put away, or offer; each in the name of the shop."""
    me, now, sent = operator_of(request), clock.now(), request.POST
    number = key_in(sent.get("id")) or 0

    def do() -> None:
        match sent.get("do"):
            case "watch":
                watching.watch(owner=me, topic_id=number, words=sent.get("words", "")[:200], for_shop=True, now=now)
            case "end":
                watching.end_watch(watch_id=number, owner=None, actor=me, now=now)
            case "put_away":
                watching.put_away(lead_id=number, owner=None)
            case "offer":
                approaching.offer(
                    sender=me, lead_id=number, words=sent.get("words", "")[:400], product_id=key_in(sent.get("product_id")),
                    for_shop=True, now=now,
                )  # fmt: skip
            case _:
                raise NotFound

    return attempt(request, do, said=gettext("Done."), back=reverse("console:leads"), now=now)


@door("shop.edit", WRITE)
def topic(request: HttpRequest) -> HttpResponse:
    """Write a topic. It opens nothing for anybody; what is forbidden is closed for everybody at once."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)

    def do() -> None:
        name, words = reader.text("name", most=20), reader.text("words", most=600)
        name_en = reader.text("name_en", most=40, needed=False)
        reader.check()
        opening.keep_topic(
            topic_id=key_in(request.POST.get("id")), name=name, name_en=name_en, words=words,
            is_sensitive="is_sensitive" in request.POST, is_off="is_off" in request.POST, actor=me, now=now,
        )  # fmt: skip

    return attempt(request, do, said=gettext("Saved."), back=reverse("console:leads") + "#topics", now=now)
