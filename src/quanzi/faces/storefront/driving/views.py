"""A driver's phone: my runs, stop after stop, what happened there. For everybody else it does not exist.

Its forms survive a bad network: see storefront/keeping.py.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.keeping import answer, is_kept_act
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.policies import may_drive
from quanzi.trade.fulfilment.queries.drivers import asked_to_drive
from quanzi.trade.fulfilment.queries.runs import RunPage, run_page, run_rows
from quanzi.trade.fulfilment.services import drivers
from quanzi.trade.fulfilment.services import runs as services

ENDED = ("handed_over", "missed")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """My runs, and the way to drive no longer. Only for who may drive."""
    me = member_of(request)
    if not may_drive(me):
        raise NotFound
    if request.method == "POST":
        drivers.stop_driving(member=me, now=clock.now())
        messages.success(request, gettext("You drive no longer. Thank you."))
        return redirect("storefront:me")
    context = {"runs": run_rows(driver_id=me.pk, limit=20), "asked": asked_to_drive(member_id=me.pk)}
    return show(request, "driving/home.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """What driving means, and a yes or no. Only for whom the shop has asked."""
    me, now = member_of(request), clock.now()
    asked = asked_to_drive(member_id=me.pk)
    if asked is None:
        raise NotFound
    if request.method == "POST":
        if request.POST.get("act") == "yes":
            drivers.accept_driving(member=me, now=now)
            return redirect("storefront:drive")
        drivers.stop_driving(member=me, now=now)
        messages.success(request, gettext("Declined. Nobody gives you a run."))
        return redirect("storefront:me")
    if asked.accepted_at is not None:
        return redirect("storefront:drive")
    return show(request, "driving/invitation.html", {})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, code: str) -> HttpResponse:
    """One run: set out, then stop after stop."""
    found = _mine(request, code)
    if request.method == "POST":
        services.begin_run(run_id=found.id, driver=member_of(request), now=clock.now())
        return redirect("storefront:drive_run", code=code)
    return _page(request, found)


@members_only
@require_POST
def act(request: HttpRequest, code: str, stop_id: int) -> HttpResponse:
    """At a stop: I am here, handed over, or nobody there. The same word again is one word, so a bad network may repeat it."""
    found, me, now = _mine(request, code), member_of(request), clock.now()
    if stop_id not in {stop.id for stop in found.stops}:
        raise NotFound
    if is_kept_act(request):
        back = reverse("storefront:drive_run", args=[code])
        return answer(request, lambda: _do(request, found, stop_id, me, now), back=back)
    try:
        messages.success(request, _do(request, found, stop_id, me, now))
    except NotFound:
        raise
    except DomainError as refused:
        return _page(request, found, refusal=refused)
    return redirect("storefront:drive_run", code=code)


def _do(request: HttpRequest, found: RunPage, stop_id: int, me: Member, now: datetime) -> str:
    verb, note = request.POST.get("act", ""), request.POST.get("note", "")[:200]
    if verb == "here":
        services.arrive_at_stop(stop_id=stop_id, driver=me, now=now)
        return gettext("Saved.")
    if verb not in ENDED_BY:
        raise NotFound
    # A phone that sends again sends its picture again: it is taken once.
    is_new = next(stop.state not in ENDED for stop in found.stops if stop.id == stop_id)
    taken = pictures_of(request, "photo", owner=me, purpose="delivery", most=1, now=now) if is_new else []
    ENDED_BY[verb](stop_id=stop_id, driver=me, picture=taken[0] if taken else None, note=note, now=now)
    return gettext("Saved. On to the next stop.")


ENDED_BY = {"given": services.hand_over_at_stop, "missed": services.miss_stop}


def _page(request: HttpRequest, found: RunPage, *, refusal: DomainError | None = None) -> HttpResponse:
    context = {"run": found, "next": found.next_stop, "problem": " ".join(problems(refusal).values())}
    return show(request, "driving/run.html", context, status=refusal.status if refusal else 200)


def _mine(request: HttpRequest, code: str) -> RunPage:
    found = run_page(code=code, driver_id=member_of(request).pk)
    if found is None:
        raise NotFound
    return found
