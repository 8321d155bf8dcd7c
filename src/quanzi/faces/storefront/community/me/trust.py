"""The circle of trust: who is near, why, and how to change it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quanzi.faces.storefront.community.me.drawing import trust_map_of
from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.contact.models import Purpose
from quanzi.people.contact.services import allows
from quanzi.people.safety.queries import blocks_of, mutes_of
from quanzi.people.trust import queries, rules, services
from quanzi.people.trust.models import TieKind


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def trust(request: HttpRequest) -> HttpResponse:
    """Requests that wait first, then the map and the list, the strongest first. A POST answers a request."""
    me, now = member_of(request), clock.now()
    if request.method == "POST":
        return _answer(request, me)
    everybody = queries.circle_of_trust(me, now)
    people = [one for one in everybody if one.steps]
    context = {
        "asked": queries.requests_to(me),
        "sent": queries.requests_from(me),
        "people": people,
        "tied_alone": [one for one in everybody if not one.steps],
        "near": sum(one.steps == 1 for one in people),
        "map": trust_map_of(people),
        "kept_away": len(blocks_of(me)) + len(mutes_of(me)),
        "is_used": allows(me.pk, Purpose.RECOMMENDATION),
        "is_shown": allows(me.pk, Purpose.SOCIAL_PROOF),
    }
    return show(request, "community/me/trust.html", context)


@members_only
@require_POST
def act(request: HttpRequest, member_id: int) -> HttpResponse:
    """Hide a tie, leave it out of recommending, name it, or take it back."""
    me, now, verb = member_of(request), clock.now(), request.POST.get("act", "")
    other = get_object_or_404(Member, pk=member_id)
    if verb == "look":
        services.set_hidden(member=me, target=other, hidden=request.POST.get("hidden") == "on", now=now)
        messages.success(request, gettext("Saved. It holds from now on."))
    elif verb == "use":
        services.set_used(member=me, target=other, used=request.POST.get("unused") != "on", now=now)
        messages.success(request, gettext("Saved. It holds from now on."))
    elif verb == "label":
        services.set_label(member=me, target=other, label=request.POST.get("label", "")[:60], now=now)
        messages.success(request, gettext("Saved. Only you read this word."))
    elif verb == "withdraw":
        services.withdraw_tie(member=me, target=other, now=now)
        messages.success(request, gettext("The tie to %(name)s is taken back.") % {"name": other.name})
    else:
        raise NotFound
    return redirect("storefront:trust")


@members_only
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """The formula in words, with the very numbers that the program uses."""
    labels = dict(TieKind.choices)
    weights = [(labels[kind], round(rule.base * 100), round(rule.stays * 100)) for kind, rule in rules.WEIGHTS.items()]
    return show(request, "community/me/how.html", {"weights": weights, "half": round(rules.STEP_FACTOR * 100)})


@members_only
@require_safe
def away(request: HttpRequest) -> HttpResponse:
    """People whom the member blocked or muted, to take it back."""
    me = member_of(request)
    return show(request, "community/me/away.html", {"blocks": blocks_of(me), "mutes": mutes_of(me)})


def _answer(request: HttpRequest, me: Member) -> HttpResponse:
    accept = request.POST.get("act") == "accept"
    services.answer_tie(
        request_id=id_in(request.POST.get("request")) or 0, member=me, accept=accept,
        label=request.POST.get("label", "")[:60], now=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("You are tied now.") if accept else gettext("Declined. Nobody is told."))
    return redirect("storefront:trust")
