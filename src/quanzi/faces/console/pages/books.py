"""Whether books and facts agree, and whether the machine keeps up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quanzi.base.events.queries import backlog
from quanzi.base.jobs.services import enqueue
from quanzi.faces.console.doors import WRITE, door
from quanzi.faces.console.reading.checkups import newest
from quanzi.faces.console.reading.machine import failed_jobs, failing_deliveries
from quanzi.faces.console.viewing import show
from quanzi.faces.console.words import lasted
from quanzi.kernel import clock
from quanzi.trade.preorders.queries import deposit_sums

DEPOSITS = {
    "held": gettext_lazy("Held for places"), "settled": gettext_lazy("Count for orders"), "returned": gettext_lazy("Going back"),
}  # fmt: skip


@door("money.view")
def books(request: HttpRequest) -> HttpResponse:
    """The rules with their last results; announcements and jobs that are stuck."""
    now = clock.now()
    found = newest()
    context: dict[str, Any] = {
        "here": "books",
        "crumbs": [(gettext("House"), None), (gettext("Books and machine"), None)],
        "now": now,
        "checkup": found,
        "age": lasted(now - found.checked_at) if found else "",
        "results": sorted(found.results, key=lambda one: not (one["violations"] or one["error"])) if found else [],
        "backlog": backlog(now=now),
        "deliveries": failing_deliveries(),
        "jobs": failed_jobs(),
        "deposits": [
            (DEPOSITS[one.state], f"{one.amount} · {one.count}") for one in deposit_sums() if one.amount.minor
        ],
    }
    return show(request, "books.html", context)


@door("money.view", WRITE)
def check_now(request: HttpRequest) -> HttpResponse:
    """Ask the doctor to come; one visit at a time."""
    enqueue("console.check_books", unique="console.check_books")
    messages.success(request, gettext("The doctor is on the way. Load this page again in a moment."))
    return redirect(reverse("console:books"))
