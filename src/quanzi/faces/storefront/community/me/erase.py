"""Leaving for good: what is in the way, what goes and what stays, and a week to think better of it."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.growth.erasing import services
from quanzi.growth.erasing.errors import StaffStays, StillOpen, WordNeeded
from quanzi.growth.erasing.openings import openings_of
from quanzi.growth.erasing.queries import request_of
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, InvalidInput
from quanzi.people.accounts import second_step

STAY = "stay"


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Ask for it. The second step is asked for again when one is set; every device is logged out then, this one too."""
    me, now = member_of(request), clock.now()
    if request.method != "POST":
        return _page(request)
    if second_step.is_set(me) and not second_step.is_recent(request, me, now=now):
        return second_step.ask_again(request, me)
    try:
        if request.POST.get("sure") != "on":
            raise WordNeeded(field="sure")
        asked = services.ask(member=me, keeps_words=request.POST.get("words") == STAY, now=now)
    except (InvalidInput, StillOpen, StaffStays) as refused:
        return _page(request, refusal=refused)
    logout(request)
    return show(request, "community/me/erase_asked.html", {"asked": asked})


def _page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    me = member_of(request)
    context = {
        "openings": openings_of(me.pk),
        "is_staff": me.is_staff,
        "before": request_of(me.pk),
        "words": "stay" if request.POST.get("words") == STAY else "go",
        "days": services.THINK.days,
        "problems": problems(refusal),
    }
    return show(request, "community/me/erase.html", context, status=refusal.status if refusal else 200)
