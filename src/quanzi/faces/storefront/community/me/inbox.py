"""Messages: what the member must know about their own affairs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.contact.queries import PAGE, notices
from quanzi.people.contact.services import mark_read


@members_only
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Newest first; unread ones carry a dot until they are opened or all marked as read."""
    rows = notices(member_of(request), before_id=id_in(request.GET.get("before")))
    older = f"{reverse('storefront:messages')}?before={rows[-1].id}" if len(rows) == PAGE else None
    return show(request, "community/me/inbox.html", {"rows": rows, "older": older})


@members_only
@require_safe
def follow(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Open a message: it is read now, and leads to what it is about. Only pages of this shop are led to."""
    me = member_of(request)
    row = next((one for one in notices(me, before_id=notice_id + 1, limit=1) if one.id == notice_id), None)
    if row is None:
        raise NotFound
    if request.method == "GET":
        mark_read(member=me, notice_ids=[notice_id], now=clock.now())
    is_here = row.link.startswith("/") and not row.link.startswith("//")
    return redirect(row.link if is_here else "storefront:messages")


@members_only
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(member=member_of(request), now=clock.now())
    return redirect("storefront:messages")
