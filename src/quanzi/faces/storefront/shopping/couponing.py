"""A member's coupons, and the page on which one is taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import member_of, members_only, show, viewer_of
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError
from quanzi.kernel.ids import new_token
from quanzi.people.accounts.models import Member
from quanzi.trade.rewards import queries, services
from quanzi.trade.rewards.errors import NoSuchCoupon, TakenBefore


@members_only
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I have, what I used, what I could take."""
    return _mine(request, member_of(request))


@members_only
@require_POST
def by_code(request: HttpRequest) -> HttpResponse:
    """Take what a code holds."""
    me = member_of(request)
    try:
        services.take_by_code(
            code=request.POST.get("code", ""), member=me, idempotency_key=_key(request), now=clock.now()
        )
    except DomainError as refused:
        return _mine(request, me, refusal=refused)
    messages.success(request, gettext("The coupon is yours."))
    return redirect("storefront:my_coupons")


def _mine(request: HttpRequest, me: Member, *, refusal: DomainError | None = None) -> HttpResponse:
    now = clock.now()
    rows = queries.my_coupons(member=me, now=now)
    context: dict[str, Any] = {
        "free": [one for one in rows if one.state == "free"],
        "bound": [one for one in rows if one.order],
        "over": [one for one in rows if one.state == "over"],
        "offers": queries.open_offers(member=me, now=now),
        "problems": problems(refusal),
        "code": request.POST.get("code", "")[:20],
        "key": new_token(),
    }
    return show(request, "shopping/my_coupons.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def coupon(request: HttpRequest, code: str) -> HttpResponse:
    """What it is for; members take it here."""
    me, now = viewer_of(request), clock.now()
    offer = queries.find_offer(code)
    if offer is None:
        raise NoSuchCoupon
    if request.method == "POST":
        return _take(request, code)
    has = [one for one in queries.my_coupons(member=me, now=now) if one.offer.id == offer.id] if me is not None else []
    context = {"offer": offer, "has": has, "may_take": offer.is_open(now) and len(has) < offer.each, "key": new_token()}
    return show(request, "shopping/coupon.html", context)


@members_only
def _take(request: HttpRequest, code: str) -> HttpResponse:
    try:
        services.take_coupon(code=code, member=member_of(request), idempotency_key=_key(request), now=clock.now())
    except TakenBefore:  # a second tap
        return redirect("storefront:my_coupons")
    except DomainError as refused:
        messages.error(request, str(problems(refused)[""]))
        return redirect(reverse("storefront:coupon", args=[code]))
    messages.success(request, gettext("The coupon is yours. It waits at the checkout until you choose it."))
    return redirect("storefront:my_coupons")


def _key(request: HttpRequest) -> str:
    """Of the form that was drawn: sent twice, it takes one."""
    return request.POST.get("key", "").replace("\x00", "")[:80]
