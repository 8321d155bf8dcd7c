"""What waits for a second person, what was decided, and the limits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from quanzi.faces.console.doors import READ, WRITE, door, operator_of
from quanzi.faces.console.drawing.relation import with_query
from quanzi.faces.console.parsing import Reader, key_in
from quanzi.faces.console.reading.refs import pages_of
from quanzi.faces.console.viewing import attempt, show
from quanzi.faces.console.words import DEEDS, LIMITS, reason
from quanzi.kernel import clock
from quanzi.people.accounts.policies import can
from quanzi.people.approvals import queries, services
from quanzi.people.approvals.models import Approval
from quanzi.people.approvals.policies import may_decide

PAGE = 40


@door("approvals.decide", READ)
def approvals(request: HttpRequest) -> HttpResponse:
    """Requests that wait, the oldest first, then what was decided, newest first."""
    now, me = clock.now(), operator_of(request)
    waiting = [one for one in queries.waiting() if one.expires_at > now]
    past = queries.decided(before_id=key_in(request.GET.get("before")), limit=PAGE + 1)
    pages = pages_of(one.target for one in [*waiting, *past])

    def row(one: Approval) -> dict[str, Any]:
        return {
            "approval": one, "deed": DEEDS.get(one.deed, one.deed), "reason": reason(one.reason), "page": pages.get(one.target),
            "may_decide": may_decide(me, one), "is_mine": one.asked_by_id == me.pk,
        }  # fmt: skip

    limits = queries.limits()
    context: dict[str, Any] = {
        "here": "approvals",
        "crumbs": [(gettext("Money"), None), (gettext("Approvals"), None)],
        "now": now,
        "waiting": [row(one) for one in waiting],
        "past": [row(one) for one in past[:PAGE]],
        "limits": [(name, label, limits[name]) for name, label in LIMITS.items()],
        "may_set": can(me, "limits.set"),
        "next": with_query(reverse("console:approvals"), before=past[PAGE - 1].pk) if len(past) > PAGE else None,
    }
    return show(request, "approvals.html", context)


@door("approvals.decide", WRITE, recent=True)
def decide(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Let it happen, say no with a reason, or take one's own request back."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    decision = reader.choice("decision", ["approve", "decline", "withdraw"])
    answer = reader.text("answer", most=200, needed=decision == "decline")
    said = {
        "approve": gettext("Approved, and done."),
        "decline": gettext("Declined. Whoever asked can read why."),
        "withdraw": gettext("Taken back."),
    }

    def act() -> None:
        reader.check()
        if decision == "approve":
            services.approve(approval_id=approval_id, by=me, now=now)
        elif decision == "decline":
            services.decline(approval_id=approval_id, by=me, answer=answer, now=now)
        else:
            services.withdraw(approval_id=approval_id, by=me, now=now)

    return attempt(request, act, said=said.get(decision, ""), back=reverse("console:approvals"), now=now)


@door("limits.set", WRITE, recent=True)
def set_limits(request: HttpRequest) -> HttpResponse:
    """Change the amounts above which a second person is needed."""
    me, now, reader = operator_of(request), clock.now(), Reader(request.POST)
    before = queries.limits()
    wanted = {name: reader.amount(name) for name in LIMITS}

    def act() -> None:
        reader.check()
        for name, amount in wanted.items():
            if amount is not None and amount != before[name]:
                services.set_limit(name=name, amount_minor=amount, by=me, now=now)

    return attempt(
        request, act, said=gettext("The limits hold from now on."), back=reverse("console:approvals"), now=now
    )
