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
from quanzi.faces.storefront.telling import structured
from quanzi.faces.storefront.telling.head import head_about_goods
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
    here = reverse("storefront:day", args=[slug])
    cheapest = min(page.goods, key=lambda good: good.price.minor, default=None)
    asks = (
        structured.asked_price(cheapest.price, is_free=any(good.free > 0 for good in page.goods)) if cheapest else None
    )
    event = structured.event(
        request, here, name=page.day.title, starts_at=page.day.starts_at, ends_at=page.day.ends_at, offer=asks
    )
    first = page.goods[0].product_slug if page.goods else ""
    head = head_about_goods(request, here, name=page.day.title, slug=first, event=event)
    return show(request, "shopping/day.html", {"page": page, "day": page.day, "head": head})


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
