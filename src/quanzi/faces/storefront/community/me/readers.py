"""Who came through what I wrote: how many read, followed, joined, bought for the first time."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from quanzi.community.posts import policies, queries
from quanzi.faces.storefront.viewing import member_of, members_only, show, viewer_of
from quanzi.growth.insight.queries.path import ToldSteps, told_path
from quanzi.growth.insight.rules import FEW, LEAST_SHOWN, share_interval
from quanzi.growth.insight.services import note_reading
from quanzi.growth.sources.middleware import visitor_key
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound

PERIODS = (30, 90, 180)


@members_only
@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    """Sums only, and no number about fewer than a handful of people."""
    now, asked = clock.now(), request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
    path = told_path(member_of(request).pk, since=now - timedelta(days=days), until=now)
    context = {
        "path": path,
        "said": _said(path.whole),
        "least": LEAST_SHOWN,
        "tabs": [
            (ngettext("%(n)d day", "%(n)d days", one) % {"n": one}, f"{reverse('storefront:readers')}?days={one}", one == days)
            for one in PERIODS
        ],
    }  # fmt: skip
    return show(request, "community/me/readers.html", context)


@require_POST
def note(request: HttpRequest, post_id: int) -> HttpResponse:
    """The page of a post says that it was opened; nothing of it is told to anybody but as a sum."""
    me, post = viewer_of(request), queries.post_by_id(post_id)
    if post is None or not policies.may_read(me, post):
        raise NotFound
    note_reading(
        post=post, visitor_key=visitor_key(request), member_id=me.pk if me is not None else None, now=clock.now()
    )
    return HttpResponse(status=204)


def _said(whole: ToldSteps) -> str:
    """The share that followed, where it says more than chance; else that it is too early."""
    if not whole.read or whole.read < FEW:
        return gettext("Too few people yet to speak of shares.")
    if whole.followed is None:
        return gettext("A few of them follow you now.")
    low, high = share_interval(whole.followed, whole.read)
    return gettext("Of 100 who read you, between %(low)d and %(high)d go on to follow you.") % {
        "low": round(low * 100), "high": round(high * 100),
    }  # fmt: skip
