"""A leader's counter: what arrived, who comes, hand over by code or from the list. One hand, in a stairwell."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.trade.fulfilment.errors import NoSuchFulfilment, TooManyGuesses, WrongCode
from quanzi.trade.fulfilment.models import FulfilmentState
from quanzi.trade.fulfilment.queries import WorkItem, points_of, work_list
from quanzi.trade.fulfilment.services import hand_over, look_up_code, make_ready
from quanzi.trade.sales.models import PickupPoint
from quanzi.trade.stations.queries import station_of_point

MOST = 50


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def leader(request: HttpRequest) -> HttpResponse:
    """The work at my pickup point. For everybody who leads none, this page does not exist."""
    me = member_of(request)
    points = points_of(leader_id=me.pk)
    if not points:
        raise NotFound
    point = chosen_point(request, points)
    if request.method != "POST":
        return _page(request, me, points, point, code=_digits(request.GET.get("code", "")))
    try:
        _act(request, me, point, clock.now())
    except NotFound:
        raise
    except DomainError as refused:
        return _page(request, me, points, point, code="", refusal=refused)
    return redirect(f"{reverse('storefront:leader')}?point={point.pk}")


def _act(request: HttpRequest, me: Member, point: PickupPoint, now: datetime) -> None:
    verb = request.POST.get("act", "")
    if verb == "find":
        item = look_up_code(person=me, point=point, code=_digits(request.POST.get("code", "")), now=now)
        if item is None:
            raise WrongCode(field="code")
        hand_over(fulfilment_id=item.fulfilment_id, actor_member=me, code=request.POST.get("code", ""), now=now)
        messages.success(request, gettext("Handed over to %(name)s.") % {"name": item.buyer_name})
    elif verb == "ready":
        for item in _picked(request, point):
            make_ready(fulfilment_id=item.fulfilment_id, actor=f"member:{me.pk}", now=now)
        messages.success(request, gettext("The buyers have been told that their goods are here."))
    elif verb == "hand_over":
        (item,) = _picked(request, point)
        hand_over(fulfilment_id=item.fulfilment_id, actor_member=me, code=request.POST.get("code", ""), now=now)
        messages.success(request, gettext("Handed over to %(name)s.") % {"name": item.buyer_name})
    else:
        raise NotFound


def _picked(request: HttpRequest, point: PickupPoint) -> list[WorkItem]:
    """The items named in the form, all of them at this point and still open."""
    wanted = [id_in(text) for text in request.POST.getlist("item")[:MOST]]
    found = []
    for fulfilment_id in wanted:
        at = work_list(point=point, after_id=fulfilment_id - 1, limit=1) if fulfilment_id else []
        if not at or at[0].fulfilment_id != fulfilment_id:
            raise NoSuchFulfilment
        found.append(at[0])
    if not found:
        raise NoSuchFulfilment
    return found


def chosen_point(request: HttpRequest, points: list[PickupPoint]) -> PickupPoint:
    wanted = id_in(request.POST.get("point") or request.GET.get("point"))
    return next((point for point in points if point.pk == wanted), points[0])


def _digits(text: str) -> str:
    return "".join(ch for ch in text[:40] if ch.isascii() and ch.isdigit())


def _page(
    request: HttpRequest,
    me: Member,
    points: list[PickupPoint],
    point: PickupPoint,
    *,
    code: str,
    refusal: DomainError | None = None,
) -> HttpResponse:
    after = id_in(request.GET.get("after")) or 0
    work = work_list(point=point, after_id=after, limit=MOST)
    found = None
    try:
        found = look_up_code(person=me, point=point, code=code, now=clock.now()) if code else None
    except TooManyGuesses as pause:
        code, refusal = "", pause
    context: dict[str, Any] = {
        "point": point,
        "points": [(one.name, f"{reverse('storefront:leader')}?point={one.pk}", one == point) for one in points],
        "ready": [item for item in work if item.state == FulfilmentState.READY],
        "waiting": [item for item in work if item.state == FulfilmentState.WAITING],
        "found": found,
        "code": code,
        "is_unknown": bool(code) and found is None,
        "counts_arrivals": station_of_point(point.pk) is not None,
        "problems": problems(refusal),
        "next": f"{reverse('storefront:leader')}?point={point.pk}&after={work[-1].fulfilment_id}"
        if len(work) == MOST
        else None,
    }
    return show(request, "shopping/leader.html", context, status=refusal.status if refusal else 200)
