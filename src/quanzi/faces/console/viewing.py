"""What every console page needs beside its own facts: the operator, numbers in the rail, whether the books agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from quanzi.base.audit import services as audit
from quanzi.faces.console.doors import operator_of, refused
from quanzi.faces.console.reading.checkups import newest
from quanzi.faces.console.reading.desk import Desk, desk
from quanzi.faces.ui.environment import problem
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can, permissions_of


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the console with its frame. Pages that read the desk themselves pass it on as `desk`."""
    me = operator_of(request)
    now = context.setdefault("now", clock.now())
    work = context.get("desk") or desk(now=now)
    frame = {
        "who": (me, me.get_staff_role_display()),
        "may": permissions_of(me),
        "counts": rail_counts(me, work),
        "books": books_foot(me),
        "excused": second_step.is_excused(me),
        "is_refused": status >= 400,
    }
    response = render(request, f"console/{template}", frame | context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def rail_counts(me: Member, work: Desk) -> dict[str, int]:
    """Numbers beside the ways: what waits behind each for this person. Today's is the sum of its tasks."""
    tasks = work.tasks_for(permissions_of(me))
    counts = {"today": sum(task.n for task in tasks)}
    for task in tasks:
        if task.way:
            counts[task.way] = counts.get(task.way, 0) + task.n
    return counts


def books_foot(me: Member) -> dict[str, Any] | None:
    """The foot of the rail, for whoever may open the list behind it; nothing before the first check."""
    found = newest() if can(me, "money.view") else None
    if found is None:
        return None
    return {"rules": found.rules, "broken": found.broken, "href": reverse("console:books")}


def attempt(
    request: HttpRequest,
    act: Callable[[], object],
    *,
    said: str | list[str],
    back: str,
    action: str = "",
    target: str = "",
    after: dict[str, Any] | None = None,
    now: datetime,
) -> HttpResponse:
    """Do one act and go back: with `said` when it was done, with the refusal as a notice when it was not.

    said: what to tell, or where the act notes it (the last word counts). action, target, after: the audit row of acts
    whose service writes none; it stands or falls with the act.
    """
    try:
        with transaction.atomic():
            act()
            if action:
                audit.write(actor=operator_of(request), action=action, target=target, after=after, now=now)
    except DomainError as why:
        refused(request)
        messages.error(request, refusal_words(why))
    else:
        messages.success(request, said if isinstance(said, str) else said[-1])
    return redirect(back)


def refusal_words(why: DomainError) -> str:
    """The refusal and the reasons it collected, as one text in the reader's language."""
    reasons = dict.fromkeys(problem(error) for error in why.fields.values())
    return " ".join(reasons) if reasons else problem(why)


def back_of(request: HttpRequest, fallback: str) -> str:
    """Where a form says that it stood, when that is a page of ours."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else fallback
