"""A private file on its way to whoever may have it: never shown inside a page of ours, kept by nobody on the way."""

from __future__ import annotations

from django.http import HttpResponse


def private_file(data: bytes, *, name: str, content_type: str) -> HttpResponse:
    """name: ASCII without quotes."""
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
