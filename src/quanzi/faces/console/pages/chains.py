"""Sign-up lists of circles: how each stands, who is in it, and calling it off."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.console.words import reason
from quanzi.kernel import clock
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.policies import can, may_see
from quanzi.trade.chains.asking import call_off_or_ask
from quanzi.trade.chains.models import ChainState
from quanzi.trade.chains.queries.watching import chain_row, chain_rows, signed_rows
from quanzi.trade.sales.models import OrderState

PAGE = 50
STATES = {
    "open": gettext_lazy("People sign up"),
    "closed": gettext_lazy("Sign-up is over"),
    "called_off": gettext_lazy("Called off"),
    "all": gettext_lazy("All"),
}
TONES = {"open": "accent", "closed": "pine", "called_off": ""}
ORDER_TONES = {OrderState.PLACED: "accent", OrderState.CANCELLED: "", OrderState.REFUNDED: ""}


@door("orders.view")
def chains(request: HttpRequest) -> HttpResponse:
    """Lists by how they stand, newest first."""
    wanted = request.GET.get("show", "open")
    wanted = wanted if wanted in STATES else "open"
    before = key_in(request.GET.get("before"))
    rows = chain_rows(state="" if wanted == "all" else wanted, before_id=before, limit=PAGE + 1)
    here = reverse("console:chains")
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Group deals"), reverse("console:deals")), (gettext("Sign-up chains"), None)],
        "chips": [(label, with_query(here, show=name), name == wanted) for name, label in STATES.items()],
        "rows": [(row, (STATES[row.chain.state], TONES[row.chain.state])) for row in rows[:PAGE]],
        "sees_back": may_see(operator_of(request), "refund"),
        "next": with_query(here, show=wanted, before=rows[PAGE - 1].chain.pk) if len(rows) > PAGE else None,
    }
    return show(request, "chains.html", context)


@door("orders.view")
def chain(request: HttpRequest, chain_id: int) -> HttpResponse:
    """One list: everybody who ever signed up, with order and money."""
    me, row = operator_of(request), chain_row(chain_id=chain_id)
    found = row.chain
    context: dict[str, Any] = {
        "here": "deals",
        "crumbs": [(gettext("Sign-up chains"), reverse("console:chains")), (found.title, None)],
        "row": row,
        "chain": found,
        "standing": (STATES[found.state], TONES[found.state]),
        "signed": signed_rows(chain_id=chain_id),
        "states": dict(OrderState.choices),
        "tones": ORDER_TONES,
        "reason": reason(found.end_reason),
        "sees_back": may_see(me, "refund"),
        "sees_page": can(me, "circles.moderate"),
        "may_call_off": can(me, "orders.refund") and found.state == ChainState.OPEN,
        "key": new_token(),
    }
    return show(request, "chain.html", context)


@door("orders.refund", WRITE, recent=True)
def call_off(request: HttpRequest, chain_id: int) -> HttpResponse:
    """Everybody gets all of it back. Above the limit for refunds a second person is asked first."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    why, key = reader.text("reason", most=80), reader.text("key", most=60)
    said = [gettext("Called off. All the money goes back by itself.")]

    def act() -> None:
        reader.check()
        if call_off_or_ask(chain_id=chain_id, reason=why, staff=me, idempotency_key=key, now=now) is not None:
            said.append(
                gettext(
                    "More money than one person may give back: a second person is asked. The list goes on until then."
                )
            )

    return attempt(request, act, said=said, back=reverse("console:chain", args=[chain_id]), now=now)
