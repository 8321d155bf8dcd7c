"""The admin back room: who comes in, and its own content security policy, since its theme evaluates expressions in attributes."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.csp import CSP

from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_use_console

PREFIX = "/backroom/"
_POLICY = {
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}


def backroom_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: widen the policy below /backroom/, where only staff come."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(PREFIX):
            response._csp_config = settings.SECURE_CSP | _POLICY  # type: ignore[attr-defined]
        return response

    return answer


def may_enter(request: HttpRequest) -> bool:
    """Whoever of the staff has taken the second step; what they may look at is decided record by record."""
    return may_use_console(request.user)


def way_in(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Instead of the admin's own login: the shop's login, or the second step, and back."""
    me, wanted = request.user, request.GET.get("next", "")
    wanted = wanted if wanted.startswith(PREFIX) else PREFIX
    if not isinstance(me, Member):
        return redirect_to_login(wanted)
    if not me.is_staff:
        raise PermissionDenied
    if not me.staff_locked:
        return redirect(wanted)
    return second_step.lead(request, me, to=wanted)
