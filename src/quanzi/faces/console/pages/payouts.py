"""Commission: what is due to whom, payouts, and the statement of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import READ, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.viewing import attempt, show
from quanzi.growth.commission import queries, services
from quanzi.growth.commission.errors import NoSuchPayout
from quanzi.growth.commission.models import Payout
from quanzi.kernel import clock
from quanzi.kernel.ids import new_code
from quanzi.people.approvals.queries import limit_minor
from quanzi.people.approvals.rules import PAYOUT

PAGE = 40
TONES = {"asked": "", "approved": "accent", "sent": "pine", "done": "pine", "failed": "danger"}


@door("payouts.make", READ)
def payouts(request: HttpRequest) -> HttpResponse:
    """Who has something due, the most first, then payouts, newest first."""
    now = clock.now()
    past = queries.payouts(before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    context: dict[str, Any] = {
        "here": "payouts",
        "crumbs": [(gettext("Money"), None), (gettext("Commission"), None)],
        "now": now,
        "people": [(one, new_code(12)) for one in queries.people_due()],
        "past": past[:PAGE],
        "tones": TONES,
        "limit_minor": limit_minor(PAYOUT),
        "next": with_query(reverse("console:payouts"), before=past[PAGE - 1].pk) if len(past) > PAGE else None,
    }
    return show(request, "payouts.html", context)


@door("payouts.make", WRITE, recent=True)
def make(request: HttpRequest) -> HttpResponse:
    """Settle what is due to one person."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    member_id, key = key_in(request.POST.get("member")) or 0, reader.text("key", most=80)
    made: list[Payout] = []

    def act() -> None:
        reader.check()
        made.append(services.make_payout(member_id=member_id, staff=me, idempotency_key=f"console:{key}", now=now))

    answer = attempt(
        request, act, said=gettext("The statement is made. Send the money, then enter its reference."),
        back=reverse("console:payouts"), now=now,
    )  # fmt: skip
    return redirect("console:payout", payout_id=made[0].pk) if made else answer


@door("payouts.make", READ)
def payout(request: HttpRequest, payout_id: int) -> HttpResponse:
    """One payout: to which account, and every line that it settles."""
    found = queries.payout_of(payout_id)
    if found is None:
        raise NoSuchPayout()
    context: dict[str, Any] = {
        "here": "payouts",
        "crumbs": [(gettext("Commission"), reverse("console:payouts")), (f"#{found.pk}", None)],
        "payout": found,
        "number": queries.number_of(found.account) if found.state in ("approved", "sent") else "",
        "lines": queries.statement(found.pk),
        "tone": TONES[found.state],
    }
    return show(request, "payout.html", context)


@door("payouts.make", WRITE, recent=True)
def move(request: HttpRequest, payout_id: int) -> HttpResponse:
    """The transfer was made, has arrived, or the payout is dropped or came back."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    step = reader.choice("step", ["sent", "done", "failed"])
    reference = reader.text("reference", most=64, needed=step == "sent")
    reason = reader.text("reason", most=200, needed=step == "failed")
    said = {
        "sent": gettext("Sent, and booked. The person is told."),
        "done": gettext("It has arrived."),
        "failed": gettext("What it settled is payable again."),
    }

    def act() -> None:
        reader.check()
        if step == "sent":
            services.mark_sent(payout_id=payout_id, reference=reference, staff=me, now=now)
        elif step == "done":
            services.mark_done(payout_id=payout_id, staff=me, now=now)
        else:
            services.fail_payout(payout_id=payout_id, reason=reason, staff=me, now=now)

    return attempt(request, act, said=said.get(step, ""), back=reverse("console:payout", args=[payout_id]), now=now)
