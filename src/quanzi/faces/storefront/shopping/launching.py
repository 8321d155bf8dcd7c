"""A launch: when it is, my place in its queue, and how anybody draws its lot again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.faces.storefront.shopping.proving import beside, product_of
from quanzi.faces.storefront.telling import structured
from quanzi.faces.storefront.telling.head import head_about_goods
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.faces.ui.environment import problem
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.trade.launches import services as launches
from quanzi.trade.launches.queries import draw_sheet, launch_page


@require_safe
def launch(request: HttpRequest, code: str) -> HttpResponse:
    """What is sold, how the queue works, and where the reader stands in it. It asks again by itself while one waits."""
    me, now = viewer_of(request), clock.now()
    page = launch_page(code=code, viewer=me, now=now)
    launch = page.launch
    asks_again = "HX-Request" in request.headers  # for its place alone, every few seconds
    stands = f"{launch.state}-{page.mine.state if page.mine else ''}"
    if asks_again and request.GET.get("was", stands) != stands:  # what one may do is another thing now: the whole page
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    goods = {} if asks_again else {product_of(launch.sku_id): (launch.product_slug, launch.product_name)}
    context = {
        "page": page,
        "launch": launch,
        "mine": page.mine,
        "stands": stands,
        "beside": beside(me, goods, now=now),
    }
    here = reverse("storefront:launch", args=[code])
    offer = structured.asked_price(launch.price, is_free=launch.taken < launch.units and launch.ended_at is None)
    event = structured.event(
        request, here, name=launch.title, starts_at=launch.starts_at, ends_at=launch.ends_at, offer=offer
    )
    context["head"] = head_about_goods(request, here, name=launch.title, slug=launch.product_slug, event=event)
    return show(request, "shopping/launch.html", context)


@members_only
@require_POST
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Take a place; refusals are told on the page, since nothing was filled in that could be lost."""
    me, now = member_of(request), clock.now()
    found = launch_page(code=code, viewer=me, now=now).launch
    try:
        place = launches.enter(
            launch_id=found.id, member=me, wanted=id_in(request.POST.get("wanted", "1")) or 0, now=now
        )
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, problem(refused))
    else:
        if place.position is None:
            messages.success(
                request, gettext("You are in. The lot decides at the start; coming back early changes nothing.")
            )
        else:
            messages.success(request, gettext("You are in, at place %(n)d.") % {"n": place.position})
    return redirect("storefront:launch", code=code)


@members_only
@require_POST
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Give the place up."""
    me, now = member_of(request), clock.now()
    launches.leave(launch_id=launch_page(code=code, viewer=me, now=now).launch.id, member=me, now=now)
    messages.success(request, gettext("You have left the queue."))
    return redirect("storefront:launch", code=code)


@require_safe
def lot(request: HttpRequest, code: str) -> HttpResponse:
    """The seed, every code, every place; as a page, or with ?as=text for a program that checks it."""
    found, rows = draw_sheet(code=code)
    if request.GET.get("as") == "text":
        lines = [
            f"seed_sha256 {found.seed_hash}",
            f"seed {found.seed}",
            *(f"{row.position} {row.code}" for row in rows),
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    page = launch_page(code=code, viewer=viewer_of(request), now=clock.now())
    context = {"launch": page.launch, "mine": page.mine, "rows": rows[:500], "more": max(0, len(rows) - 500)}
    return show(request, "shopping/launch_lot.html", context)
