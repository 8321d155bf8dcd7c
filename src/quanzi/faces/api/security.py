"""Who is calling: a program with a token, a person with the shop's own session, or a visitor."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from quanzi.faces.api import errors
from quanzi.faces.api.services import recognise
from quanzi.kernel import clock
from quanzi.kernel.errors import NotAllowed
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import can

SAFE = ("GET", "HEAD", "OPTIONS")
VISITOR = "visitor"


class TokenAuth(HttpBearer):
    """`Authorization: Bearer qz_…`. A token that is not good is refused, also where visitors may come in."""

    openapi_description: ClassVar[str] = "A personal token, made at POST /me/tokens."

    def authenticate(self, request: HttpRequest, token: str) -> Member:
        found = recognise(secret=token.strip(), now=clock.now())
        if found.is_read_only and request.method not in SAFE:
            raise errors.ReadOnlyToken
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
        user = request.user
        if not isinstance(user, Member) or not user.is_authenticated:
            return None
        if request.method not in SAFE and check_csrf(request) is not None:
            raise errors.CsrfNeeded
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


def staff_of(request: HttpRequest, permission: str) -> Member:
    """The person of the staff who calls; raises NotAllowed without the permission."""
    found = member_of(request)
    if not can(found, permission):
        raise NotAllowed
    return found
