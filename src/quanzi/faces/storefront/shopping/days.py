"""The calendar of brand days and launches; one brand day."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.faces.storefront.shopping.stationing import chosen_lines
from quanzi.faces.storefront.viewing import member_of, members_only, show, viewer_of
from quanzi.faces.ui.environment import problem
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.queries import calendar, day_page, editions


@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """What begins when, by date: several brands on one, launches among them; then what was."""
    ahead, past = calendar(viewer=viewer_of(request), now=clock.now())
    return show(request, "shopping/days.html", {"ahead": ahead, "past": past, "editions": editions(limit=10)})


@require_safe
def day(request: HttpRequest, slug: str) -> HttpResponse:
    """One maker's day. Chosen amounts lead to the ordinary checkout while it is open."""
    page = day_page(slug=slug, viewer=viewer_of(request), now=clock.now())
    if "day" in request.GET and page.day.phase == "open":
        lines = chosen_lines(request)
        if lines:
            wanted = [*(("line", line) for line in lines), ("day", page.day.slug)]
            return redirect(f"{reverse('storefront:checkout')}?{urlencode(wanted)}")
        messages.info(request, gettext("Choose how many of what you would like."))
    return show(request, "shopping/day.html", {"page": page, "day": page.day})


@members_only
@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    """Be told when it opens, or not after all."""
    me, now = member_of(request), clock.now()
    found = day_page(slug=slug, viewer=me, now=now).day
    if "off" in request.POST:
        launches.unremind(day_id=found.id, member=me)
        messages.success(request, gettext("You are not reminded of it any more."))
        return redirect("storefront:day", slug=slug)
    try:
        launches.remind(day_id=found.id, member=me, now=now)
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, problem(refused))
    else:
        messages.success(request, gettext("You are told once, when it opens. Nothing else is sent for it."))
    return redirect("storefront:day", slug=slug)
