"""Who comes in where: every page of the console names the one permission that opens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from quanzi.base.audit import origin
from quanzi.base.audit import services as audit
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
    recent: sending asks for it again when the last time was long ago, and is done then. Whatever is done leaves an audit row.
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
            before = origin.written()
            response = view(request, *args, **kwargs)
            if request.method == "POST" and was_done(request, response) and origin.written() == before:
                leave_trace(request, me, kwargs)
            return response

        _guarded: Any = guarded
        _guarded.needs, _guarded.recent, _guarded.methods = needs, recent, tuple(methods)
        return guarded

    return guard


def operator_of(request: HttpRequest) -> Member:
    """The person of the staff, in a view behind a door."""
    assert isinstance(request.user, Member)
    return request.user


def refused(request: HttpRequest) -> None:
    """Noted by views that answer a refusal with a redirect and a notice."""
    request.was_refused = True  # type: ignore[attr-defined]


def was_done(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether what was sent was carried out, as far as the answer tells."""
    return response.status_code < 400 and not getattr(request, "was_refused", False)


def leave_trace(request: HttpRequest, me: Member, keys: Mapping[str, object]) -> None:
    """The audit row of an act whose service wrote none: its page, what it was about, and which fields were sent."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    about = ",".join(f"{key}:{value}" for key, value in keys.items()) or "console"
    fields = sorted(set(request.POST) - {"csrfmiddlewaretoken"})
    audit.write(actor=me, action=f"console.{name}", target=about[:100], after={"fields": fields}, now=clock.now())
