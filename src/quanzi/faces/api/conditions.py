"""What a caller may ask of any operation: only if changed, only if unchanged, and only once.

ETag and If-None-Match on reading; If-Match where the same address can be read; Idempotency-Key on every POST whose service does
not take the key itself. And what the shop may ask: the second step again, before money moves or doors are opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import parse_etags, quote_etag
from ninja.operation import Operation

from quanzi.faces.api import answers, errors, problems, traces
from quanzi.faces.api.security import MEMBERS, is_stale, viewer_of
from quanzi.kernel import clock

KEY_HEADER, KEY = "Idempotency-Key", "HTTP_IDEMPOTENCY_KEY"
HOLDS_SECRET = "x-holds-secret"
COUNTS_MISSES = "x-counts-misses"
ASKS_AGAIN = "x-asks-again"
Run = Callable[..., Any]


def dress(operation: Operation, read: Run | None) -> None:
    """Put the conditions around an operation. read: how the same address is read, None where it is not."""
    checks, run = operation._run_checks, operation.run
    asks_again = ASKS_AGAIN in (operation.openapi_extra or {})
    keeps_posts = takes_any_key(operation, "POST")

    def dressed(request: HttpRequest, **kw: Any) -> Any:
        refused = checks(request)
        if refused is not None:
            return refused
        if asks_again and is_stale(request):
            return problems.problem(errors.ConfirmAgain())
        act: Any = partial(run, request, **kw)
        if request.method == "GET":
            return tagged(request, act())
        if traces.is_staffs(request):
            act = partial(traces.leaving, request, operation.view_func.__name__, act)
        if "HTTP_IF_MATCH" in request.META:  # `request.headers` first makes a copy of all that was sent
            act = partial(_if_unchanged, request, act, partial(read, request, **kw) if read is not None else None)
        if keeps_posts and request.method == "POST" and KEY in request.META and _is_json(request):
            act = partial(_once, request, act)
        try:
            return act()
        except (DatabaseError, SuspiciousOperation, UnreadablePostError) as accident:
            # A body too large; or a promise that the database keeps, and looks at when all is done.
            return operation.api.on_exception(request, accident)

    operation._run_checks = lambda request: None  # type: ignore[method-assign]  # done already
    operation.run = dressed  # type: ignore[method-assign]


def takes_any_key(operation: Operation, method: str) -> bool:
    """Whether answers of this operation are kept. Not where its service finds the first answer by itself, nor where
    only a person may call, or where it says so: such answers may hold a secret, or a refusal must stay counted."""
    if {HOLDS_SECRET, COUNTS_MISSES} & (operation.openapi_extra or {}).keys():
        return False
    own = any(field.alias == KEY_HEADER for model in operation.models for field in model.model_fields.values())
    return method == "POST" and not own and len(operation.auth_callbacks) == len(MEMBERS)


def tag_of(response: HttpResponse) -> str:
    """The fingerprint of what an answer says."""
    return quote_etag(hashlib.blake2b(response.content, digest_size=12).hexdigest())


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its ETag; a 304 without words for whoever has it already."""
    if response.status_code != 200:
        return response
    response.headers["ETag"] = tag = tag_of(response)
    held = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if tag in held or f"W/{tag}" in held or "*" in held:
        response.status_code, response.content = 304, b""
        del response.headers["Content-Type"]
    return response


def _is_json(request: HttpRequest) -> bool:
    """Uploads are not kept: the same picture twice does no harm."""
    return request.content_type in ("application/json", "", "text/plain")


def _if_unchanged(request: HttpRequest, act: Run, read: Run | None) -> Any:
    """Do it if what stands at the address is what the caller read. Callers who ask this wait for each other."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 412))", [request.path])
        found = read() if read is not None else None
        if found is not None and found.status_code != 200:
            return found
        held = parse_etags(request.META["HTTP_IF_MATCH"])
        if found is None or not (tag_of(found) in held or "*" in held):
            return problems.problem(errors.ChangedMeanwhile())
        return _settled(act())


def _once(request: HttpRequest, act: Run) -> HttpResponse:
    """The answer to the first request with this key; a second one at the same time waits for it."""
    me, key = viewer_of(request), request.META[KEY]
    assert me is not None
    if not answers.KEY.fullmatch(key):
        return problems.unusable_header(KEY_HEADER)
    now, digest = clock.now(), answers.digest_of(request.method or "", request.get_full_path(), request.body)
    with transaction.atomic():
        kept = answers.claim(member=me, key=key, request_digest=digest, now=now)
        if kept is None:
            response = _settled(act())
            if response.status_code < 300:
                answers.keep(member=me, key=key, status=response.status_code, body=response.content.decode())
            return response
    if kept.request_digest != digest:
        return problems.problem(errors.KeyUsedOtherwise())
    again = HttpResponse(kept.body, status=kept.status or 200, content_type="application/json; charset=utf-8")
    again.headers["Idempotency-Replayed"] = "true"
    return again


def _settled(response: HttpResponse) -> HttpResponse:
    """A refusal leaves nothing behind."""
    if response.status_code >= 400:
        transaction.set_rollback(True)
    return response
