"""The second step of a login: whether it is set, whether this session took it, and when.

Every member may set one; the staff must. A session of the staff that has not taken it is *locked*: `policies.can` answers no to
everything, so pages, back room and API are closed alike until it is taken.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from urllib.parse import urlencode

from allauth.account import app_settings as allauth_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from quanzi.people.accounts.models import Member

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
WORKDAY = timedelta(hours=12)
"""How long a second step opens the doors of the staff; then the session is locked until it is taken again, however busy it was."""

RECENT = timedelta(minutes=15)
"""How long a second step opens the dangerous acts: refunds, exports, roles, limits of money."""

GO_ON = "after_second_step"
"""In the session: where somebody wanted to go who was led to set a second step first."""


def is_set(member: Member) -> bool:
    """Whether the member has a passkey or an authenticator."""
    return bool(Authenticator.objects.filter(user=member, type__in=FACTORS).exists())


def is_excused(member: Member) -> bool:
    """People whom the demo shop made up, in the demo shop only: their password is public, and nothing there is real."""
    return bool(settings.QUANZI_DEMO and member.is_demo)


def taken_at(request: HttpRequest, member: Member) -> float | None:
    """When this session last took the member's second step, in Unix seconds."""
    moments = [row["at"] for row in get_authentication_records(request, member) if row.get("method") == "mfa"]
    return max(moments, default=None)


def is_fresh(request: HttpRequest) -> bool:
    """Whether who this session belongs to was shown, by a login or again, within the time in which allauth asks nothing twice."""
    moments = [row["at"] for row in get_authentication_records(request, request.user)]
    return bool(time.time() - max(moments, default=0) < allauth_settings.REAUTHENTICATION_TIMEOUT)


def is_locked(request: HttpRequest, member: Member) -> bool:
    """Whether the staff's permissions sleep in this session: the step was not taken, or not within this working day."""
    if not member.is_staff or is_excused(member):
        return False
    moment = taken_at(request, member)
    return moment is None or time.time() - moment > WORKDAY.total_seconds()


def is_recent(request: HttpRequest, member: Member, *, now: datetime) -> bool:
    """Whether the second step was taken lately enough for a dangerous act."""
    moment = taken_at(request, member)
    return is_excused(member) or (moment is not None and now.timestamp() - moment < RECENT.total_seconds())


def lead(request: HttpRequest, member: Member, *, to: str = "") -> HttpResponse:
    """The way on for a locked session: take the step, or set one first; then `to`, or what was asked for here."""
    if is_set(member):
        way = f"{reauthentication_page(member)}?{urlencode({'next': to})}"
        return redirect(way) if to else ask_again(request, member)
    if to or request.method in ("GET", "HEAD"):
        request.session[GO_ON] = to or request.get_full_path()
    return redirect("mfa_index")


def ask_again(request: HttpRequest, member: Member) -> HttpResponse:
    """Take the step again; what was sent is done then."""
    response: HttpResponse = suspend_request(request, reauthentication_page(member))
    return response


def reauthentication_page(member: Member) -> str:
    """Where the member takes the step again: by code, or by passkey when there is no authenticator."""
    kinds = set(Authenticator.objects.filter(user=member).values_list("type", flat=True))
    by_code = Authenticator.Type.TOTP in kinds or Authenticator.Type.WEBAUTHN not in kinds
    return reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")
