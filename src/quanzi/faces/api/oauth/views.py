"""The doors of OAuth 2 (RFC 6749, 7636, 7009, 8414, 9700): asking a member, giving and taking back tokens.

The protocol is django-allauth's; here stands what we ask beyond it: PKCE by S256 always, a code that is good once however many
processes are asked, a refresh token whose second use ends the access, rights of the staff only from the staff.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc import views as library
from allauth.idp.oidc.internal.oauthlib.utils import respond_html_error
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from oauthlib.oauth2.rfc6749.errors import InvalidRequestFatalError

from quanzi.faces.api import limits
from quanzi.faces.api.credentials import digest_of
from quanzi.faces.api.oauth import services
from quanzi.faces.api.scopes import SCOPES, STAFF
from quanzi.kernel import clock
from quanzi.people.accounts import second_step
from quanzi.people.accounts.models import Member
from quanzi.people.accounts.policies import may_use_console

CALLS = 60
"""Calls a minute to give or take back tokens, from one address, by process."""


class Authorize(library.AuthorizationView):  # type: ignore[misc]  # the library has no types
    """The page on which a member lets an app in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the library refuses without a way back to the app, it says with 200: a page that is not the asking one."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        is_told = response.status_code == 200 and not isinstance(response, TemplateResponse)
        return _refused(response) if is_told else response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("code_challenge_method") != "S256" or not request.GET.get("code_challenge"):
            return _refused(respond_html_error(request, error=InvalidRequestFatalError("PKCE with S256 is needed.")))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The staff takes the second step again: an app is not asked later on."""
        me = request.user
        if isinstance(me, Member) and may_use_console(me) and not second_step.is_recent(request, me, now=clock.now()):
            return second_step.ask_again(request, me)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_form_kwargs()
        if not may_use_console(self.request.user):
            found["requested_scopes"] = [one for one in found["requested_scopes"] if one not in STAFF]
        return found

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The browser may follow the form to where the app waits, and nowhere else."""
        there = urlsplit(self._request_info["redirect_uri"])
        context["returns_to"] = there.netloc or f"{there.scheme}:"
        response: HttpResponse = super().render_to_response(context, **kwargs)
        source = f"{there.scheme}://{there.netloc}" if there.netloc else f"{there.scheme}:"
        response._csp_config = {**settings.SECURE_CSP, "form-action": [CSP.SELF, source]}  # type: ignore[attr-defined]
        response.headers["Cache-Control"] = "private, no-store"
        return response


authorize = Authorize.as_view()


def _refused(response: HttpResponse) -> HttpResponse:
    response.status_code = 400
    return response


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A code, or a refresh token, becomes an access token. Two requests with the same one wait for each other.

    Each is good once: whoever shows one again that was used has a copy, and all access that the two gave ends.
    """
    if _is_too_often(request):
        return _too_often()
    secret = request.POST.get("refresh_token") or request.POST.get("code") or ""
    digest, now = digest_of(secret), clock.now()
    with transaction.atomic():
        _alone(digest)
        before = Token.objects.filter(type=Token.Type.REFRESH_TOKEN, hash=digest).first()
        response: HttpResponse = library.token(request)
        if response.status_code == 200:
            given = before or _given_by(response)
            services.note_spent(digest=digest, client_id=given.client_id, member_id=given.user_id, now=now)
        elif before is None:
            services.end_if_spent(digest=digest, now=now)
    return response


def _given_by(response: HttpResponse) -> Token:
    """The access token that a code has just become."""
    found: Token = Token.objects.get(hash=digest_of(json.loads(response.content)["access_token"]))
    return found


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """An app gives its access back. With the refresh token everything of the two ends (RFC 7009)."""
    if _is_too_often(request):
        return _too_often()
    with transaction.atomic():
        refresh = Token.objects.filter(
            type=Token.Type.REFRESH_TOKEN, hash=digest_of(request.POST.get("token", ""))
        ).first()
        response: HttpResponse = library.revoke(request)
        if refresh is not None and response.status_code == 200:
            services.end_access(client_id=refresh.client_id, member_id=refresh.user_id)
    return response


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """Where the doors are (RFC 8414)."""
    response = JsonResponse(
        {
            "issuer": request.build_absolute_uri("/").rstrip("/"),
            "authorization_endpoint": request.build_absolute_uri(reverse("idp:oidc:authorization")),
            "token_endpoint": request.build_absolute_uri(reverse("idp:oidc:token")),
            "revocation_endpoint": request.build_absolute_uri(reverse("idp:oidc:revoke")),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "service_documentation": request.build_absolute_uri(reverse("api_docs:start")),
        }
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _alone(digest: str) -> None:
    """Wait for whoever redeems the same secret; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7636))", [digest])


def _is_too_often(request: HttpRequest) -> bool:
    return limits.visitors.add(f"oauth {limits.address_of(request)}") > CALLS


def _too_often() -> JsonResponse:
    refused = JsonResponse({"error": "temporarily_unavailable", "error_description": "Too many requests."}, status=429)
    refused.headers["Retry-After"] = str(limits.seconds_left())
    return refused
