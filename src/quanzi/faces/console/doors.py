"""Who comes in where: every page of the console names the one permission that opens it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from quanzi.faces.ui.refusals import came_from
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can, may_use_console

ANY_ROLE = ""
"""Opens to everybody of the staff; such a page shows each of them only what their permissions allow."""

READ = ("GET", "HEAD")
WRITE = ("POST",)
FORM = ("GET", "HEAD", "POST")


def door[**P](
    needs: str, methods: Sequence[str] = READ, *, recent: bool = False
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Let in who holds the permission `needs`; lead visitors to log in, refuse everybody else (403).

    The guard keeps its permission as `needs`, so that a test can walk all addresses. The method is looked at last:
    who may not come in does not learn what a page accepts. Staff without the second step are led to it;
    recent: sending asks for it again when the last time was long ago, and is done then.
    """

    def guard(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            me = request.user
            if not isinstance(me, Member):
                return redirect_to_login(request.get_full_path() if request.method == "GET" else came_from(request))
            if me.staff_locked:
                return second_step.lead(request, me)
            if not (can(me, needs) if needs else may_use_console(me)):
                raise NotAllowed()
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if recent and request.method == "POST" and not second_step.is_recent(request, me, now=clock.now()):
                return second_step.ask_again(request, me)
            return view(request, *args, **kwargs)

        _guarded: Any = guarded
        _guarded.needs, _guarded.recent = needs, recent
        return guarded

    return guard


def operator_of(request: HttpRequest) -> Member:
    """The person of the staff, in a view behind a door."""
    assert isinstance(request.user, Member)
    return request.user
