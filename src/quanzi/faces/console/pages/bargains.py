"""Prices that people ask for together, and the shop's answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.policies import can
from quanzi.trade.bargains import services
from quanzi.trade.bargains.queries import every_bargain, evidence_of

PAGE = 50
STATES = {
    "gathering": gettext_lazy("Waiting for an answer"),
    "agreed": gettext_lazy("Offered"),
    "declined": gettext_lazy("Declined"),
}
TONES = {"gathering": "accent", "agreed": "pine", "declined": ""}


@door("orders.view")
def bargains(request: HttpRequest) -> HttpResponse:
    """What people ask for, newest first."""
    now, state = clock.now(), request.GET.get("show", "gathering")
    state = state if state in STATES else "gathering"
    rows = every_bargain(state=state, before=key_in(request.GET.get("before")), limit=PAGE, now=now)
    here = reverse("console:bargains")
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Group deals"), reverse("console:deals")), (gettext("Prices asked for"), None)],
        "chips": [(label, with_query(here, show=name), name == state) for name, label in STATES.items()],
        "rows": rows,
        "next": with_query(here, show=state, before=rows[-1].id) if len(rows) == PAGE else None,
    }
    return show(request, "bargains.html", context)


@door("orders.view")
def bargain(request: HttpRequest, bargain_id: int) -> HttpResponse:
    """One wish with what speaks for it."""
    found = evidence_of(bargain_id=bargain_id, now=clock.now())
    if found is None:
        raise NotFound()
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Prices asked for"), reverse("console:bargains")), (found.card.title, None)],
        "found": found,
        "standing": (STATES[found.card.state], TONES[found.card.state]),
        "may_answer": can(operator_of(request), "goods.edit") and found.card.state == "gathering",
        "minimum": max(2, found.card.people),
    }
    return show(request, "bargain.html", context)


@door("goods.edit", WRITE)
def answer(request: HttpRequest, bargain_id: int) -> HttpResponse:
    """An offer: a price, a minimum and a deadline; or a no with its reason."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)

    def act() -> None:
        if request.POST.get("do") == "decline":
            services.decline(bargain_id=bargain_id, reason=reader.text("reason", most=200), actor=me, now=now)
            return
        price, minimum = reader.amount("price_minor"), reader.whole("minimum", least=2, most=100)
        ends_at, word = reader.end_of("ends_on"), reader.text("answer", most=200, needed=False)
        reader.check()
        services.agree(
            bargain_id=bargain_id, price_minor=price, minimum=minimum, ends_at=ends_at or now, answer=word, actor=me, now=now
        )  # fmt: skip

    back = reverse("console:bargain", args=[bargain_id])
    return attempt(request, act, said=gettext("Everybody who asked is told."), back=back, now=now)
