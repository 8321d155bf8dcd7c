"""The member's own invitation link. Bringing people in pays nobody: it ties the two, and that is all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from quanzi.community.circles.queries import my_circles
from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.growth.sources.services import invitation_for
from quanzi.kernel import clock


@members_only
@require_safe
def invite(request: HttpRequest) -> HttpResponse:
    """One link for each member; asking again shows the same."""
    me = member_of(request)
    source = invitation_for(member=me, target="/", now=clock.now())
    address = request.build_absolute_uri(reverse("sources:arrive", args=[source.token]))
    return show(request, "community/me/invite.html", {"address": address, "circles": my_circles(me)})
