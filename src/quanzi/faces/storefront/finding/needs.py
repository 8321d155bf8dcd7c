"""The board of what people want and nobody here has."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show, viewer_of
from quanzi.growth.needs import services
from quanzi.growth.needs.models import NeedState
from quanzi.growth.needs.queries import board, need_row
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.safety.queries import blocked_ids, muted_ids

PAGE = 20
OPEN = (NeedState.OPEN, NeedState.SEEKING)
ANSWERED = (NeedState.FOUND, NeedState.PREORDER, NeedState.DECLINED)


def _unwanted(me: Member | None) -> set[int]:
    return blocked_ids(me.pk) | muted_ids(me.pk) if me is not None else set()


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest) -> HttpResponse:
    """What is wanted, the most wanted first; a member puts more on it."""
    me, refusal, now = viewer_of(request), None, clock.now()
    if request.method == "POST":
        if me is None:
            return _put(request)
        try:
            made = services.want(member=me, words=request.POST.get("words", "")[:60].replace("\x00", ""), now=now)
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(
                request,
                gettext("It is on the board. You hear from us when the shop answers.")
                if made.state in OPEN
                else gettext("The shop has answered this already; here is what it said."),
            )
            return redirect("storefront:need", need_id=made.pk)
    only = request.GET.get("show", "")
    states = ANSWERED if only == "answered" else None if only == "mine" else OPEN
    page = min(id_in(request.GET.get("page")) or 1, 50)
    rows = board(
        member_id=me.pk if me else None, states=states, mine=only == "mine" and me is not None, unwanted=_unwanted(me),
        skip=(page - 1) * PAGE, limit=PAGE,
    )  # fmt: skip
    here = reverse("storefront:needs")
    tabs = [
        (gettext("Wanted"), here, only not in ("answered", "mine")),
        (gettext("Answered"), f"{here}?show=answered", only == "answered"),
    ]
    if me is not None:
        tabs.append((gettext("Mine"), f"{here}?show=mine", only == "mine"))
    context: dict[str, Any] = {
        "rows": rows,
        "tabs": tabs,
        "words": request.POST.get("words", request.GET.get("words", ""))[:60],
        "problems": problems(refusal),
        "next": f"{here}?show={only}&page={page + 1}" if len(rows) == PAGE else None,
    }
    return show(request, "finding/needs.html", context, status=422 if refusal else 200)


@members_only
def _put(request: HttpRequest) -> HttpResponse:
    return redirect("storefront:needs")


@require_http_methods(["GET", "HEAD"])
def need(request: HttpRequest, need_id: int) -> HttpResponse:
    """One need: what it is, who answered what, and whether I want it too."""
    me = viewer_of(request)
    row = need_row(need_id, member_id=me.pk if me else None, unwanted=_unwanted(me))
    if row is None:
        raise NotFound
    return show(request, "finding/need.html", {"row": row, "again": row.may_be_asked_again(clock.now())})


@members_only
@require_POST
def act(request: HttpRequest, need_id: int) -> HttpResponse:
    """I want it too, or no longer."""
    me = member_of(request)
    try:
        if request.POST.get("do") == "withdraw":
            services.withdraw(member=me, need_id=need_id)
        else:
            services.support(member=me, need_id=need_id, now=clock.now())
            messages.success(request, gettext("Noted. You hear from us when the shop answers."))
    except NotFound:
        raise
    except DomainError as refused:
        messages.error(request, " ".join(problems(refused).values()) or str(refused))
    return redirect("storefront:need", need_id=need_id)
