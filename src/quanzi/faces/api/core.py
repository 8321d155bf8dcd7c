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
from ninja.operation import Operation

from quanzi.faces.api import document, errors, problems
from quanzi.faces.api.limits import CallLimit
from quanzi.faces.api.parsing import StrictParser
from quanzi.faces.api.security import MEMBERS
from quanzi.kernel.errors import DomainError, NotFound

log = logging.getLogger(__name__)

DESCRIPTION = """
Everything that the shop's pages do, for programs. The same services answer both, so the rules are the same.

**Who calls.** A personal token (`Authorization: Bearer qz_…`), or the session of the shop's pages with `X-CSRFToken`.
**Money** is counted in minor units (fen) beside its currency. **Times** are UTC. **Lists** are pages: give `next` back as `before`
or `after`. **Writes that order or move money** take an `Idempotency-Key`: the same key finds the first answer.
**Refusals** are RFC 9457 problem details with a stable `code`; their words follow `Accept-Language` (zh-Hans, en).
What belongs to somebody else answers 404, as if it did not exist.
"""


class ShopApi(NinjaAPI):
    """NinjaAPI whose every answer is JSON or a problem, never a page."""

    def __init__(self) -> None:
        super().__init__(
            title="quanzi", version="1", description=DESCRIPTION.strip(), docs_url=None, urls_namespace="api",
            auth=MEMBERS, throttle=[CallLimit()], parser=StrictParser(),
        )  # fmt: skip

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        with translation.override("en"):
            found = super().get_openapi_schema(**kwargs)
        operations = [
            (self.get_openapi_operation_id(operation), operation)
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        ]
        document.complete(found, operations)
        return found

    def _get_urls(self) -> list[URLPattern | URLResolver]:
        found = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                pattern.callback = _answering(pattern.callback)
        return found

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
    if isinstance(exc, HttpError | SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return errors.MalformedRequest()
    return None


def _answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep answers out of shared caches, and say 405 as a problem."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = problems.problem(errors.NoSuchAddress())
        if response.status_code == 405:
            refused = problems.problem(errors.MethodNotOffered())
            refused.headers["Allow"] = response.headers["Allow"]
            response = refused
        response.headers["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
        return response

    answered.csrf_exempt = True  # type: ignore[attr-defined]  # SessionAuth checks it where a session is used
    return answered
