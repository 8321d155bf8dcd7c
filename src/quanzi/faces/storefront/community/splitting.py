"""One circle or several: the host looks at a cut and decides, members choose where they are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.community.circles.models import Circle
from quanzi.faces.storefront.community.feed import circle_or_404
from quanzi.faces.storefront.forms import problems
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.growth.splitting import errors, policies, queries, services
from quanzi.growth.splitting.queries import SplitPage
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotAllowed, NotFound
from quanzi.people.accounts.models import Member


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever looks after the circle sees each cut, its people those that were made; for others this page does not exist."""
    me, circle, now = member_of(request), circle_or_404(slug), clock.now()
    page, refusal, sure = queries.split_page(circle, me, now=now), None, ""
    if request.method == "POST":
        try:
            _act(request, circle, me)
            return redirect("storefront:circle_split", slug=slug)
        except errors.SureNeeded:
            sure = request.POST.get("act", "")
        except (NotFound, NotAllowed):
            raise
        except DomainError as refused:
            refusal = refused
    context: dict[str, Any] = {
        "circle": circle, "page": page, "look": queries.look_of(circle), "least": services.least_members(),
        "keeps": policies.may_look(me, circle), "sure": sure, "sent": _typed(request, page), "problems": problems(refusal),
    }  # fmt: skip
    return show(request, "community/split.html", context, status=refusal.status if refusal else 200)


def _act(request: HttpRequest, circle: Circle, me: Member) -> None:
    now, act, split_id = clock.now(), request.POST.get("act", ""), id_in(request.POST.get("split")) or 0
    is_sure = request.POST.get("sure") == "yes"
    if act == "look":
        services.ask_to_look(circle=circle, by=me, now=now)
        messages.success(request, gettext("We are looking. Come back in a minute."))
        return
    if act == "lead":
        agrees = request.POST.get("agrees") == "yes"
        services.answer_leading(part_id=id_in(request.POST.get("part")) or 0, member=me, agrees=agrees, now=now)
        thanks = gettext("Thank you. The circle is yours to look after.")
        messages.success(request, thanks if agrees else gettext("All right. Somebody else is found."))
        return
    page = queries.split_page(circle, me, now=now)
    if page is None or page.id != split_id:
        raise errors.NothingToDecide
    if act == "choose":
        chosen = [id_in(one) or 0 for one in request.POST.getlist("part")]
        services.choose(split_id=split_id, member=me, part_ids=chosen, now=now)
        messages.success(request, gettext("So it is. You may change it as long as the days last."))
    elif act == "split":
        sent = _typed(request, page)
        services.split_circle(
            split_id=split_id, by=me, names=sent["names"], leaders=sent["leaders"], sure=is_sure, now=now
        )
        messages.success(request, gettext("The new circles stand. Everybody is being told."))
    elif act == "decline":
        services.decline(split_id=split_id, by=me, now=now)
        messages.success(request, gettext("The circle stays whole."))
    elif act == "undo":
        services.undo(split_id=split_id, by=me, sure=is_sure, now=now)
        messages.success(request, gettext("This is one circle again."))
    else:
        raise NotFound


def _typed(request: HttpRequest, page: SplitPage | None) -> dict[str, dict[int, Any]]:
    """Names and leaders as they were sent, for the parts there are."""
    names: dict[int, Any] = {}
    leaders: dict[int, Any] = {}
    for part in page.parts if page is not None and request.method == "POST" else []:
        if f"name-{part.id}" in request.POST:
            names[part.id] = request.POST[f"name-{part.id}"].replace("\x00", "")[:60]
        if f"leader-{part.id}" in request.POST:
            leaders[part.id] = id_in(request.POST[f"leader-{part.id}"])
    return {"names": names, "leaders": leaders}
