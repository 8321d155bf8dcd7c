"""Requests for refunds that wait for a decision."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.pages.order_acts import WAITS
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.console.words import lasted
from quanzi.kernel import clock
from quanzi.people.accounts.policies import can
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import services
from quanzi.trade.aftersales.asking import accept_or_ask, exchange_or_ask
from quanzi.trade.aftersales.queries import open_claims

PAGE = 50


@door("orders.view")
def claims(request: HttpRequest) -> HttpResponse:
    """The longest waiting first."""
    now = clock.now()
    rows = open_claims(after_id=key_in(request.GET.get("after")) or 0, limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Refund requests"), None)],
        "now": now,
        "claims": [{"claim": row, "waited": lasted(now - row.opened_at)} for row in rows[:PAGE]],
        "next": f"{request.path}?after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        "may_decide": can(operator_of(request), "orders.refund"),
    }
    return show(request, "claims.html", context)


@door("orders.refund", WRITE, recent=True)
def decide(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Give the money back, all or a part, or say no with a reason. Both are final; a new request may follow."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    accepts = reader.choice("decision", ["accept", "decline"]) == "accept"
    answer = reader.text("answer", most=200, needed=not accepts)
    # An empty field means all that is left; a typed zero is refused by the service.
    amount = reader.amount("amount") if accepts and request.POST.get("amount", "").strip() else None

    told = gettext("Refunded, and the buyer was told.") if accepts else gettext("Declined, and the buyer can read why.")
    said = [told]

    def act() -> None:
        reader.check()
        if accepts:
            done = accept_or_ask(
                claim_id=claim_id, staff=me, amount_minor=amount, goods_back=reader.ticked("goods_back"), answer=answer,
                now=now,
            )  # fmt: skip
            if isinstance(done, Approval):
                said.append(gettext(WAITS))
        else:
            services.decline(claim_id=claim_id, actor_member=me, answer=answer, now=now)

    return attempt(request, act, said=said, back=reverse("console:claims"), now=now)


@door("orders.refund", WRITE)
def ask_back(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The shop would like to see the goods before it answers."""
    me, now = operator_of(request), clock.now()
    said = gettext("The buyer was asked to send the goods, at the shop's cost.")
    return attempt(
        request,
        lambda: services.ask_back(claim_id=claim_id, actor_member=me, now=now),
        said=said,
        back=reverse("console:claims"),
        now=now,
    )


@door("orders.refund", WRITE)
def arrived(request: HttpRequest, claim_id: int) -> HttpResponse:
    """What was sent back is here."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request,
        lambda: services.arrive(claim_id=claim_id, actor_member=me, now=now),
        said=gettext("Noted. The money must follow within seven days."),
        back=reverse("console:claims"),
        now=now,
    )


@door("orders.refund", WRITE, recent=True)
def exchange(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The other variant goes out."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    carrier = reader.text("carrier", most=40, needed=False)
    tracking = reader.text("tracking", most=60, needed=False)

    said = [""]

    def act() -> None:
        reader.check()
        done = exchange_or_ask(
            claim_id=claim_id, staff=me, is_sellable=reader.ticked("is_sellable"), carrier=carrier,
            tracking=tracking, now=now,
        )  # fmt: skip
        said.append(gettext(WAITS) if isinstance(done, Approval) else gettext("Exchanged, and the buyer was told."))

    return attempt(request, act, said=said, back=reverse("console:claims"), now=now)
