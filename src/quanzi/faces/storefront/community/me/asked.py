"""What the shop asks a member: to try a sample, to look after a station; and how far their word goes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.faces.ui.environment import problem
from quanzi.growth.spread import queries, services
from quanzi.kernel import clock
from quanzi.kernel.errors import DomainError, NotFound
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.queries import addresses
from quanzi.people.contact.models import Channel, Purpose
from quanzi.people.contact.services import allows, decide

ASKED_ABOUT = (Purpose.SAMPLES, Purpose.REACH, Purpose.LEADING)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest) -> HttpResponse:
    """Open questions first, with why; then one's reach; then what may be asked at all."""
    me = member_of(request)
    if request.method == "POST":
        try:
            return _act(request, me)
        except NotFound:
            raise
        except DomainError as refused:
            messages.error(request, problem(refused))
            return redirect("storefront:asked_me")
    context = {
        "offers": [(one, _link(request, one.link)) for one in queries.offers_of(me.pk)],
        "calls": queries.calls_of(me.pk),
        "reach": queries.reach_of(me.pk),
        "addresses": [(str(one.pk), f"{one.region_name} {one.detail}") for one in addresses(me)],
        "agreed": {str(purpose): allows(me.pk, purpose) for purpose in ASKED_ABOUT},
    }
    return show(request, "community/me/asked.html", context)


def _act(request: HttpRequest, me: Member) -> HttpResponse:
    verb, now = request.POST.get("act", ""), clock.now()
    which, yes = id_in(request.POST.get("which")) or 0, request.POST.get("say") == "yes"
    if verb == "sample":
        services.answer(seed_id=which, member=me, accept=yes, address_id=id_in(request.POST.get("address")), now=now)
        messages.success(
            request,
            gettext("Thank you. It is sent to you soon.") if yes else gettext("Good. It goes to somebody else."),
        )
    elif verb == "station":
        found = services.answer_call(call_id=which, member=me, willing=yes, now=now)
        if yes:
            return redirect(f"{reverse('storefront:leader_apply')}?{urlencode({'area': found.area})}")
        messages.success(request, gettext("Good. Nobody else is told."))
    elif verb == "allow" and request.POST.get("purpose") in {str(one) for one in ASKED_ABOUT}:
        purpose = request.POST["purpose"]
        decide(member=me, purpose=purpose, channel=Channel.NONE, granted=yes, where="asked", now=now)
        messages.success(request, gettext("Saved. It holds from now on."))
    else:
        raise NotFound
    return redirect("storefront:asked_me")


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("sources:arrive", args=[token])) if token else ""
