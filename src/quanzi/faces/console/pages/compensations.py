"""Compensation beyond what was paid: promised on an order's page, paid and taken back from one list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import WRITE, door, operator_of
from quanzi.faces.console.pages.order_acts import WAITS, acted, line_of, order_or_404
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.kernel import clock
from quanzi.kernel.words import N_
from quanzi.people.accounts.policies import can
from quanzi.people.approvals.models import Approval
from quanzi.trade.aftersales import queries, services
from quanzi.trade.aftersales.asking import compensate_or_ask
from quanzi.trade.aftersales.models import CompensationReason, PaidBy

PAGE = 50
PROMISED = N_("Promised, and the buyer was told. Pay it from the list of compensation.")
STATES = {
    "promised": gettext_lazy("To be paid"),
    "paid": gettext_lazy("Sent to the buyer"),
    "withdrawn": gettext_lazy("Taken back"),
}


@door("orders.view")
def compensations(request: HttpRequest) -> HttpResponse:
    """What waits to be paid, the oldest first, or what is over."""
    state, here = request.GET.get("show", "promised"), reverse("console:compensations")
    state = state if state in STATES else "promised"
    may_pay = can(operator_of(request), "orders.refund")
    rows = queries.compensations(
        state=state, may_pay=may_pay, after_id=key_in(request.GET.get("after")) or 0, limit=PAGE + 1
    )
    context: dict[str, Any] = {
        "here": "orders",
        "crumbs": [(gettext("Orders"), reverse("console:orders")), (gettext("Compensation"), None)],
        "chips": [(label, f"{here}?show={name}", name == state) for name, label in STATES.items()],
        "rows": rows[:PAGE],
        "next": f"{here}?show={state}&after={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        "ways": [(str(value), label) for value, label in PaidBy.choices],
        "may_pay": may_pay,
    }
    return show(request, "compensations.html", context)


@door("orders.refund", WRITE, recent=True)
def compensate(request: HttpRequest, number: str) -> HttpResponse:
    """Promise it for a line of this order; above a limit, ask a second person."""
    found, me, said = order_or_404(number), operator_of(request), list[str]()
    reader = Reader(request.POST)
    reason, amount = reader.choice("for", CompensationReason.values), reader.amount("extra")
    words, key = reader.text("words", most=200), reader.text("key", most=60)

    def act() -> None:
        reader.check()
        done = compensate_or_ask(
            line_id=line_of(found, request.POST.get("line", "")), staff=me, reason=reason, amount_minor=amount, words=words,
            idempotency_key=f"console:{key}", now=clock.now(),
        )  # fmt: skip
        said.append(WAITS if isinstance(done, Approval) else PROMISED)

    return acted(request, found, act, said=said)


@door("orders.refund", WRITE, recent=True)
def pay(request: HttpRequest, compensation_id: int) -> HttpResponse:
    """The transfer was made."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    how, reference = reader.choice("paid_how", PaidBy.values), reader.text("reference", most=64)

    def act() -> None:
        reader.check()
        services.pay_compensation(compensation_id=compensation_id, staff=me, paid_how=how, reference=reference, now=now)

    return attempt(
        request,
        act,
        said=gettext("In the books, and the buyer was told."),
        back=reverse("console:compensations"),
        now=now,
    )


@door("orders.refund", WRITE)
def withdraw(request: HttpRequest, compensation_id: int) -> HttpResponse:
    """Promised by mistake."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    why = reader.text("why", most=200)

    def act() -> None:
        reader.check()
        services.withdraw_compensation(compensation_id=compensation_id, staff=me, why=why, now=now)

    return attempt(
        request,
        act,
        said=gettext("Taken back, and the buyer was told."),
        back=reverse("console:compensations"),
        now=now,
    )
