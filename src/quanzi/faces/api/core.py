"""The API object: how it reads, refuses and describes itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, URLResolver
from django.utils import translation
from django.utils.cache import patch_vary_headers
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation, PathView
from ninja.router import BoundRouter

from quanzi.faces.api import conditions, cursors, document, errors, limits, problems
from quanzi.faces.api.addresses import by_first_word
from quanzi.faces.api.limits import CallLimit
from quanzi.faces.api.parsing import StrictParser
from quanzi.faces.api.rendering import Renderer
from quanzi.faces.api.security import MEMBERS, VISITOR, TokenAuth, token, visitor
from quanzi.kernel.errors import DomainError, NotFound

log = logging.getLogger(__name__)

DESCRIPTION = """
Everything that the shop's pages do, for programs. The same services answer both, so the rules are the same.

**Who calls.** A personal token, an app that a member let in (OAuth 2, authorization code with PKCE), or the session of the shop's
pages with `X-CSRFToken`. Tokens carry scopes; each operation names the one it needs.
**Money** is counted in minor units (fen) beside its currency. **Times** are UTC. **Lists** are pages: give `next` back as `cursor`.
**Once.** Every POST takes an `Idempotency-Key`: the same key finds the first answer; where goods or money move it is needed.
**Unchanged.** Reading answers an `ETag`; `If-None-Match` gives 304; `If-Match` on a change gives 412 when somebody was faster.
**How often.** `RateLimit` and `RateLimit-Policy` tell what is left; after that 429 with `Retry-After`.
**Refusals** are RFC 9457 problem details with a stable `code`; their words follow `Accept-Language` (zh-Hans, en).
What belongs to somebody else answers 404, as if it did not exist.
"""


class ShopApi(NinjaAPI):
    """NinjaAPI whose every answer is JSON or a problem, never a page."""

    def __init__(self) -> None:
        super().__init__(
            title="quanzi", version="1", description=DESCRIPTION.strip(), docs_url=None, urls_namespace="api",
            auth=MEMBERS, throttle=[CallLimit()], parser=StrictParser(), renderer=Renderer(),
        )  # fmt: skip

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        with translation.override("en"):
            found = super().get_openapi_schema(**kwargs)
        document.complete(found, self._operations())
        return found

    def _operations(self) -> dict[str, Operation]:
        return {
            self.get_openapi_operation_id(operation): operation
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        }

    def _get_bound_routers(self) -> list[BoundRouter]:
        is_new = self._bound_routers_cache is None
        found = super()._get_bound_routers()
        if is_new:
            for router in found:
                for view in router.path_operations.values():
                    _dress(view)
        return found

    def _get_urls(self) -> list[URLPattern | URLResolver]:
        found = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                pattern.callback = _answering(pattern.callback)
        return by_first_word(found)

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        refusal = refusal_for(exc)
        if refusal is not None:
            return problems.problem(refusal)
        if isinstance(exc, ValidationError):
            return problems.answer(
                status=422,
                code=errors.InvalidRequest.code,
                detail=problems.said(errors.InvalidRequest()),
                errors=problems.wrong_places(exc.errors),
            )
        log.error("%s %s failed", request.method, request.path, exc_info=exc)
        got_request_exception.send(sender=type(self), request=request)
        return problems.problem(errors.Unexpected())


def _dress(view: PathView) -> None:
    """What every operation of an address has: the scope that a token needs, and the conditions that a caller may set."""
    read = next((one.run for one in view.operations if "GET" in one.methods), None)
    for operation in view.operations:
        scope = document.scope_of(operation)
        is_public = visitor in operation.auth_callbacks
        operation.auth_callbacks = [
            TokenAuth(scope, is_public=is_public) if one is token else one for one in operation.auth_callbacks
        ]
        conditions.dress(operation, read)


def refusal_for(exc: BaseException) -> DomainError | None:
    """The refusal that an exception stands for; None for what nobody expected."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, Http404):
        return NotFound()
    if isinstance(exc, AuthenticationError):
        return errors.SignInNeeded()
    if isinstance(exc, Throttled):
        return errors.TooManyCalls()
    if isinstance(exc, RequestDataTooBig):
        return errors.RequestTooLarge()
    if isinstance(exc, HttpError) and isinstance(exc.__cause__, RequestDataTooBig):
        return errors.RequestTooLarge()
    if isinstance(exc, HttpError) and isinstance(exc.__cause__, DomainError):
        return exc.__cause__
    if isinstance(exc, HttpError | SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return errors.MalformedRequest()
    return None


def _answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep answers out of shared caches, say 405 as a problem, and answer HEAD as GET without its content."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_head = request.method == "HEAD"
        request.method = "GET" if is_head else request.method
        try:
            with cursors.of_list(request.path):
                response = view(request, *args, **kwargs)
        except Http404:
            response = problems.problem(errors.NoSuchAddress())
        if response.status_code == 405:
            refused = problems.problem(errors.MethodNotOffered())
            refused.headers["Allow"] = response.headers["Allow"]
            response = refused
        _mark(request, response)
        if is_head:
            request.method, response.headers["Content-Length"] = "HEAD", str(len(response.content))
            response.content = b""
        return response

    answered.csrf_exempt = True  # type: ignore[attr-defined]  # SessionAuth checks it where a session is used
    return answered


def _mark(request: HttpRequest, response: HttpResponse) -> None:
    """What stands on every answer: who may keep it, what it depends on, what is left to the caller."""
    is_anybodys = getattr(request, "auth", None) == VISITOR and "ETag" in response.headers
    response.headers["Cache-Control"] = "private, no-cache" if is_anybodys else "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    standing = getattr(request, "api_standing", None)
    if standing is not None:
        for name, value in standing.headers().items():
            response.headers[name] = value
    elif response.status_code == 429:
        response.headers["Retry-After"] = str(limits.seconds_left())
