"""Login and devices: what identifies the member, and where they are logged in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.people.accounts.services import end_other_sessions, end_session, list_sessions


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The devices, each of which can be logged out, or all others at once, or all with this one."""
    me, now, key = member_of(request), clock.now(), request.session.session_key or ""
    if request.method != "POST":
        rows = list_sessions(me, current_key=key, now=now)
        return show(request, "community/me/sessions.html", {"rows": rows, "has_password": me.has_usable_password()})
    if request.POST.get("act") == "all":
        end_other_sessions(member=me, current_key="", now=now)
        logout(request)
        return redirect("account_login")
    if request.POST.get("act") == "others":
        ended = end_other_sessions(member=me, current_key=key, now=now)
        messages.success(
            request, ngettext("%(n)d device was logged out.", "%(n)d devices were logged out.", ended) % {"n": ended}
        )
    else:
        end_session(member=me, session_id=id_in(request.POST.get("session")) or 0, now=now)
        messages.success(request, gettext("That device is logged out."))
    return redirect("storefront:sessions")
