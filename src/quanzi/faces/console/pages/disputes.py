"""Disputes: the list by clock, and one with what both sides say."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.pages.order_acts import WAITS
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.asking import decide_or_ask
from quanzi.trade.aftersales.policies import may_decide
from quanzi.trade.aftersales.queries import deciders, dispute_page, open_disputes
from quanzi.trade.aftersales.rules import LONGEST_WORDS

PAGE = 50


@door("orders.view")
def disputes(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the oldest first."""
    rows = open_disputes(after_id=key_in(request.GET.get("after")) or 0, limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Disputes"), None)],
        "rows": rows[:PAGE],
        "next": f"{request.path}?after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
    }
    return show(request, "disputes.html", context)


@door("orders.view")
def dispute(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Evidence of both sides, and the decision."""
    page = dispute_page(dispute_id=dispute_id)
    crumbs = [
        (gettext("Orders"), reverse("console:orders")),
        (gettext("Disputes"), reverse("console:disputes")),
        (page.row.title, None),
    ]
    me, able = operator_of(request), deciders(page.row)
    context = {
        "here": "orders", "crumbs": crumbs, "page": page, "longest": LONGEST_WORDS, "may_speak": may_decide(me),
        "may_decide": me in able, "able": [one.name for one in able],
    }  # fmt: skip
    return show(request, "dispute.html", context)


@door("orders.refund", WRITE)
def say(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """The shop's side."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    words = reader.text("words", most=LONGEST_WORDS)

    def act() -> None:
        reader.check()
        services.say(dispute_id=dispute_id, author=me, words=words, now=now)

    return attempt(request, act, said=gettext("Added."), back=reverse("console:dispute", args=[dispute_id]), now=now)


@door("orders.refund", WRITE, recent=True)
def decide(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """With words that both sides read; also for an appeal."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    words, said = reader.text("words", most=LONGEST_WORDS), [gettext("Decided, and the buyer was told.")]
    amount = reader.amount("amount") if request.POST.get("amount", "").strip() else 0

    def act() -> None:
        reader.check()
        done = decide_or_ask(dispute_id=dispute_id, staff=me, amount_minor=amount, words=words, now=now)
        if isinstance(done, Approval):
            said.append(gettext(WAITS))

    return attempt(request, act, said=said, back=reverse("console:dispute", args=[dispute_id]), now=now)
