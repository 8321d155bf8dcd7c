"""Who is calling: a program with a token, a person with the shop's own session, or a visitor."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from quanzi.base.audit import origin
from quanzi.faces.api import errors, limits
from quanzi.faces.api.credentials import recognise
from quanzi.faces.api.scopes import waking
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts import second_step
from quanzi.people.accounts.middleware import person_of
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can

SAFE = ("GET", "HEAD", "OPTIONS")
VISITOR = "visitor"


class TokenAuth(HttpBearer):
    """`Authorization: Bearer …`. A token that is not good is refused, also where visitors may come in.

    scope: what the operation needs. Where visitors may come in, a token without it is answered as a visitor.
    """

    openapi_description: ClassVar[str] = (
        "A personal token, made at /me/tokens, or the access token of an app (OAuth 2)."
    )

    def __init__(self, scope: str = "", *, is_public: bool = False) -> None:
        super().__init__()
        self.scope, self.is_public = scope, is_public

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if "HTTP_AUTHORIZATION" in request.META else None

    def authenticate(self, request: HttpRequest, token: str) -> Member | str:
        limits.refuse_guessers(request)
        try:
            role_wakes_by = waking(self.scope, is_reading=request.method in SAFE)
            found = recognise(secret=token.strip(), waking=role_wakes_by, now=clock.now())
        except errors.BadToken:
            limits.note_guess(request)
            raise
        request.api_who = found.who  # type: ignore[attr-defined]  # read by limits
        origin.note_session(found.who)
        if self.scope and self.scope not in found.scopes:
            if self.is_public:
                return VISITOR
            raise errors.ScopeNeeded(scope=self.scope)
        return found.member


class SessionAuth(AuthBase):
    """The session cookie of the shop's pages. Requests that change something carry the X-CSRFToken header too."""

    openapi_type: ClassVar[str] = "apiKey"
    openapi_in: ClassVar[str] = "cookie"
    openapi_name: ClassVar[str] = "sessionid"
    openapi_description: ClassVar[str] = (
        "The session of the shop's pages (log in at /account/login/). Writing needs the X-CSRFToken header of GET /session."
    )

    def __call__(self, request: HttpRequest) -> Member | None:
        user = person_of(request)
        if not isinstance(user, Member):
            return None
        if request.method not in SAFE and check_csrf(request) is not None:
            raise errors.CsrfNeeded
        request.api_who = f"member {user.pk}"  # type: ignore[attr-defined]  # read by limits
        return user


def visitor(request: HttpRequest) -> str:
    """Lets everybody in, without a name."""
    return VISITOR


token, session = TokenAuth(), SessionAuth()
MEMBERS = [token, session]
EVERYBODY = [token, session, visitor]
PEOPLE = [session]
"""For what a token must not do: make tokens, end sessions."""


def viewer_of(request: HttpRequest) -> Member | None:
    """The member who calls; None for a visitor."""
    found = getattr(request, "auth", None)
    return found if isinstance(found, Member) else None


def member_of(request: HttpRequest) -> Member:
    """The member who calls, where visitors are not let in."""
    found = viewer_of(request)
    if found is None:
        raise errors.SignInNeeded
    return found


def sure_of(request: HttpRequest) -> Member:
    """The person who is logged in, for what lasts longer than their session. Raises SecondStepNeeded before the staff's step."""
    found = member_of(request)
    if found.staff_locked:
        raise errors.SecondStepNeeded
    return found


def staff_of(request: HttpRequest, permission: str) -> Member:
    """The person of the staff who calls; raises NotAllowed without the permission."""
    found = member_of(request)
    if not can(found, permission):
        raise NotAllowed
    return found


def is_stale(request: HttpRequest) -> bool:
    """Whether a person who has a second step took it too long ago for what is dangerous; a token cannot answer, and is not asked."""
    found = viewer_of(request)
    if found is None or not is_person(request) or second_step.is_recent(request, found, now=clock.now()):
        return False
    return second_step.is_set(found)


def is_person(request: HttpRequest) -> bool:
    """Whether the caller came with a session of the shop's pages, not with a token."""
    return str(getattr(request, "api_who", "")).startswith("member ")
