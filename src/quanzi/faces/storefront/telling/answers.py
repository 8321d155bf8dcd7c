"""Public answers that others may keep, and ask about again."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def answer_if_new(request: HttpRequest, response: HttpResponse, *, kept_for: str) -> HttpResponse:
    """A public answer with its ETag, or 304 for whoever has it already. kept_for: how long others may keep it without asking."""
    response.headers["Cache-Control"] = f"public, {kept_for}"
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:20]}"'
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
