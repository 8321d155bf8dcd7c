"""Notices on the member's devices: switched on by a press on the device itself, for purposes that are asked one by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from quanzi.faces.storefront.viewing import id_in, member_of, members_only, show
from quanzi.kernel import clock
from quanzi.kernel.errors import NotFound
from quanzi.people.contact import queries
from quanzi.people.contact.models import Channel
from quanzi.people.contact.pushing import services
from quanzi.people.contact.services import decide


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Devices that are switched on, and what may reach them."""
    me = member_of(request)
    if request.method == "POST":
        return _acted(request)
    asked = [row for row in queries.consents(me) if row.channel == Channel.PUSH]
    key = request.session.session_key or ""
    return show(request, "community/me/devices.html", {"rows": queries.devices(me, current_key=key), "asked": asked})


def _acted(request: HttpRequest) -> HttpResponse:
    me, now, act = member_of(request), clock.now(), request.POST.get("act", "")
    if act == "add":
        fields = {name: request.POST.get(name, "")[:1001] for name in ("endpoint", "p256dh", "auth")}
        services.add_device(member=me, session_key=request.session.session_key or "", now=now, **fields)
        messages.success(request, gettext("This device is switched on. Choose below what may reach it."))
    elif act == "remove":
        if not services.remove_device(member=me, device_id=id_in(request.POST.get("device")) or 0):
            raise NotFound
        messages.success(request, gettext("No more notices there."))
    elif act == "allow":
        shown, sent = set(request.POST.getlist("was")), set(request.POST.getlist("on"))
        for row in queries.consents(me):
            if row.channel == Channel.PUSH and (row.purpose in sent) != (row.purpose in shown):
                decide(
                    member=me, purpose=row.purpose, channel=Channel.PUSH, granted=row.purpose in sent, where="devices", now=now
                )  # fmt: skip
        messages.success(request, gettext("Saved. It holds from now on."))
    else:
        raise NotFound
    return redirect("storefront:devices")
