"""Keeps the member's list of devices true while they browse, and the staff's permissions asleep before the second step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from quanzi.base.audit import origin
from quanzi.kernel.clock import now as clock_now
from quanzi.kernel.ids import new_code
from quanzi.people.accounts import second_step, services
from quanzi.people.accounts.models import Member, MemberSession
from quanzi.people.accounts.sessions import member_of

MARK = "member_session"
"""In the session: which row of the list this is, its key when last written, and when (Unix seconds)."""

LANGUAGE_MARK = "member_language"
LANGUAGE_LASTS = timedelta(days=365)
WRITE_EVERY = timedelta(minutes=10)


class MemberSessionMiddleware:
    """Writes "last seen" at most once in ten minutes, and the new key when a password change rotated it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session: SessionBase | None = getattr(request, "session", None)
        # Pages that never looked at the session (and stay cacheable for everybody) are left alone.
        if session is not None and session.accessed and SESSION_KEY in session and MARK in session:
            self._keep(session)
            language = session.pop(LANGUAGE_MARK, "")
            if language:
                response.set_cookie(
                    settings.LANGUAGE_COOKIE_NAME, language, max_age=LANGUAGE_LASTS, path=settings.LANGUAGE_COOKIE_PATH,
                    samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
                )  # fmt: skip
        return response

    def _keep(self, session: SessionBase) -> None:
        now = clock_now()
        row_id, key, seen = session[MARK]
        if key == session.session_key and now.timestamp() - seen < WRITE_EVERY.total_seconds():
            return
        services.note_seen(session_id=row_id, session_key=session.session_key or "", now=now)
        session[MARK] = [row_id, session.session_key, now.timestamp()]


class SecondStepMiddleware:
    """Locks the permissions of the staff in sessions that have not taken the second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Lazily: pages that never ask who is there stay cacheable for everybody.
        found = cache(partial(self._known, request))
        request.user = SimpleLazyObject(found)  # type: ignore[assignment]
        request.person = found  # type: ignore[attr-defined]  # read by person_of
        return self.get_response(request)

    def _known(self, request: HttpRequest) -> object:
        user = member_of(request) or get_user(request)
        if isinstance(user, Member):
            user.staff_locked = second_step.is_locked(request, user)
            origin.note_session(f"session:{request.session.get(MARK, ['?'])[0]}")
        return user


def person_of(request: HttpRequest) -> object:
    """Who came with the request, as themselves: each look at `request.user` goes through a stand-in."""
    return request.person()  # type: ignore[attr-defined]  # set by SecondStepMiddleware


class OriginMiddleware:
    """Audit rows of a request say from which address it came, and belong together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origin.coming_from(lambda: origin.Origin(ip=get_client_ip(request) or "", request_id=new_code(12))):
            return self.get_response(request)


def remember(session: SessionBase, row: MemberSession, language: str, now: datetime) -> None:
    """Note in the session which row of the list it is, and the language of the profile for the answer to carry."""
    session[MARK] = [row.pk, row.session_key, now.timestamp()]
    if language:
        session[LANGUAGE_MARK] = language
