"""Links that carry who shared them, so that the person who comes is known to be that person's guest."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from quanzi.faces.storefront.viewing import member_of, members_only, show
from quanzi.growth.sources.models import SourceKind
from quanzi.growth.sources.services import invitation_for
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.accounts.models import Member

SHAREABLE = {"product", "maker", "deals", "discover", "post", "circle", "team", "member", "station", "record"}


def link_to(request: HttpRequest, *, member: Member, target: str, kind: str = SourceKind.SHARE, now: datetime) -> str:
    """The member's own link to a page of this shop, whole, as it stands in messages and QR codes."""
    source = invitation_for(member=member, target=target, kind=kind, now=now)
    return request.build_absolute_uri(reverse("sources:arrive", args=[source.token]))


@members_only
@require_safe
def share(request: HttpRequest) -> HttpResponse:
    """My link to a page: copy it, send it, or let somebody scan it."""
    target = _page_of(request.GET.get("to", ""))
    link = link_to(request, member=member_of(request), target=target, now=clock.now())
    return show(
        request, "shopping/share.html", {"address": link, "target": target, "text": gettext("Have a look at this")}
    )


def _page_of(address: str) -> str:
    """The path of a page that may be shared; anything else, also of another site, does not exist."""
    path = urlsplit(address[:200]).path
    try:
        found = resolve(path)
    except Resolver404 as nothing:
        raise NotFound from nothing
    if found.namespace != "storefront" or found.url_name not in SHAREABLE:
        raise NotFound
    return path
