"""Who is calling, and tokens for programs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router

from quanzi.faces.api import errors, services
from quanzi.faces.api.document import asks_again, refuses
from quanzi.faces.api.models import ApiToken
from quanzi.faces.api.schemas.common import Id
from quanzi.faces.api.schemas.people import NewTokenOut, SessionOut, TokenIn, TokenOut
from quanzi.faces.api.security import EVERYBODY, PEOPLE, member_of, sure_of, viewer_of
from quanzi.kernel import clock
from quanzi.people.accounts.policies import permissions_of
from quanzi.people.accounts.queries import card_of

router = Router(tags=["session"])


@router.get("/session", auth=EVERYBODY, response=SessionOut, summary="Who is calling")
def get_session(request: HttpRequest) -> dict[str, Any]:
    """The member behind the token or the session cookie; null for a visitor. Logging in is done on the shop's pages."""
    me = viewer_of(request)
    by_session = request.user.is_authenticated
    return {
        "member": card_of(me) if me is not None else None,
        "permissions": sorted(permissions_of(me)),
        "csrf_token": get_token(request) if by_session else "",
    }


@router.delete("/session", auth=PEOPLE, response={204: None}, summary="Log out")
def end_this_session(request: HttpRequest) -> None:
    """Ends the session of the cookie; tokens stay good."""
    logout(request)


@router.get("/me/tokens", response=list[TokenOut], summary="My tokens")
def list_tokens(request: HttpRequest) -> list[ApiToken]:
    """Tokens that still open something, newest first. Their secrets are not kept."""
    return services.tokens_of(member=member_of(request), now=clock.now())


@router.post(
    "/me/tokens",
    auth=PEOPLE,
    response={201: NewTokenOut},
    summary="Make a token",
    openapi_extra=asks_again(
        refuses(errors.SecondStepNeeded, errors.TooManyTokens, errors.TokenNameNeeded, errors.BadLifetime)
    ),
)
def make_token(request: HttpRequest, body: TokenIn) -> dict[str, Any]:
    """A new personal token. Only a person who is logged in makes one; a token cannot. Its secret is told once."""
    token, secret = services.make_token(member=sure_of(request), now=clock.now(), **body.model_dump())
    shown = ("id", "name", "scopes", "made_at", "expires_at", "used_at")
    return {"secret": secret, **{name: getattr(token, name) for name in shown}}


@router.delete(
    "/me/tokens/{token_id}",
    response={204: None},
    summary="Take a token back",
    openapi_extra=refuses(errors.TokenNotFound),
)
def revoke_token(request: HttpRequest, token_id: Id) -> None:
    """It opens nothing from this moment."""
    services.revoke_token(member=member_of(request), token_id=token_id, now=clock.now())
