"""A driver's phone: my runs, the next stop in large, what happened there. For everybody else it does not exist."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.forms import pictures_of, problems
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.trade.fulfilment.queries.runs import RunPage, run_page, run_rows
from quanzi.trade.fulfilment.services import runs as services


@members_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My runs; nobody who drives none has this page."""
    rows = run_rows(driver_id=member_of(request).pk, limit=20)
    if not rows:
        raise NotFound
    return show(request, "driving/home.html", {"runs": rows})


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
    verb, note = request.POST.get("act", ""), request.POST.get("note", "")[:200]
    try:
        if verb == "here":
            services.arrive_at_stop(stop_id=stop_id, driver=me, now=now)
        elif verb in ("given", "missed"):
            taken = pictures_of(request, "photo", owner=me, purpose="delivery", most=1, now=now)
            end = services.hand_over_at_stop if verb == "given" else services.miss_stop
            end(stop_id=stop_id, driver=me, picture=taken[0] if taken else None, note=note, now=now)
            messages.success(request, gettext("Saved. On to the next stop."))
        else:
            raise NotFound
    except NotFound:
        raise
    except DomainError as refused:
        return _page(request, found, refusal=refused)
    return redirect("storefront:drive_run", code=code)


def _page(request: HttpRequest, found: RunPage, *, refusal: DomainError | None = None) -> HttpResponse:
    context = {"run": found, "next": found.next_stop, "problem": " ".join(problems(refusal).values())}
    return show(request, "driving/run.html", context, status=refusal.status if refusal else 200)


def _mine(request: HttpRequest, code: str) -> RunPage:
    found = run_page(code=code, driver_id=member_of(request).pk)
    if found is None:
        raise NotFound
    return found
