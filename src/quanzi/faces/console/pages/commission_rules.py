"""Rules of commission: what stands, what each came to; written and ended by owners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.faces.console.doors import FORM, READ, WRITE, door, operator_of
from quanzi.faces.console.parsing import Reader, Sent, problems_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.commission import queries, services
from quanzi.growth.commission.rules import DEPTHS, LONGEST_NAME, MOST_BP
from quanzi.kernel import clock
from quanzi.kernel.clock import midnight
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts.policies import can

STANDINGS = {
    "running": (gettext_lazy("Running"), "pine"),
    "later": (gettext_lazy("Begins later"), ""),
    "ended": (gettext_lazy("Ended"), ""),
}
LEVELS = {
    1: gettext_lazy("Who invited the buyer"),
    2: gettext_lazy("Who invited that person"),
}


@door("payouts.make", READ)
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule there ever was, newest first, with what was earned by it."""
    context: dict[str, Any] = {
        "here": "payouts",
        "crumbs": [(gettext("Commission"), reverse("console:payouts")), (gettext("Rules"), None)],
        "rows": queries.rule_rows(now=clock.now()),
        "standings": STANDINGS,
        "levels": LEVELS,
        "may_edit": can(operator_of(request), "commission.rules"),
    }
    return show(request, "commission_rules.html", context)


@door("commission.rules", FORM, recent=True)
def new_rule(request: HttpRequest) -> HttpResponse:
    """Write what somebody earns when a guest of theirs keeps what they bought."""
    if request.method != "POST":
        return _show_form(request, Sent({"depth": "1"}), None)
    now, reader = clock.now(), Reader(request.POST)
    try:
        begins = reader.day("starts_on")
        terms: dict[str, Any] = {
            "name": reader.text("name", most=LONGEST_NAME),
            "rate_bp": reader.amount("rate"),  # hundredths of a percent are written as fen are
            "depth": int(reader.choice("depth", map(str, DEPTHS), otherwise="1")),
            "starts_at": _not_before(now, midnight(begins) if begins else now),
            "ends_at": reader.end_of("ends_on"),
            "signs": reader.ticked("signs"),
        }
        reader.check()
        services.create_rule(**terms, actor=operator_of(request), now=now)
    except DomainError as refused:
        return _show_form(request, Sent(request.POST.dict()), refused)
    messages.success(request, gettext("The rule stands. It speaks of orders paid from its beginning on."))
    return redirect("console:commission_rules")


@door("commission.rules", WRITE, recent=True)
def end_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Nothing more is earned by it from now on."""
    me, now = operator_of(request), clock.now()
    return attempt(
        request, lambda: services.end_rule(rule_id=rule_id, actor=me, now=now),
        said=gettext("The rule has ended. What was earned by it stays."), back=reverse("console:commission_rules"), now=now,
    )  # fmt: skip


def _not_before(now: datetime, at: datetime) -> datetime:
    """A rule that begins today begins now: what was paid before it was written earns nothing."""
    return max(now, at)


def _show_form(request: HttpRequest, sent: Sent, refused: DomainError | None) -> HttpResponse:
    context = {
        "here": "payouts",
        "crumbs": [(gettext("Rules"), reverse("console:commission_rules")), (gettext("New rule"), None)],
        "levels": [(str(depth), words) for depth, words in LEVELS.items()],
        "most": MOST_BP // 100,
        "sent": sent,
        "problems": problems_of(refused),
    }
    return show(request, "commission_rule_form.html", context, status=refused.status if refused else 200)
